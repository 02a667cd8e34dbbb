// Every pair of choices, one by one: refused with the table's reason, or accepted.

#include "config/rules.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/rule_settings.hpp"

using namespace memspice;
using config::Overrides;
using memspice::testing::kSettings;
using memspice::testing::settings_of;

namespace {

/// What loading a flow with these settings complains of, or "accepted".
std::string told_of(const Overrides& settings, const std::filesystem::path& folder) {
  const bool pairs =
      std::find(settings.begin(), settings.end(), "data.kind=image_pairs") != settings.end();
  const auto file = folder / "flow.toml";
  write_file(file,
             "[network]\nfile = \"net.onnx\"\n[data]\n" +
                 std::string(pairs ? ""
                                   : "images = \"t\"\nlabels = \"l\"\ncalibration_images = \"c\"\n"
                                     "calibration_labels = \"d\"\n"));
  try {
    config::load_flow(file, settings);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

bool holds(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("the table of rules has the choices that a flow can make", "[config][rules]") {
  REQUIRE(config::choice_count() == kSettings.size());
  for (std::size_t k = 0; k < kSettings.size(); ++k) {
    CHECK(config::choice_name(k) == kSettings[k].first);
  }
}

TEST_CASE("each pair of choices is refused with its reason, or accepted", "[config][rules]") {
  const TemporaryFolder folder;
  int refused = 0, allowed = 0;
  for (std::size_t a = 0; a < kSettings.size(); ++a) {
    for (std::size_t b = a + 1; b < kSettings.size(); ++b) {
      const config::Rule rule = config::rule_of(a, b);
      CHECK(config::rule_of(b, a).reason == rule.reason);
      if (rule.excludes_itself) continue;
      const std::string told = told_of(settings_of(a, b), folder.path());
      CAPTURE(config::choice_name(a), config::choice_name(b), told);
      if (rule.is_allowed) {
        CHECK(told == "accepted");
        ++allowed;
        continue;
      }
      CHECK(holds(told, "does not run with " + config::choice_name(b)));
      CHECK(holds(told, rule.reason));
      CHECK(holds(told, rule.remedy));
      ++refused;
    }
  }
  // 37 choices, of which those of one key exclude one another: 3 topologies, 2 inputs, 3 schemes,
  // 2 biases, 2 ways to write.
  CHECK(refused + allowed == 37 * 36 / 2 - (3 + 1 + 3 + 1 + 1));
}

TEST_CASE("arrays that only reads know are neither written nor perturbed", "[config][rules]") {
  // Both scored word lines by bit lines of neighbouring pairs whatever the flow said.
  const TemporaryFolder folder;
  const Overrides written = kSettings[20].second;
  for (const char* scheme : {"programming.scheme=v/3", "programming.scheme=1t1r"}) {
    Overrides settings = written;
    settings.push_back(scheme);
    settings.push_back("array.pairs=shared_bit_line");
    const std::string told = told_of(settings, folder.path());
    CHECK(holds(told, "array.pairs"));
    CHECK(holds(told, "programming.scheme"));
    CHECK(holds(told, "use neighbouring bit lines"));
  }
}

TEST_CASE("a refused choice is named at its place in the file", "[config][rules]") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "flow.toml";
  write_file(file,
             "[network]\nfile = \"n\"\n[data]\nimages = \"t\"\nlabels = \"l\"\n"
             "calibration_images = \"c\"\ncalibration_labels = \"d\"\n"
             "[nonideality.stuck]\non = 0.1\n[array]\npairs = \"shared_bit_line\"\n");
  CHECK_THROWS_WITH(config::load_flow(file),
                    Catch::Contains("flow.toml:11:9: array.pairs = \"shared_bit_line\"") &&
                        Catch::Contains("[nonideality]"));
}
