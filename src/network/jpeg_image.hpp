#pragma once
// JPEG files as bytes.

#include <filesystem>

#include "network/pixel_image.hpp"

namespace memspice::network {

/// Grey and RGB images (baseline and progressive). Throws InputError naming the file when it is
/// damaged, truncated, or of four inks.
PixelImage read_jpeg(const std::filesystem::path& path);

}  // namespace memspice::network
