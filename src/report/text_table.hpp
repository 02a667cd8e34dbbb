#pragma once
// Aligned tables for a terminal.

#include <string>
#include <vector>

namespace memspice::report {

enum class Align { Left, Right };

/// Columns as wide as their widest cell, two blanks between them.
class TextTable {
 public:
  struct Column {
    std::string title;
    Align align = Align::Right;
  };
  explicit TextTable(std::vector<Column> columns);

  /// One cell per column; missing cells are blank.
  void add(std::vector<std::string> cells);
  /// A line between what was added and what comes.
  void add_rule();

  /// Every line starts with `indent` blanks and ends in a newline.
  std::string str(int indent = 2) const;

 private:
  std::vector<std::size_t> widths() const;  ///< of the columns, in characters

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  ///< an empty row is a rule
};

/// Characters of UTF-8 text, which is what a terminal aligns by.
std::size_t display_width(const std::string& text);
/// The first `width` characters of UTF-8 text.
std::string shorten(const std::string& text, std::size_t width);

}  // namespace memspice::report
