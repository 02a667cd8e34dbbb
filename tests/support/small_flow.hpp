#pragma once
// A flow of a few numbers on disk: a network of one layer, images and labels, all made by the test.

#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "config/flow_options.hpp"

namespace memspice::test {

/// Images of 3 x 4 pixels through one layer: a product (W: n_out x 12) behind a Flatten, or, with
/// is_map, a 1 x 1 convolution (W: n_out x 1) that keeps the pixels.
struct SmallNetwork {
  std::vector<std::vector<float>> W;
  std::vector<float> b;
  std::string activation = {};      ///< an ONNX operator, "Sigmoid"; empty: none
  std::vector<float> divisor = {};  ///< of each output, behind all; empty: none
  bool is_map = false;
  bool is_flat = false;      ///< takes 12 values, without a Flatten
  bool takes_bytes = false;  ///< an input of uint8, cast to float
  std::string onnx() const;  ///< the file's bytes
};

using Pixels = std::vector<unsigned char>;

/// An IDX file of 3 x 4 images, or of labels.
std::string idx_images(const std::vector<Pixels>& images);
std::string idx_labels(const std::vector<unsigned char>& labels);

/// The files of a flow; a test changes them and loads it.
class SmallFlow {
 public:
  SmallFlow(const SmallNetwork& network,
            const std::vector<Pixels>& images,
            const std::vector<unsigned char>& labels);

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path file() const { return folder() / "flow.toml"; }
  void write(const std::string& name, const std::string& content) const;

  /// Float throughout, unless `overrides` say otherwise; results in the same folder.
  config::FlowOptions load(const config::Overrides& overrides = {}) const;

 private:
  TemporaryFolder folder_;
};

}  // namespace memspice::test
