#pragma once
// PNG files as bytes.

#include <filesystem>
#include <string>

#include "network/pixel_image.hpp"

namespace memspice::network {

/// Grey of 1 to 8 bits and RGB of 8 bits, interlaced or not; grey of fewer bits is spread over
/// 0 .. 255. Throws InputError naming the file when it is missing (`remedy` says what to do then),
/// damaged or truncated, or has a palette, transparency or 16 bits a channel.
PixelImage read_png(const std::filesystem::path& path, const std::string& remedy);

}  // namespace memspice::network
