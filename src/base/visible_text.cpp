#include "base/visible_text.hpp"

#include <algorithm>
#include <array>

namespace memspice {
namespace {

struct Range {
  char32_t first, last;
};

// Controls, and the format characters and fillers of Unicode 15 that have no shape of their own.
constexpr std::array<Range, 20> kUnseen{{
    {0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x034f, 0x034f},
    {0x061c, 0x061c},   {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},
    {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},   {0x3164, 0x3164},
    {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0x13430, 0x1343f},
    {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}, {0x110000, 0xffffffff},
}};

/// Bytes of the character that `lead` begins; 0 where it begins none.
std::size_t length_after(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

bool is_canonical(char32_t code, std::size_t length) {
  if (length == 3) return code >= 0x800 && (code < 0xd800 || code > 0xdfff);
  return length != 4 || (code >= 0x10000 && code <= 0x10ffff);
}

void append_unit(char32_t unit, std::string& out) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += hex[(unit >> shift) & 15];
}

/// As JSON spells it: beyond the first plane by two surrogates.
void append_escape(char32_t code, std::string& out) {
  if (code < 0x10000) return append_unit(code, out);
  append_unit(0xd800 + ((code - 0x10000) >> 10), out);
  append_unit(0xdc00 + ((code - 0x10000) & 0x3ff), out);
}

}  // namespace

Character first_character(std::string_view text) {
  const auto byte_at = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char lead = byte_at(0);
  const Character malformed{.code = lead, .length = 1, .is_malformed = true};
  const std::size_t length = length_after(lead);
  if (length == 0 || length > text.size()) return malformed;
  if (length == 1) return {.code = lead};
  char32_t code = lead & (0x7fU >> length);
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte_at(k) & 0xc0) != 0x80) return malformed;
    code = (code << 6) | (byte_at(k) & 0x3fU);
  }
  return is_canonical(code, length) ? Character{.code = code, .length = length} : malformed;
}

bool is_unseen(char32_t code) {
  const auto range = std::find_if(kUnseen.begin(), kUnseen.end(), [&](const Range& candidate) {
    return code <= candidate.last;
  });
  return range != kUnseen.end() && code >= range->first;
}

std::string escape_unseen(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character character = first_character(text);
    const bool is_layout = character.code == '\n' || character.code == '\t';
    if (!is_layout && (character.is_malformed || is_unseen(character.code))) {
      append_escape(character.code, out);
    } else {
      out += text.substr(0, character.length);
    }
    text.remove_prefix(character.length);
  }
  return out;
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (text.starts_with(mark)) text.remove_prefix(mark.size());
  return text;
}

}  // namespace memspice
