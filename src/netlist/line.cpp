#include "netlist/line.hpp"

#include "base/text.hpp"

namespace memspice::netlist {

Line& Line::add(std::string_view word) {
  constexpr std::size_t kWidth = 100;
  if (column_ + 1 + word.size() > kWidth) {
    text_ += "\n+";
    column_ = 1;
  }
  text_ += ' ';
  text_ += word;
  column_ += 1 + word.size();
  return *this;
}

Line& Line::add(double value) {
  return add(to_text(value));
}

Line& Line::add(std::string_view name, double value) {
  return add(std::string(name) + "=" + to_text(value));
}

}  // namespace memspice::netlist
