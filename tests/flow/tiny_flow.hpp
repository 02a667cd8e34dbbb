#pragma once
// A network of two layers with weights, its images and a flow file, all written by the test.
//
// 4 x 4 image -> conv 3x3, 2 channels -> ReLU -> (depthwise 3x3 ->) flatten -> fc, 3 outputs

#include <bit>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/random.hpp"
#include "config/flow_options.hpp"

namespace memspice::testing {

/// Just enough of protobuf's wire format to write an ONNX file.
class Message {
 public:
  Message& number(int field, std::uint64_t value) {
    varint(static_cast<std::uint64_t>(field) << 3);
    varint(value);
    return *this;
  }
  Message& text(int field, const std::string& value) {
    varint(static_cast<std::uint64_t>(field) << 3 | 2);
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  Message& message(int field, const Message& value) { return text(field, value.bytes_); }
  Message& append(const Message& fields) {
    bytes_ += fields.bytes_;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 128; value >>= 7) bytes_ += static_cast<char>(value % 128 + 128);
    bytes_ += static_cast<char>(value);
  }
  std::string bytes_;
};

inline Message tensor(const std::string& name, const std::vector<std::uint64_t>& shape) {
  RandomStream random(7, name);
  std::uint64_t count = 1;
  for (const std::uint64_t n : shape) count *= n;
  std::string values;
  for (std::uint64_t k = 0; k < count; ++k) {
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(random.uniform(-1.0, 1.0)));
    for (int shift = 0; shift < 32; shift += 8) values += static_cast<char>(bits >> shift & 255U);
  }
  Message message;
  for (const std::uint64_t n : shape) message.number(1, n);
  return message.number(2, 1).text(8, name).text(9, values);
}

inline Message value_info(const std::string& name, const std::vector<std::uint64_t>& shape) {
  Message dims;
  for (const std::uint64_t n : shape) dims.message(1, Message().number(1, n));
  const Message type = Message().message(1, Message().number(1, 1).message(2, dims));
  return Message().text(1, name).message(2, type);
}

inline Message node(const std::string& op,
                    const std::string& name,
                    const std::vector<std::string>& inputs) {
  Message message;
  for (const std::string& input : inputs) message.text(1, input);
  return message.text(2, name).text(3, name).text(4, op);
}

/// `depthwise`: with a grouped convolution "depth", a channel each, which keeps the plane.
inline std::string tiny_network(bool depthwise = false) {
  Message depth;
  if (depthwise) {
    const Message groups = Message().text(1, "group").number(3, 2).number(20, 2);
    Message pads = Message().text(1, "pads").number(20, 7);
    for (int side = 0; side < 4; ++side) pads.number(8, 1);
    depth
        .message(1,
                 node("Conv", "depth", {"relu", "depth.weight", "depth.bias"})
                     .message(5, groups)
                     .message(5, pads))
        .message(5, tensor("depth.weight", {2, 1, 3, 3}))
        .message(5, tensor("depth.bias", {2}));
  }
  const Message one = Message().text(1, "transB").number(3, 1).number(20, 2);
  const Message graph =
      Message()
          .message(1, node("Conv", "conv", {"image", "conv.weight", "conv.bias"}))
          .message(1, node("Relu", "relu", {"conv"}))
          .append(depth)
          .message(1, node("Flatten", "flat", {depthwise ? "depth" : "relu"}))
          .message(1, node("Gemm", "fc", {"flat", "fc.weight", "fc.bias"}).message(5, one))
          .text(2, "tiny")
          .message(5, tensor("conv.weight", {2, 1, 3, 3}))
          .message(5, tensor("conv.bias", {2}))
          .message(5, tensor("fc.weight", {3, 8}))
          .message(5, tensor("fc.bias", {3}))
          .message(11, value_info("image", {1, 1, 4, 4}))
          .message(12, value_info("fc", {1, 3}));
  return Message()
      .number(1, 7)
      .message(7, graph)
      .message(8, Message().text(1, "").number(2, 13))
      .bytes();
}

/// IDX: images of `side` x `side` pixels, or labels where side is 0.
inline std::string idx_file(int count, int side, int classes, std::uint64_t seed) {
  RandomStream random(seed, side > 0 ? "images" : "labels");
  std::string bytes{0, 0, 8, static_cast<char>(side > 0 ? 3 : 1)};
  const auto size = [&](int n) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(n >> shift & 255);
  };
  size(count);
  if (side > 0) size(side), size(side);
  const int values = count * (side > 0 ? side * side : 1);
  for (int k = 0; k < values; ++k) {
    bytes += static_cast<char>(random.below(static_cast<std::uint64_t>(side > 0 ? 256 : classes)));
  }
  return bytes;
}

/// A folder with the network, `images` images and a user's own memristor.
class TinyFlow {
 public:
  explicit TinyFlow(int images = 8, const std::string& network = tiny_network()) {
    write_file(folder() / "net.onnx", network);
    write_file(folder() / "test", idx_file(images, 4, 3, 1));
    write_file(folder() / "test-labels", idx_file(images, 0, 3, 1));
    write_file(folder() / "train", idx_file(8, 4, 3, 2));
    write_file(folder() / "train-labels", idx_file(8, 0, 3, 2));
    write_file(folder() / "bent.sub",
               "* I = g sinh(slope v) / slope\n"
               ".subckt bent p n params: g=1e-6 slope=2\n"
               "bcell p n i = {(g/slope)}*sinh({slope}*v(p,n))\n"
               ".ends bent\n");
    write_file(folder() / "bent.toml",
               "model = \"bent\"\nname = \"bent\"\ndescription = \"a user's own\"\n"
               "[g]\nvalue = \"10 uS\"\nunit = \"S\"\nsource = \"test\"\n"
               "[slope]\nvalue = 2\nsource = \"test\"\n"
               "[read]\nparameter = \"g\"\ng_min = \"2 uS\"\ng_max = \"50 uS\"\nlevels = 0\n"
               "source = \"test\"\n");
    write_file(file(),
               "[network]\nfile = \"net.onnx\"\n[data]\nimages = \"test\"\n"
               "labels = \"test-labels\"\ncalibration_images = \"train\"\n"
               "calibration_labels = \"train-labels\"\n[device]\ng_min = \"2 uS\"\n"
               "g_max = \"50 uS\"\nlevels = 0\nalpha = 0\n"
               "[array]\nwire = \"5 Ohm\"\ndriver = 0\nsense = 0\n"
               "[mapping]\nrows = 6\ncolumns = 4\n");
  }
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path file() const { return folder() / "flow.toml"; }
  config::FlowOptions load(const config::Overrides& settings = {}) const {
    config::FlowOptions options = config::load_flow(file(), settings);
    options.out = folder() / "out";
    return options;
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace memspice::testing
