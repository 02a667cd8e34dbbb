#pragma once
// A flow file on disk that names network and data, and whatever a test adds.

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/flow_options.hpp"

namespace memspice::testing {

class FlowFile {
 public:
  explicit FlowFile(const std::string& more) : path_(folder_.path() / "flow.toml") {
    write_file(path_,
               "[network]\nfile = \"net.onnx\"\n[data]\nimages = \"t.gz\"\nlabels = \"l.gz\"\n"
               "calibration_images = \"c.gz\"\ncalibration_labels = \"d.gz\"\n" +
                   more);
  }
  config::FlowOptions load(const config::Overrides& overrides = {}) const {
    return config::load_flow(path_, overrides);
  }
  /// What loading complains of, or "accepted".
  std::string message(const config::Overrides& overrides = {}) const {
    try {
      load(overrides);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  }
  /// Whether the complaint about one assignment holds `words`; a failed check if not.
  bool tells(const std::string& assignment, const std::string& words) const {
    const std::string told = message({assignment});
    INFO(told);
    CHECK(told.find(words) != std::string::npos);
    return told.find(words) != std::string::npos;
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path path_;
};

}  // namespace memspice::testing
