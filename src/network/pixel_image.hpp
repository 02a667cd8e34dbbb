#pragma once
// Decoded images.

#include <string>
#include <vector>

namespace memspice::network {

/// 8 bits a channel, grey or RGB.
struct PixelImage {
  int height = 0, width = 0, channels = 1;
  std::vector<unsigned char> pixels;  ///< height x width x channels
};

/// "64 x 48": width and height.
std::string size_of(const PixelImage& image);
/// "64 x 48 RGB".
std::string form_of(const PixelImage& image);

/// H x W x C bytes -> C x H x W values in [0, 1] from `to` on.
void copy_image(const PixelImage& image, float* to);

}  // namespace memspice::network
