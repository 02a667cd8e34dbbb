// Weights that lie in files beside the network.

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "network/model_builder.hpp"
#include "network/prunable_network.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

/// "net.onnx" with a product by a 3 x 2 weight that lies elsewhere, in a folder of its own within
/// another.
class Network {
 public:
  Network() : model_({1, 2}) {
    weight_ = &model_.weight("w", {3, 2}, {});
    weight_->set_data_location(onnx::TensorProto::EXTERNAL);
    set_integer(model_.node("Gemm", {"x", "w"}), "transB", 1);
    fs::create_directories(folder() / "data");
  }
  fs::path folder() const { return outer_.path() / "net"; }
  fs::path outside() const { return outer_.path(); }
  Model& model() { return model_; }

  Network& say(const std::string& key, const std::string& value) {
    auto& entry = *weight_->add_external_data();
    entry.set_key(key);
    entry.set_value(value);
    return *this;
  }
  Network& put(const std::string& name, const std::string& bytes) {
    write_quickly(folder() / name, bytes);
    return *this;
  }
  fs::path write() const {
    write_quickly(folder() / "net.onnx", model_.proto().SerializeAsString());
    return folder() / "net.onnx";
  }
  Tensor weight() const {
    const Graph graph = load_onnx(write());
    return std::get<FullyConnected>(graph.layer({0}).operation).weight;
  }
  std::string refusal() const {
    try {
      load_onnx(write());
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  }

 private:
  TemporaryFolder outer_;
  mutable Model model_;
  onnx::TensorProto* weight_;
};

const std::vector<float> kValues{1.0F, -2.0F, 3.0F, -4.0F, 5.0F, -6.0F};

}  // namespace

TEST_CASE("weights are read from files beside the network", "[onnx][external]") {
  SECTION("the whole file") {
    Network network;
    network.put("net.onnx.data", bytes_of(kValues)).say("location", "net.onnx.data");
    CHECK(network.weight().data == kValues);
  }
  SECTION("a part of it, below the folder, with a checksum") {
    Network network;
    network.put("data/w.bin", "1234" + bytes_of(kValues) + "more")
        .say("location", "data/w.bin")
        .say("offset", "4")
        .say("length", "24")
        .say("checksum", "not looked at");
    CHECK(network.weight().data == kValues);
  }
  SECTION("by a link that stays within the folder") {
    Network network;
    network.put("data/w.bin", bytes_of(kValues)).say("location", "link");
    fs::create_symlink("data/w.bin", network.folder() / "link");
    CHECK(network.weight().data == kValues);
  }
}

TEST_CASE("a path without a folder means the current one", "[onnx][external]") {
  Network network;
  network.put("w", bytes_of(kValues)).say("location", "w");
  network.write();
  const fs::path before = fs::current_path();
  fs::current_path(network.folder());
  const Graph graph = load_onnx("net.onnx");
  fs::current_path(before);
  CHECK(graph.layer({0}).parameter_count() == 6);
}

TEST_CASE("external data may not lead out of the network's folder", "[onnx][external]") {
  Network network;
  write_quickly(network.outside() / "secret", bytes_of(kValues));
  const auto refuses = [&](const std::string& location, const std::string& rule) {
    Network other;
    write_quickly(other.outside() / "secret", bytes_of(kValues));
    other.say("location", location);
    CHECK_THAT(other.refusal(),
               Contains("weight \"w\"") && Contains(rule) && Contains("in one folder"));
  };
  refuses("../secret", "below the network's folder");
  refuses("data/../../secret", "below the network's folder");
  refuses((network.outside() / "secret").string(), "below the network's folder");
  refuses("", "below the network's folder");
  refuses("absent", "cannot be found beside the network");
  network.say("location", "link");
  fs::create_symlink(network.outside() / "secret", network.folder() / "link");
  CHECK_THAT(network.refusal(), Contains("\"link\"") && Contains("by a link"));
}

