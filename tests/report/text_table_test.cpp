// Tables in a terminal: columns that line up whatever the cells hold.

#include "report/text_table.hpp"

#include <catch2/catch.hpp>

using namespace memspice::report;

TEST_CASE("text goes to the left, numbers to the right, and no line ends in blanks",
          "[report][table]") {
  TextTable table({{"layer", Align::Left}, {"tiles"}, {"runs as", Align::Left}});
  table.add({"conv1", "4", "calibrated"});
  table.add_rule();
  table.add({"all", "1,204", ""});
  CHECK(table.str() ==
        "  layer  tiles  runs as\n"
        "  -----  -----  ----------\n"
        "  conv1      4  calibrated\n"
        "  -----  -----  ----------\n"
        "  all    1,204\n");
}

TEST_CASE("missing cells are blank and surplus ones have no column", "[report][table]") {
  TextTable table({{"a", Align::Left}, {"b"}});
  table.add({"x"});
  table.add({"y", "1", "lost"});
  CHECK(table.str(0) == "a  b\n-  -\nx\ny  1\n");
}

TEST_CASE("a table without rows is its titles", "[report][table]") {
  CHECK(TextTable({{"name", Align::Left}}).str(1) == " name\n ----\n");
}

TEST_CASE("letters of several bytes are one column wide", "[report][table]") {
  CHECK(display_width("µS") == 2);
  CHECK(display_width("…") == 1);
  TextTable table({{"unit", Align::Left}, {"x"}});
  table.add({"µΩ", "1"});
  table.add({"Ohm", "2"});
  CHECK(table.str(0) == "unit  x\n----  -\nµΩ    1\nOhm   2\n");
}

TEST_CASE("a name is cut between letters, never within one", "[report][table]") {
  CHECK(shorten("conv1", 10) == "conv1");
  CHECK(shorten("conv1", 4) == "conv");
  CHECK(shorten("µµµ", 2) == "µµ");
  CHECK(shorten("abc", 0).empty());
}
