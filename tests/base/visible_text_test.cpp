#include "base/visible_text.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "base/text.hpp"

using namespace memspice;

TEST_CASE("first_character reads UTF-8 and refuses what only looks like it", "[base]") {
  CHECK(first_character("a").code == U'a');
  CHECK(first_character("\u00b5S").code == 0xb5);
  CHECK(first_character("\u2126").length == 3);
  CHECK(first_character("\U0001f600").code == 0x1f600);
  // A continuation byte alone (a C1 control to an 8-bit terminal), overlong, a surrogate, beyond
  // Unicode, cut off.
  for (const char* bytes : {"\x9b", "\xc0\x9b", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x80"}) {
    INFO(escape_controls(bytes));
    CHECK(first_character(bytes).is_malformed);
    CHECK(first_character(bytes).length == 1);
  }
}

TEST_CASE("what a terminal obeys instead of showing is written out", "[base]") {
  struct Case {
    const char* text;
    const char* line;
    const char* lines;
  };
  const std::vector<Case> cases{
      {"a\x1b[2Jb", "a\\x1b[2Jb", "a\\u001b[2Jb"},                       // C0
      {"a\u009b2Jb", "a\\u009b2Jb", "a\\u009b2Jb"},                      // C1: CSI
      {"a\u009d0;t\u009c", "a\\u009d0;t\\u009c", "a\\u009d0;t\\u009c"},  // C1: OSC ... ST
      {"a\x9b", "a\\x9b", "a\\u009b"},                                   // C1 to an 8-bit terminal
      {"a\u202eb", "a\\u202eb", "a\\u202eb"},                            // right-to-left override
      {"\u2066a\u2069", "\\u2066a\\u2069", "\\u2066a\\u2069"},           // isolates
      {"a\u200bb\ufeff", "a\\u200bb\\ufeff", "a\\u200bb\\ufeff"},        // no width
      {"a\u2028b\u2029", "a\\u2028b\\u2029", "a\\u2028b\\u2029"},  // line, paragraph separator
      {"\U000e0041", "\\ue0041", "\\udb40\\udc41"},                // a tag character
      {"1\n2\t3", "1\\n2\\t3", "1\n2\t3"},
      {"\u00b5 \u03a9 \u00e4 \u4e2d \U0001f600 \u2026",
       "\u00b5 \u03a9 \u00e4 \u4e2d \U0001f600 \u2026",
       "\u00b5 \u03a9 \u00e4 \u4e2d \U0001f600 \u2026"},
  };
  for (const Case& text : cases) {
    CHECK(escape_controls(text.text) == text.line);
    CHECK(escape_unseen(text.text) == text.lines);
  }
}

TEST_CASE("a byte-order mark is skipped at the start and nowhere else", "[base]") {
  CHECK(without_byte_order_mark("\ufeffa\ufeff") == "a\ufeff");
  CHECK(without_byte_order_mark("a") == "a");
  CHECK(without_byte_order_mark("").empty());
}
