// Tables of numbers as text (RFC 4180): a row an image, its label in one of the columns or in a
// file of its own.

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/byte_stream.hpp"
#include "network/dataset_formats.hpp"
#include "network/labels.hpp"

namespace memspice::network {
namespace {

using Row = std::vector<std::string>;

[[noreturn]] void reject_line(const ByteStream& file,
                              std::size_t line,
                              const std::string& value,
                              const std::string& rule) {
  throw InputError({.place = file.name() + ", line " + std::to_string(line),
                    .value = value,
                    .rule = rule,
                    .remedy = "mend that line, or leave it out"});
}

/// The cells of one line; quotes hold separators, and two of them one quote.
Row cells_of(std::string_view line, char separator) {
  Row cells(1);
  bool quoted = false;
  for (std::size_t k = 0; k < line.size(); ++k) {
    const char c = line[k];
    if (c == '"' && quoted && k + 1 < line.size() && line[k + 1] == '"') {
      cells.back() += line[++k];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == separator && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  for (std::string& cell : cells) cell = std::string(trim(cell));
  return cells;
}

/// The separator that the first line has most of.
char separator_of(std::string_view line) {
  constexpr std::string_view known = ",;\t";
  return *std::ranges::max_element(known, {}, [&](char c) { return std::ranges::count(line, c); });
}

struct Table {
  Row names;  ///< of the columns; empty without a first line of names
  std::vector<Row> rows;
  std::vector<std::size_t> lines;  ///< of the rows in the file, from 1
};

bool holds_numbers(const Row& row) {
  return std::ranges::any_of(row, [](const std::string& cell) { return !!parse_double(cell); });
}

std::string whole_text(ByteStream& file) {
  constexpr std::size_t kLargest = std::size_t{1} << 32;
  const auto bytes = file.read(kLargest);
  if (bytes.size() == kLargest) file.reject({}, "is longer than 4 GiB");
  std::string text(bytes.begin(), bytes.end());
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  return text;
}

/// A row of other names than numbers at the top is the names of the columns.
Table read_table(ByteStream& file) {
  Table table;
  char separator = '\0';
  std::size_t line = 0, width = 0;
  const std::string text = whole_text(file);
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view content = trim(std::string_view(text).substr(at, end - at));
    at = end + 1;
    if (content.empty()) continue;
    if (separator == '\0') separator = separator_of(content);
    Row row = cells_of(content, separator);
    if (width == 0) width = row.size();
    if (row.size() != width) {
      reject_line(file,
                  line + 1,
                  std::to_string(row.size()) + " values",
                  "the lines before have " + std::to_string(width));
    }
    if (table.names.empty() && table.rows.empty() && !holds_numbers(row)) {
      table.names = std::move(row);
      continue;
    }
    table.rows.push_back(std::move(row));
    table.lines.push_back(line + 1);
  }
  if (table.rows.empty()) file.reject({}, "holds no rows of numbers");
  return table;
}

/// By name, by number from 1, or, where neither is given, a column that is called so.
std::size_t label_column(const ByteStream& file, const Table& table, const std::string& wanted) {
  const auto place = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(table.names, name) - table.names.begin());
  };
  const std::size_t width = table.rows.front().size();
  if (wanted.empty()) {
    for (const char* usual : {"label", "class", "target"}) {
      if (const auto found = place(usual); found < table.names.size()) return found;
    }
  } else if (const auto found = place(wanted); found < table.names.size()) {
    return found;
  }
  const auto number = parse_integer(wanted);
  if (number && *number >= 1 && static_cast<std::size_t>(*number) <= width) {
    return static_cast<std::size_t>(*number) - 1;
  }
  file.reject(wanted.empty() ? "" : "label_column \"" + wanted + '"',
              table.names.empty() ? "has " + std::to_string(width) + " columns without names"
                                  : "has the columns " + join(table.names, ", "),
              "set data.label_column to the name of the labels' column or its number from 1, or "
              "data.labels to a file of labels");
}

/// Numbers as they are; names numbered in alphabetical order.
std::vector<int> labels_of(const ByteStream& file, const Table& table, std::size_t column) {
  std::set<std::string> names;
  for (const Row& row : table.rows) {
    if (!parse_double(row[column])) names.insert(row[column]);
  }
  std::vector<int> labels;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const std::string& cell = table.rows[r][column];
    const auto number = parse_double(cell);
    if (number && !names.empty()) {
      reject_line(file, table.lines[r], cell, "labels are all names or all numbers");
    }
    const auto name = std::distance(names.begin(), names.find(cell));
    labels.push_back(number ? whole_label(file.name(), r, *number) : static_cast<int>(name));
  }
  return labels;
}

/// Every column but `without` as numbers, of the first rows.
Tensor values_of(const ByteStream& file, const Table& table, std::size_t without, int limit) {
  const std::size_t width = table.rows.front().size() - (without == std::string::npos ? 0 : 1);
  if (width == 0) file.reject({}, "has no column beside the labels");
  const std::size_t rows =
      limit == 0 ? table.rows.size()
                 : std::min<std::size_t>(table.rows.size(), static_cast<std::size_t>(limit));
  if (rows > static_cast<std::size_t>(kMaxElements) / width) {
    file.reject(std::to_string(rows) + " rows of " + std::to_string(width) + " values",
                "are more than " + std::to_string(kMaxElements) + " values",
                "set data.limit to fewer rows");
  }
  Tensor values({static_cast<std::int64_t>(rows), 1, 1, static_cast<std::int64_t>(width)});
  auto next = values.data.begin();
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < table.rows[r].size(); ++c) {
      if (c == without) continue;
      const auto number = parse_double(table.rows[r][c]);
      if (!number || !std::isfinite(*number)) {
        reject_line(file,
                    table.lines[r],
                    '"' + table.rows[r][c] + '"',
                    "column " + std::to_string(c + 1) + " holds finite numbers");
      }
      *next++ = static_cast<float>(*number);
    }
  }
  return values;
}

/// A file of labels alone.
std::vector<int> separate_labels(const DatasetOptions& options) {
  ByteStream file(options.folder / options.labels, kTableRemedy);
  const Table table = read_table(file);
  const bool is_one = table.rows.front().size() == 1;
  return labels_of(file, table, is_one ? 0 : label_column(file, table, options.label_column));
}

}  // namespace

Dataset load_csv(const DatasetOptions& options) {
  ByteStream file(options.folder / options.images, kTableRemedy);
  const Table table = read_table(file);
  const bool is_apart = !options.labels.empty();
  const std::size_t column =
      is_apart ? std::string::npos : label_column(file, table, options.label_column);
  Dataset dataset{.images = values_of(file, table, column, options.limit),
                  .labels = is_apart ? separate_labels(options) : labels_of(file, table, column)};
  take_labels((is_apart ? options.labels : options.images).string(), options.limit, dataset);
  return dataset;
}

}  // namespace memspice::network
