#include "base/csv.hpp"

#include <cmath>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "base/visible_text.hpp"

namespace memspice {
namespace {

[[noreturn]] void reject_line(std::string_view place,
                              std::size_t line,
                              std::string value,
                              std::string rule,
                              std::string remedy) {
  throw InputError({.place = std::string(place) + (line > 0 ? ":" + std::to_string(line) : ""),
                    .value = std::move(value),
                    .rule = std::move(rule),
                    .remedy = std::move(remedy)});
}

std::vector<double> parse_row(std::string_view row, std::string_view place, std::size_t line) {
  std::vector<double> values;
  for (const std::string& field : split(row, ',')) {
    const auto value = parse_double(field);
    const std::string where = "column " + std::to_string(values.size() + 1) + " \"" + field + '"';
    if (!value)
      reject_line(place, line, where, "is no number", "write numbers separated by commas");
    if (!std::isfinite(*value)) reject_line(place, line, where, "must be finite", "replace it");
    values.push_back(*value);
  }
  return values;
}

void require_bytes(std::string_view text, std::string_view place) {
  if (!text.starts_with("\xff\xfe") && !text.starts_with("\xfe\xff")) return;
  reject_line(place, 0, "", "is UTF-16 text", "save it as UTF-8, in a spreadsheet \"CSV UTF-8\"");
}

}  // namespace

Eigen::MatrixXd parse_csv(std::string_view text, std::string_view place) {
  require_bytes(text, place);
  text = without_byte_order_mark(text);
  std::vector<std::vector<double>> rows;
  std::size_t line = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view row = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++line;
    row = trim(row.substr(0, row.find('#')));
    if (row.empty()) continue;
    rows.push_back(parse_row(row, place, line));
    if (rows.back().size() != rows.front().size()) {
      reject_line(
          place,
          line,
          std::to_string(rows.back().size()) + " fields",
          "every row must have as many fields as the first, " + std::to_string(rows.front().size()),
          "mend this row");
    }
  }
  if (rows.empty()) reject_line(place, 0, "", "holds no numbers", "give one row per line");
  Eigen::MatrixXd matrix(rows.size(), rows.front().size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      matrix(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)) = rows[r][c];
    }
  }
  return matrix;
}

Eigen::MatrixXd read_csv(const std::filesystem::path& path) {
  return parse_csv(read_file(path), path.string());
}

std::string format_csv(const Eigen::MatrixXd& matrix, std::string_view header) {
  std::string out;
  if (!header.empty()) out += "# " + escape_controls(header) + '\n';
  for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
    for (Eigen::Index c = 0; c < matrix.cols(); ++c) {
      if (c > 0) out += ',';
      out += to_text(matrix(r, c));
    }
    out += '\n';
  }
  return out;
}

}  // namespace memspice
