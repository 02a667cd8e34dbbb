#pragma once
// How well a network's map of probabilities, or a threshold on grey, finds a class of pixels.
//
//   accuracy = right pixels / all pixels
//   Dice     = 2 |P and F| / (|P| + |F|)     P: pixels taken for the class, F: those of the class
// All pixels of all images are counted together. Dice, Ecology 26 (1945) 297.

#include <cstdint>
#include <span>

#include "network/dataset.hpp"

namespace memspice::simulate {

/// Probability above which a pixel is taken for the class.
inline constexpr float kForegroundThreshold = 0.5F;

struct PixelCounts {
  long pixels = 0;
  long right = 0;       ///< taken for what they are
  long taken = 0;       ///< for the class
  long foreground = 0;  ///< pixels of the class
  long overlap = 0;     ///< both

  double accuracy() const noexcept;  ///< 0 .. 1; 0 without pixels
  double dice() const noexcept;      ///< 0 .. 1; 1 when the class is nowhere and is found nowhere
  PixelCounts& operator+=(const PixelCounts& other);
};

/// scores: one value per pixel, of the class above `threshold`; labels: as many, 1 for the class.
PixelCounts count_pixels(std::span<const float> scores,
                         std::span<const std::uint8_t> labels,
                         float threshold = kForegroundThreshold);

/// Dark pixels taken for the class: grey < level / 255, grey the mean of the channels.
struct GreyThreshold {
  int level = 0;       ///< 0 .. 256, of the best Dice on the training images
  PixelCounts counts;  ///< on the test images
};
/// The threshold to compare a network with. Both data sets label pixels.
GreyThreshold score_grey_threshold(const network::Dataset& training, const network::Dataset& test);

}  // namespace memspice::simulate
