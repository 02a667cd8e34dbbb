#include "spectral/convolution.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "network/apply.hpp"
#include "network/shapes.hpp"
#include "spectral/candidates.hpp"
#include "spectral/spectral_networks.hpp"

namespace memspice::spectral {
namespace {

struct Case {
  int C, D, groups, H, W, kernel_h, kernel_w, stride;
  std::array<int, 4> padding;
};

network::Convolution make(const Case& c) {
  network::Convolution convolution;
  convolution.weight =
      spectral_test::random_images({c.D, c.C / c.groups, c.kernel_h, c.kernel_w}, 1);
  convolution.bias = spectral_test::random_images({c.D}, 2);
  convolution.groups = c.groups;
  convolution.window = {
      .kernel = {c.kernel_h, c.kernel_w}, .stride = {c.stride, c.stride}, .padding = c.padding};
  return convolution;
}

TEST_CASE("Overlap-save equals the spatial convolution", "[spectral]") {
  const auto c = GENERATE(Case{1, 6, 1, 28, 28, 5, 5, 1, {2, 2, 2, 2}},
                          Case{6, 16, 1, 14, 14, 5, 5, 1, {0, 0, 0, 0}},
                          Case{3, 4, 1, 37, 23, 3, 5, 1, {1, 0, 2, 3}},
                          Case{4, 4, 4, 9, 9, 3, 3, 1, {1, 1, 1, 1}},
                          Case{4, 6, 2, 16, 11, 3, 3, 2, {1, 1, 1, 1}},
                          Case{1, 1, 1, 1, 7, 1, 7, 1, {0, 0, 0, 0}},
                          Case{2, 3, 1, 100, 100, 11, 11, 4, {2, 2, 2, 2}});
  const network::Convolution convolution = make(c);
  const auto x = spectral_test::random_images({2, c.C, c.H, c.W}, 3);
  const network::Shape out =
      network::infer_shape(convolution, std::vector<network::Shape>{x.shape}, "test");
  const network::Tensor expected = network::apply(convolution, x, out);
  const network::Tensor found = Convolution(convolution, x.shape, "test").apply(x);
  CHECK(found.shape == expected.shape);
  // The bound that an ordinary network's layer is held to, relative to the largest output.
  CHECK(spectral_test::difference(found.data, expected.data) < 1e-5);
}

TEST_CASE("Large kernels need fewer multiplications in the spectrum, small ones more",
          "[spectral]") {
  const Case large{16, 16, 1, 64, 64, 15, 15, 1, {7, 7, 7, 7}};
  const network::Convolution with_large = make(large);
  CHECK(Convolution(with_large, {1, 16, 64, 64}, "test").multiplications() <
        spatial_multiplications(with_large, {1, 16, 64, 64}));
  const Case small{1, 2, 1, 8, 8, 1, 1, 1, {0, 0, 0, 0}};
  const network::Convolution with_small = make(small);
  CHECK(Convolution(with_small, {1, 1, 8, 8}, "test").multiplications() >
        spatial_multiplications(with_small, {1, 2, 8, 8}));
}

TEST_CASE("Dilation and oversized kernels are refused with their layer", "[spectral]") {
  network::Convolution convolution = make({1, 1, 1, 9, 9, 3, 3, 1, {0, 0, 0, 0}});
  convolution.window.dilation = {2, 2};
  CHECK_THROWS_WITH(
      Convolution(convolution, {1, 1, 9, 9}, "layer conv7"),
      Catch::Matchers::Contains("layer conv7") && Catch::Matchers::Contains("dilation"));
}

network::Layer conv_layer(std::string name, int C, int D, int padding) {
  network::Convolution convolution;
  convolution.weight = network::Tensor({D, C, 5, 5});
  convolution.window = {.kernel = {5, 5}, .padding = {padding, padding, padding, padding}};
  return {.name = std::move(name), .operation = convolution, .output_shape = {}};
}

TEST_CASE("An ordinary LeNet-5 gives its spectral twin", "[spectral]") {
  network::Graph graph;
  graph.set_input_shape({1, 1, 28, 28});
  const network::Pooling pooling{.window = {.kernel = {2, 2}, .stride = {2, 2}}};
  auto id = graph.add(conv_layer("conv1", 1, 6, 2), {network::Graph::kInput});
  id = graph.add({"relu1", network::Activation{}, {}}, {id});
  id = graph.add({"pool1", pooling, {}}, {id});
  id = graph.add(conv_layer("conv2", 6, 16, 0), {id});
  id = graph.add({"pool2", pooling, {}}, {id});
  id = graph.add({"flat", network::Reshape{.shape = {}, .flatten_axis = 1}, {}}, {id});
  network::FullyConnected fc;
  fc.weight = network::Tensor({10, 400});
  graph.add({"fc", fc, {}}, {id});
  const Architecture a = architecture_of(graph);
  CHECK(a.image == 28);
  CHECK(a.layers ==
        std::vector<LayerShape>{{.size = 28, .pooled = 14, .channels_in = 1, .channels_out = 6},
                                {.size = 14, .pooled = 7, .channels_in = 6, .channels_out = 16}});
  CHECK(a.classifier == std::vector<int>{10});
}

}  // namespace
}  // namespace memspice::spectral
