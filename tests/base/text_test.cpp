#include "base/text.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <locale>

#include "base/random.hpp"

using namespace memspice;

namespace {

/// A decimal comma for the streams of the whole process while it lives.
class CommaLocale {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
  };

 public:
  CommaLocale() : before_(std::locale::global(std::locale(std::locale(), new Comma))) {}
  ~CommaLocale() { std::locale::global(before_); }
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;

 private:
  std::locale before_;
};

const std::vector<std::string> kKeys{"rows", "columns", "scheme"};

}  // namespace

TEST_CASE("to_text gives the shortest text that reads back the same", "[base]") {
  CHECK(to_text(0.1) == "0.1");
  CHECK(to_text(1e-6) == "1e-06");
  CHECK(to_text(-0.0) == "-0");
  CHECK(to_text(42LL) == "42");
  CHECK(to_text(1.0 / 3.0) == "0.3333333333333333");
  RandomStream stream(1, "text_test");
  for (int k = 0; k < 1000; ++k) {
    const double value = std::ldexp(stream.uniform(-1.0, 1.0), static_cast<int>(stream.below(600)));
    CHECK(parse_double(to_text(value)) == value);
  }
  using limits = std::numeric_limits<double>;
  for (const double value : {limits::max(), limits::min(), limits::denorm_min()}) {
    CHECK(parse_double(to_text(value)) == value);
  }
}

TEST_CASE("numbers keep their point whatever the locale", "[base]") {
  const CommaLocale comma;
  CHECK(to_text(1.5) == "1.5");
  CHECK(to_text_rounded(1.2345, 3) == "1.23");
  CHECK(parse_double("1.5") == 1.5);
  CHECK_FALSE(parse_double("1,5"));
}

TEST_CASE("to_text_rounded keeps the given number of significant digits", "[base]") {
  CHECK(to_text_rounded(3.14159, 3) == "3.14");
  CHECK(to_text_rounded(99.96, 3) == "100");
  CHECK(to_text_rounded(0.0, 4) == "0");
}

TEST_CASE("parse_double takes the whole text or nothing", "[base]") {
  CHECK(parse_double(" 2.5e-3\t") == 2.5e-3);
  CHECK(parse_double("+7") == 7.0);
  CHECK(parse_double("-.5") == -0.5);
  CHECK(std::isnan(parse_double("nan").value()));
  CHECK(std::isinf(parse_double("-inf").value()));
  for (const char* text : {"", " ", "+", "+-1", "1.5x", "1 2", "0x10", "1e", "1e999", "--1"}) {
    INFO("text: \"" << text << '"');
    CHECK_FALSE(parse_double(text));
  }
}

TEST_CASE("parse_integer refuses fractions and what does not fit", "[base]") {
  CHECK(parse_integer("-12") == -12);
  CHECK(parse_integer("9223372036854775807") == 9223372036854775807LL);
  for (const char* text : {"", "1.0", "1e3", "9223372036854775808", "12 ms"}) {
    INFO("text: \"" << text << '"');
    CHECK_FALSE(parse_integer(text));
  }
}

TEST_CASE("escape_controls leaves no line break and touches nothing else", "[base]") {
  CHECK(escape_controls("a\nb\tc\rd\x7f") == "a\\nb\\tc\\x0dd\\x7f");
  CHECK(escape_controls(std::string("\0", 1)) == "\\x00");
  CHECK(escape_controls("plain text, Ω") == "plain text, Ω");
}

TEST_CASE("trim, to_lower, split and join", "[base]") {
  CHECK(trim(" \t a b \r\n") == "a b");
  CHECK(trim("   ").empty());
  CHECK(to_lower("Conv1-ÄX") == "conv1-Äx");
  CHECK(split("a,,b", ',') == std::vector<std::string>{"a", "", "b"});
  CHECK(split("", ',') == std::vector<std::string>{""});
  CHECK(join(std::vector<std::string>{"a", "b"}, ", ") == "a, b");
  CHECK(join(std::vector<std::string>{}, ", ").empty());
}

TEST_CASE("closest_match offers a near key and none that is far", "[base]") {
  CHECK(closest_match("collumns", kKeys) == "columns");  // one insertion
  CHECK(closest_match("ROWS", kKeys) == "rows");         // case does not count
  CHECK(closest_match("row", kKeys) == "rows");
  CHECK_FALSE(closest_match("wire", kKeys));
  CHECK_FALSE(closest_match("anything", std::vector<std::string>{}));
}

TEST_CASE("suggest falls back to the whole list", "[base]") {
  CHECK(suggest("shceme", kKeys) == "did you mean \"scheme\"?");  // two substitutions of six
  CHECK(suggest("wire", kKeys) == "one of rows, columns, scheme");
}
