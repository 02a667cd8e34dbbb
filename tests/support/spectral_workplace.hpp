#pragma once
// A folder with 40 random images of 8 x 8 pixels and three classes in IDX, spectral networks for
// them, and a flow.

#include <filesystem>
#include <string>

#include "base/files.hpp"
#include "spectral/spectral_networks.hpp"

namespace memspice::test {

class SpectralWorkplace {
 public:
  SpectralWorkplace() {
    write_images();
    write_file(flow(),
               "[network]\nfile = \"net_s4_d4.onnx\"\n[spectral]\nimage = 8\npooled = [4]\n"
               "depths = [4]\nclassifier = [3]\nfactors = [0.5]\ntrained = \"net_*.onnx\"\n"
               "max_accuracy_loss = 1\n[data]\nimages = \"images\"\nlabels = \"labels\"\n"
               "[fidelity]\ndefault = \"float\"\n");
  }
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path flow() const { return folder() / "flow.toml"; }

  /// One layer of random kernels as net_NAME.onnx.
  void train(int size, int depth, const std::string& name) const {
    spectral::Architecture shape;
    shape.name = name;
    shape.image = 8;
    shape.layers = {{.size = size, .pooled = size, .channels_in = 1, .channels_out = depth}};
    shape.classifier = {3};
    spectral::save_spectral(spectral_test::random_network(shape, 3),
                            folder() / ("net_" + name + ".onnx"));
  }

 private:
  static std::string big_endian(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
    return bytes;
  }
  void write_images() const {
    constexpr int images = 40, side = 8;
    std::mt19937 random(5);
    std::string pixels =
        big_endian(0x803) + big_endian(images) + big_endian(side) + big_endian(side);
    for (int k = 0; k < images * side * side; ++k) pixels += static_cast<char>(random() % 256);
    std::string labels = big_endian(0x801) + big_endian(images);
    for (int k = 0; k < images; ++k) labels += static_cast<char>(random() % 3);
    write_file(folder() / "images", pixels);
    write_file(folder() / "labels", labels);
  }

  TemporaryFolder folder_;
};

}  // namespace memspice::test
