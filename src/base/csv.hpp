#pragma once
// Matrices of numbers as CSV: commas, `#` comments, blank lines skipped, SI units.

#include <Eigen/Core>
#include <filesystem>
#include <string>
#include <string_view>

namespace memspice {

/// rows x columns as they stand in the file. Throws InputError naming path:line for an empty
/// file, a ragged row, a field that is no number, NaN or infinity.
Eigen::MatrixXd read_csv(const std::filesystem::path& path);

/// The same from text; `place` stands for the path in messages.
Eigen::MatrixXd parse_csv(std::string_view text, std::string_view place);

/// One row per matrix row, shortest numbers that read back the same; `header` becomes `# header`.
std::string format_csv(const Eigen::MatrixXd& matrix, std::string_view header = {});

}  // namespace memspice
