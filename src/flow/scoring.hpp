#pragma once
// What makes an accuracy mean something: outputs that fit the labels, and what a reader should
// know of the predictions.

#include <map>
#include <string>
#include <vector>

#include "flow/stages.hpp"
#include "network/ranges.hpp"

namespace memspice::flow {

/// Throws InputError where the network's output cannot be judged by the data's labels, so that a
/// run ends before its long part. network, test: whose files the errors name.
void require_scorable(const Inputs& inputs,
                      const std::string& network,
                      const network::DatasetOptions& test);

/// Throws InputError where the calibration images are the test images under another name.
void require_other_images(const Inputs& inputs, const std::filesystem::path& calibration);

/// Predictions that hardly differ, a float accuracy near chance or far from the expected one,
/// labels that leave classes out, calibration images among the test images; one note each.
/// expected_accuracy: of the float network, as its training gave; 0: not told.
std::vector<std::string> score_notes(double expected_accuracy,
                                     const Inputs& inputs,
                                     const study::Outcomes& outcomes);

/// The smallest and the largest value of the test images as the network sees them.
network::ActivationRange input_range(const network::Dataset& data);
/// "0 to 1".
std::string to_text(const network::ActivationRange& range);

}  // namespace memspice::flow