TEST_CASE("external data lie in regular files", "[onnx][external]") {
  Network pipe;
  REQUIRE(::mkfifo((pipe.folder() / "pipe").c_str(), 0600) == 0);
  CHECK_THAT(pipe.say("location", "pipe").refusal(), Contains("is not a regular file"));
  Network folder;
  CHECK_THAT(folder.say("location", "data").refusal(), Contains("is not a regular file"));
}

TEST_CASE("external data fill the weight and nothing else", "[onnx][external]") {
  const auto refusal = [](const std::string& bytes,
                          const std::vector<std::pair<std::string, std::string>>& more) {
    Network network;
    network.put("w", bytes).say("location", "w");
    for (const auto& [key, value] : more) network.say(key, value);
    return network.refusal();
  };
  const std::string whole = bytes_of(kValues);
  CHECK_THAT(refusal(whole.substr(1), {}), Contains("ends at byte 23"));
  CHECK_THAT(refusal(whole, {{"offset", "1"}}), Contains("ends at byte 24"));
  CHECK_THAT(refusal(whole, {{"offset", "9223372036854775807"}}), Contains("ends at byte 24"));
  CHECK_THAT(refusal(whole, {{"length", "20"}}), Contains("20 bytes") && Contains("takes 24"));
  for (const char* wrong : {"-1", "1.5", "many", "", "99999999999999999999"}) {
    CHECK_THAT(refusal(whole, {{"offset", wrong}}), Contains("is no number of bytes"));
  }
}

TEST_CASE("a small file cannot ask for memory that no file fills", "[onnx][external][memory]") {
  Network network;
  network.put("w", "").say("location", "w").say("length", "1073741824");
  auto& weight = *network.model().graph().mutable_initializer(0);
  weight.set_dims(0, 1 << 14);
  weight.set_dims(1, 1 << 14);
  CHECK_THAT(network.refusal(), Contains("ends at byte 0"));
}

TEST_CASE("two weights may not share bytes of a file", "[onnx][external]") {
  Network network;
  network.put("w", bytes_of(kValues) + bytes_of({7.0F})).say("location", "w");
  auto& bias = network.model().weight("b", {3}, {});
  bias.set_data_location(onnx::TensorProto::EXTERNAL);
  const auto say = [&bias](const std::string& key, const std::string& value) {
    auto& entry = *bias.add_external_data();
    entry.set_key(key);
    entry.set_value(value);
  };
  say("location", "w");
  say("offset", "16");
  CHECK_THAT(network.refusal(), Contains("weight \"b\"") && Contains("two weights"));
}

TEST_CASE("a pruned network holds weights that lay elsewhere", "[onnx][external][prune]") {
  Model model({1, 2, 4, 4});
  model.weight("pointwise", {4, 2, 1, 1}, std::vector<float>(8, 1.0F));
  auto& depthwise = model.weight("depthwise", {4, 1, 1, 1}, {});
  depthwise.set_data_location(onnx::TensorProto::EXTERNAL);
  auto& entry = *depthwise.add_external_data();
  entry.set_key("location");
  entry.set_value("w");
  model.weight("last", {1, 4, 1, 1}, {1.0F, 1.0F, 1.0F, 1.0F});
  model.node("Conv", {"x", "pointwise"}, "p");
  set_integer(model.node("Conv", {"p", "depthwise"}, "d"), "group", 4);
  model.node("Conv", {"d", "last"});
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "net.onnx";
  write_quickly(file, model.proto().SerializeAsString());
  write_quickly(folder.path() / "w", bytes_of({1.0F, 2.0F, 3.0F, 4.0F}));
  const PrunableNetwork network(file);
  REQUIRE(network.layers().size() == 1);
  const auto pruned = network.without({{network.layers()[0].group, {1}}});
  fs::remove(folder.path() / "w");
  write_quickly(folder.path() / "small.onnx", pruned.file);
  const Graph small = load_onnx(folder.path() / "small.onnx");
  const auto& kept = std::get<Convolution>(small.layer({1}).operation).weight;
  CHECK(kept.data == std::vector<float>{1.0F, 3.0F, 4.0F});
}
