// What a flow file from somebody else may name.
#include "config/trust.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "base/files.hpp"

using namespace memspice;
using namespace memspice::config;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

/// A flow in a folder `flows` of its own, beside a folder `elsewhere`.
class Foreign {
 public:
  explicit Foreign(const std::string& more) {
    fs::create_directories(folder_.path() / "elsewhere");
    write_file(file(),
               "[network]\nfile = \"net.onnx\"\n[data]\nimages = \"t.gz\"\nlabels = \"l.gz\"\n"
               "calibration_images = \"c.gz\"\ncalibration_labels = \"d.gz\"\n" +
                   more);
  }
  fs::path file() const { return folder_.path() / "flows" / "flow.toml"; }
  fs::path elsewhere() const { return folder_.path() / "elsewhere"; }
  std::string message(const Overrides& overrides = {}, Trust trust = Trust::Stranger) const {
    try {
      load_flow(file(), overrides, "", trust);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  }

 private:
  TemporaryFolder folder_;
};

struct Environment {
  Environment(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  ~Environment() { ::unsetenv(name_); }
  const char* name_;
};

}  // namespace

TEST_CASE("a flow file cannot name code to load, its user can", "[config][trust]") {
  for (const char* library : {"/tmp/evil.so", "evil.so", "./evil.so", "../evil.so", "libm.so.6"}) {
    const Foreign flow("[spice]\nlibrary = \"" + std::string(library) + "\"\n");
    CHECK_THAT(flow.message(),
               Contains("flow.toml:9:") && Contains("spice.library") && Contains(library) &&
                   Contains("--trust"));
    CHECK(flow.message({}, Trust::User) == "accepted");
    CHECK(flow.message({"spice.library=mine.so"}) == "accepted");
  }
  // The default named again is no news.
  CHECK(Foreign("[spice]\nlibrary = \"libngspice.so.0\"\n").message() == "accepted");
  CHECK(load_flow(Foreign("").file(), {"spice.library=mine.so"}).spice.library == "mine.so");
}

TEST_CASE("a variant's key is the file's word as well", "[config][trust]") {
  const Foreign flow("[[variant]]\nname = \"a\"\nspice.library = \"/tmp/evil.so\"\n");
  CHECK_THROWS_AS(load_flow(flow.file(), {}, "a"), InputError);
  CHECK_THROWS_AS(load_variants(flow.file()), InputError);
  CHECK_NOTHROW(load_variants(flow.file(), {}, Trust::User));
  const Foreign store("[[variant]]\nname = \"a\"\nstore.path = \"../elsewhere/s\"\n");
  CHECK_THROWS_AS(load_variants(store.file()), InputError);
}

TEST_CASE("the environment's libngspice beats the file and yields to --set", "[config][trust]") {
  const Foreign flow("[spice]\nworkers = 1\n");
  const Environment library("MEMSPICE_NGSPICE", "/opt/libngspice.so");
  CHECK(load_flow(flow.file()).spice.library == "/opt/libngspice.so");
  CHECK(load_flow(flow.file(), {"spice.library=mine.so"}).spice.library == "mine.so");
}

TEST_CASE("a flow file's store stays below its folder", "[config][trust]") {
  for (const char* path : {"s.sqlite", "deep/s.sqlite", "./s", "deep/../s.sqlite"}) {
    CHECK(Foreign("[store]\npath = \"" + std::string(path) + "\"\n").message() == "accepted");
  }
  for (const char* path : {"../s.sqlite",
                           "../elsewhere/s",
                           "/tmp/s.sqlite",
                           "deep/../../s",
                           ".",
                           "deep/../../flows2/s"}) {
    const Foreign flow("[store]\npath = \"" + std::string(path) + "\"\n");
    INFO(path);
    CHECK_THAT(flow.message(), Contains("store.path") && Contains("--trust"));
    CHECK(flow.message({}, Trust::User) == "accepted");
  }
  const Foreign flow("[store]\npath = \"s\"\n");
  CHECK(flow.message({"store.path=/tmp/s.sqlite"}) == "accepted");
}

TEST_CASE("links do not lead a store out of the flow's folder", "[config][trust]") {
  const Foreign flow("[store]\npath = \"inside/s.sqlite\"\n");
  fs::create_directory_symlink(flow.elsewhere(), flow.file().parent_path() / "inside");
  CHECK_THAT(flow.message(), Contains("store.path"));
  const Foreign link("[store]\npath = \"s.sqlite\"\n");
  fs::create_symlink(link.elsewhere() / "s", link.file().parent_path() / "s.sqlite");
  CHECK_THAT(link.message(), Contains("store.path"));
}
