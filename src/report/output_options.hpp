#pragma once
// [output]: what a run writes beside results.json and report.html.

#include <string>
#include <vector>

#include "base/names.hpp"

namespace memspice::report {

/// How tables and arrays are written: CSV, or NumPy's archives.
enum class OutputFormat { Csv, Npz };
inline constexpr Names<2> kOutputFormats{"csv", "npz"};

struct OutputOptions {
  bool predictions = false;  ///< of each scored image: label, and of each pass its label and scores
  OutputFormat format = OutputFormat::Csv;    ///< of predictions; activations are archives
  std::vector<std::string> activations = {};  ///< layers whose outputs are written
  int images = 16;                            ///< the first ones, whose activations are written
};

}  // namespace memspice::report
