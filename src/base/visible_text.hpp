#pragma once
// Text from outside (file names, layer names, messages of other programs) on its way to a reader:
// what a terminal obeys instead of showing is written out.

#include <cstddef>
#include <string>
#include <string_view>

namespace memspice {

/// The first character of a text in UTF-8.
struct Character {
  char32_t code = 0;
  std::size_t length = 1;     ///< bytes
  bool is_malformed = false;  ///< one byte that belongs to no UTF-8 character; `code` is its value
};

/// `text` must not be empty. Overlong forms, surrogates and cut-off characters are malformed.
Character first_character(std::string_view text);

/// Whether a terminal obeys the character or shows nothing of it: C0 and C1 controls, marks that
/// reorder (Unicode UAX 9), characters without width, separators of lines and paragraphs, tags.
bool is_unseen(char32_t code);

/// Text of several lines with its newlines and tabs; all else that is unseen, and each malformed
/// byte, becomes \uNNNN, which inside a JSON string still is the same character.
std::string escape_unseen(std::string_view text);

/// Without the byte-order mark that some editors and spreadsheets put before UTF-8 text.
std::string_view without_byte_order_mark(std::string_view text);

}  // namespace memspice
