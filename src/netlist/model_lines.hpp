#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace memspice::netlist {

/// A logical line of a model text: comments dropped, continuations joined, words parted.
struct ModelLine {
  std::size_t number = 0;          ///< of its first physical line, from 1
  std::vector<std::string> words;  ///< lower case; no blank around = , ( ) or in { }
};

/// Throws InputError naming place:line for the first fault.
[[noreturn]] void refuse_model(std::string_view place,
                               std::size_t line,
                               std::string_view word,
                               const std::string& rule,
                               const std::string& remedy);

/// Cuts the text into logical lines, refusing every character that model text does not need.
std::vector<ModelLine> read_model_lines(std::string_view text, std::string_view place);

}  // namespace memspice::netlist
