#include "spectral/fourier.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "spectral/spectral_networks.hpp"

namespace memspice::spectral {
namespace {

using spectral_test::random_images;
using spectral_test::transform_at;

/// Float sums of 28 x 28 terms: 784 x 6e-8 at worst, far less as they cancel.
constexpr double kRounding = 1e-5;

void check_against_definition(int image, int size, Storage storage, ImageTransform::Method method) {
  const network::Tensor images = random_images({2, 2, image, image}, 7);
  const Spectra spectra = ImageTransform(image, size, storage, method).apply(images);
  const std::vector<Bin> bins = bins_of(size, storage);
  REQUIRE(spectra.bins.size() == bins.size());
  for (std::size_t k = 0; k < bins.size(); ++k) {
    for (int n = 0; n < 2; ++n) {
      for (int c = 0; c < 2; ++c) {
        const float* pixels = images.data.data() + (n * 2 + c) * image * image;
        const auto expected = transform_at(pixels, image, bins[k].ky, bins[k].kx);
        const std::complex<double> found(spectra.bins[k](c, n));
        CHECK(std::abs(found - expected) < kRounding * image * image);
      }
    }
  }
}

TEST_CASE("bins_of lists the central frequencies, lowest first", "[spectral]") {
  CHECK(bins_of(1, Storage::Full) == std::vector<Bin>{{0, 0}});
  CHECK(bins_of(2, Storage::Full) == std::vector<Bin>{{-1, -1}, {-1, 0}, {0, -1}, {0, 0}});
  CHECK(bins_of(3, Storage::Half) ==
        std::vector<Bin>{{-1, -1}, {-1, 0}, {0, -1}, {0, 0}, {1, -1}, {1, 0}});
  CHECK(bin_count(8, Storage::Half) == 40);
  CHECK(bins_of(5, Storage::Full)[static_cast<std::size_t>(dc_bin(5, Storage::Full))] == Bin{0, 0});
}

TEST_CASE("Keeping the central bins twice is keeping the smaller set at once", "[spectral]") {
  for (const Storage storage : {Storage::Full, Storage::Half}) {
    for (const auto& [large, middle, small] :
         {std::array{12, 7, 4}, std::array{9, 8, 3}, std::array{28, 14, 7}, std::array{5, 5, 1}}) {
      const auto first = central_bins(large, middle, storage);
      const auto second = central_bins(middle, small, storage);
      const auto at_once = central_bins(large, small, storage);
      for (std::size_t k = 0; k < at_once.size(); ++k) {
        CHECK(first[static_cast<std::size_t>(second[k])] == at_once[k]);
      }
    }
  }
}

TEST_CASE("ImageTransform is the sum that defines it, by both methods", "[spectral]") {
  using Method = ImageTransform::Method;
  const auto method = GENERATE(Method::FastTransform, Method::DirectSum);
  const auto storage = GENERATE(Storage::Full, Storage::Half);
  check_against_definition(12, 12, storage, method);
  check_against_definition(12, 7, storage, method);
  check_against_definition(28, 5, storage, method);
  check_against_definition(2, 1, storage, method);
}

TEST_CASE("ImageTransform takes odd images", "[spectral]") {
  check_against_definition(9, 9, Storage::Full, ImageTransform::Method::Fastest);
  check_against_definition(1, 1, Storage::Full, ImageTransform::Method::Fastest);
}

TEST_CASE("A transform and its inverse give the signal back and keep its energy", "[spectral]") {
  const int n = GENERATE(1, 6, 7);
  const auto re = spectral_test::random_floats(static_cast<std::size_t>(n * n), 3);
  const auto im = spectral_test::random_floats(static_cast<std::size_t>(n * n), 4);
  std::vector<Complex> signal(re.size());
  for (std::size_t k = 0; k < re.size(); ++k) signal[k] = {re[k], im[k]};
  const auto bins = transform_map(signal, n);
  const auto back = inverse_transform(bins, n);
  const auto energy = [](const auto& values) {
    return std::accumulate(values.begin(), values.end(), 0.0, [](double sum, Complex z) {
      return sum + double{std::norm(z)};
    });
  };
  for (std::size_t k = 0; k < signal.size(); ++k) CHECK(std::abs(back[k] - signal[k]) < 1e-5F);
  // Parseval: the sum of |X|^2 is n^2 times that of |x|^2.
  CHECK(energy(bins) == Approx(n * n * energy(signal)).epsilon(1e-5));
}

TEST_CASE("ImageTransform refuses images of another size", "[spectral]") {
  const ImageTransform transform(12, 4, Storage::Full);
  CHECK_THROWS_WITH(transform.apply(network::Tensor({1, 1, 10, 12})),
                    Catch::Matchers::Contains("12 x 12"));
}

}  // namespace
}  // namespace memspice::spectral
