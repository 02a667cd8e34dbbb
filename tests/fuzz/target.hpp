#pragma once
// What is fuzzed: one reader of bytes from outside, with valid inputs to start from.

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/random.hpp"

namespace memspice::fuzz {

/// Changes one input in one way; see mutate.hpp.
using Mutator = std::function<std::string(std::string, RandomStream&)>;

/// What a run does with an input besides throwing an Error or returning is a fault of the program;
/// this one is thrown where it shows in an exit code or in a printed line.
class Finding : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Target {
  std::string name;                      ///< "onnx"
  std::string file;                      ///< what an input is called in its folder
  std::vector<std::string> seeds;        ///< valid inputs
  std::vector<std::string> tokens = {};  ///< words worth inserting
  bool is_text = false;                  ///< lines and numbers, or bytes
  Mutator own_mutator = {};              ///< knows the format; empty: none does
  std::function<void(const std::filesystem::path&)> prepare = {};  ///< files beside the input
  /// Reads the input at this path; an Error refuses it, anything else thrown is a finding.
  std::function<void(const std::filesystem::path&)> run;
};

/// One function for each part of the program that reads what others wrote.
Target onnx_target();
Target flow_target();
Target csv_target();
Target measurement_target();
Target idx_target();
Target npy_target();
Target table_target();
Target png_target();
Target card_target();
Target subcircuit_target();
Target store_target();
Target wire_target();
/// Whole commands of memspice on mutated files.
std::vector<Target> command_targets();
/// Targets with a fault each, for the driver's own test: it must find them all.
std::vector<Target> faulty_targets();

std::vector<Target> all_targets();

}  // namespace memspice::fuzz
