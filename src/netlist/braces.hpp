#pragma once
// Braces that mean what they say.
//
// ngspice 39 puts a number in place of {expression} where a line takes numbers, but in the
// expression of a behavioural source (and the body of a .func, and a .param) it drops the outer
// braces: {a-b}*v(x) becomes a-b*v(x), and of .param y={a-b}*2 the factor is lost.

#include <string>
#include <string_view>
#include <vector>

namespace memspice::netlist {

/// Where the bracket or brace at `open` closes; the text's size where it does not.
std::size_t closing(std::string_view text, std::size_t open);

/// The arithmetic of a behavioural source: every pair of braces whose loss would change the value
/// gets brackets inside, {a-b}*v(x) becomes {(a-b)}*v(x). Other text stays as it is.
std::string bracket_braces(std::string_view expression);

/// A number of another line, `{...}` in parts: one pair of braces around the whole arithmetic,
/// brackets inside it. Words that are no arithmetic stay as they are.
std::string gather_braces(std::string_view value);

/// The words of a model's line, each brace meaning what it says.
std::vector<std::string> with_sound_braces(const std::vector<std::string>& words);

}  // namespace memspice::netlist
