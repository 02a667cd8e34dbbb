#include "network/image_layout.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "network/onnx_support.hpp"

using namespace memspice;
using namespace memspice::network;

namespace {

Tensor ramp_of(const Shape& shape) {
  Tensor tensor(shape);
  std::iota(tensor.data.begin(), tensor.data.end(), 0.0F);
  return tensor;
}

/// y[n][i][j][c] = x[n][c][i][j].
Tensor turned(const Tensor& x) {
  const auto C = x.shape[1], H = x.shape[2], W = x.shape[3];
  Tensor y({x.shape[0], H, W, C});
  for (std::int64_t k = 0; k < x.size(); ++k) {
    const auto n = k / (C * H * W), c = k / (H * W) % C, i = k / W % H, j = k % W;
    y.data[static_cast<std::size_t>(((n * H + i) * W + j) * C + c)] = static_cast<float>(k);
  }
  return y;
}

}  // namespace

TEST_CASE("images come as the network takes them", "[network][data]") {
  const Tensor first = ramp_of({2, 3, 4, 5});
  Tensor images = turned(first);
  fit_images({1, 3, 4, 5}, images);
  CHECK(largest_difference(images, first) == 0.0);
  images = first;
  fit_images({1, 4, 5, 3}, images);
  CHECK(largest_difference(images, turned(first)) == 0.0);
  images = first;
  fit_images({1, 60}, images);
  CHECK(images.shape == Shape{2, 60});
  images = ramp_of({2, 1, 3, 8});
  fit_images({1, 3, 8}, images);
  CHECK(images.shape == Shape{2, 3, 8});
  images = ramp_of({2, 1, 8, 3});
  const float third = images.data[6];  // step 2 of channel 0
  fit_images({1, 3, 8}, images);
  CHECK(images.shape == Shape{2, 3, 8});
  CHECK(images.data[2] == third);
  images = first;
  fit_images({1, 5, 4, 3}, images);  // neither order
  CHECK(images.shape == first.shape);
}

TEST_CASE("a row of values is an image of one channel, row by row", "[network][data]") {
  Tensor rows = ramp_of({2, 1, 1, 12});
  fit_images({1, 1, 3, 4}, rows);
  CHECK(rows.shape == Shape{2, 1, 3, 4});
  CHECK(rows.data == ramp_of({2, 12}).data);
  // Of three channels it could be either way.
  Tensor colours = ramp_of({2, 1, 1, 36});
  fit_images({1, 3, 3, 4}, colours);
  CHECK(colours.shape == Shape{2, 1, 1, 36});
}
