#include "network/pixel_image.hpp"

namespace memspice::network {

std::string size_of(const PixelImage& image) {
  return std::to_string(image.width) + " x " + std::to_string(image.height);
}

std::string form_of(const PixelImage& image) {
  return size_of(image) + (image.channels == 3 ? " RGB" : " grey");
}

void copy_image(const PixelImage& image, float* to) {
  const auto channels = static_cast<std::size_t>(image.channels);
  const std::size_t plane = image.pixels.size() / channels;
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t p = 0; p < plane; ++p) {
      to[c * plane + p] = static_cast<float>(image.pixels[p * channels + c]) / 255.0F;
    }
  }
}

}  // namespace memspice::network
