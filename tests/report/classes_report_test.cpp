#include "report/classes_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memspice::report;
using Catch::Matchers::Contains;

namespace {

// Three classes, none of class 2 among the labels.
const std::vector<int> kLabels{0, 0, 0, 1, 1};

std::vector<Confusion> two_passes() {
  return {confusion_of("float", kLabels, {0, 0, 0, 1, 1}, 3),
          confusion_of("mesh", kLabels, {0, 2, 2, 1, 0}, 3)};
}

}  // namespace

TEST_CASE("images are counted by label and prediction", "[report][classes]") {
  const Confusion mesh = two_passes().back();
  Eigen::Matrix3i wanted;
  wanted << 1, 0, 2, 1, 1, 0, 0, 0, 0;
  CHECK(mesh.images == wanted);
  CHECK(mesh.accuracy_of(0) == Approx(1.0 / 3.0));
  CHECK(mesh.accuracy_of(1) == 0.5);
  CHECK_FALSE(mesh.accuracy_of(2));
  CHECK_THROWS_AS(confusion_of("mesh", kLabels, {0}, 3), std::invalid_argument);
}

TEST_CASE("the section tells each class's accuracy and what it is taken for", "[report][classes]") {
  const Section section = classes_section(two_passes());
  CHECK(section.key == "classes");
  const auto& rows = section.tables.front().table.rows;
  CHECK(rows.at(0) == std::vector<std::string>{"0", "3", "100.00 %", "33.33 %", "2 (2)"});
  CHECK(rows.at(1) == std::vector<std::string>{"1", "2", "100.00 %", "50.00 %", "0 (1)"});
  CHECK(rows.at(2) == std::vector<std::string>{"2", "0", "", "", ""});
  REQUIRE(section.maps.size() == 1);
  CHECK(section.maps.front().values(0, 2) == Approx(2.0 / 3.0));
  CHECK((*section.json)["by_class"][1]["accuracy"]["mesh"] == 0.5);
  CHECK((*section.json)["by_class"][2]["accuracy"]["mesh"].is_null());
  CHECK((*section.json)["confusion"]["mesh"][0] == nlohmann::json{1, 0, 2});
  CHECK(to_terminal(section).empty());
}

TEST_CASE("of many classes those that lose most are shown", "[report][classes]") {
  std::vector<int> labels, right, wrong;
  for (int k = 0; k < 300; ++k) {
    labels.push_back(k);
    right.push_back(k);
    wrong.push_back(k < 280 ? k : 0);
  }
  const Section section = classes_section(
      {confusion_of("float", labels, right, 300), confusion_of("mesh", labels, wrong, 300)});
  CHECK(section.tables.front().table.rows.size() == 20);
  CHECK(section.tables.front().table.rows.front().front() == "280");
  CHECK(section.maps.empty());
  CHECK((*section.json)["confusion"].empty());
  CHECK((*section.json)["by_class"].size() == 300);
}
