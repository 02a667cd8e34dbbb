#pragma once

#include <string>
#include <string_view>

namespace memspice::netlist {

/// A line of SPICE in the making: words parted by blanks, broken into `+` continuation lines of
/// at most about 100 characters. A word is never broken; it must not hold a newline.
class Line {
 public:
  explicit Line(std::string_view first) : text_(first), column_(first.size()) {}
  Line& add(std::string_view word);
  /// Shortest number that reads back the same, without SPICE suffixes.
  Line& add(double value);
  /// "name=value"
  Line& add(std::string_view name, double value);
  /// The text with its final newline.
  std::string str() const { return text_ + "\n"; }

 private:
  std::string text_;
  std::size_t column_;
};

}  // namespace memspice::netlist
