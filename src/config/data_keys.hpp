#pragma once
// Keys of [data] that mean the same, and stand for other defaults, in each kind of data set.

#include "config/key.hpp"

namespace memspice::config {

inline const Key kImagesKey{
    "images",
    "what is scored: a file, FILE.npz:ARRAY, or the subfolder of classes or slices",
    {.standard = "required; image_pairs: \"image\""}};
inline const Key kLabelsKey{
    "labels",
    "its labels: a file, or a subfolder; csv: a file of their own, else label_column",
    {.standard = "required of idx, npy and npz; image_pairs: \"label\""}};
inline const Key kLimitKey{"limit", "the first images only; 0: all"};
inline const Key kCalibrationLimitKey{
    "calibration_limit",
    "how many of the calibration images are taken; image_pairs: 4 unless given"};

}  // namespace memspice::config
