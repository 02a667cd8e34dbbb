// What is listed of the keys is what their readers do.

#include "config/keys.hpp"

#include <algorithm>
#include <concepts>
#include <cstdlib>
#include <set>

#include "base/text.hpp"
#include "config/flow_file.hpp"
#include "config/section.hpp"

using namespace memspice;
using config::KeyDeclaration;
using testing::FlowFile;

namespace {

// A key that is read is declared: there is no reading by name alone, and no declaration without a
// meaning.
template <typename Name>
concept ReadsBy = requires(config::Section section, Name name, double value) {
  section.read(name, value, Unit::None);
};
static_assert(ReadsBy<config::Key>);
static_assert(!ReadsBy<std::string> && !ReadsBy<const char*>);
static_assert(!std::constructible_from<config::Key, std::string>);

/// A flow that may hold `key`, with what else it needs.
FlowFile flow_for(const KeyDeclaration& key) {
  if (key.table == "periphery.NAME") return FlowFile("[periphery.NAME]\ncircuit = \"relu\"\n");
  if (key.table.starts_with("periphery.")) return FlowFile('[' + key.table + "]\n");
  if (key.table.starts_with("programming")) {
    return FlowFile(
        "[device]\ng_min = \"5 uS\"\ng_max = \"50 uS\"\n"
        "[programming]\nmodel = \"stanford_rram\"\ncard = \"hfox_jiang_2014\"\n");
  }
  if (key.key == "access" || key.key == "gate_voltage") {
    return FlowFile("[array]\ntopology = \"1t1r\"\n");
  }
  return FlowFile("");
}

std::vector<KeyDeclaration> keys_of_flows() {
  std::vector<KeyDeclaration> keys = config::list_keys();
  std::erase_if(keys, [](const KeyDeclaration& key) { return key.table == "variant"; });
  return keys;
}

/// Layers and tables that the user names stand in the list in capitals.
bool is_listed(const KeyDeclaration& key, const std::vector<KeyDeclaration>& keys) {
  const auto has = [&](const std::string& table, const std::string& name) {
    return std::ranges::any_of(
        keys, [&](const auto& other) { return other.table == table && other.key == name; });
  };
  if (has(key.table, key.key) || has(key.table, "LAYER")) return true;
  return key.table.starts_with("periphery.");  // named circuits: sizes stand at their circuit
}

/// The lower and the upper end of "1 to 4096", "-1 to 1".
std::vector<double> ends_of(const std::string& range) {
  const auto at = range.find(" to ");
  if (at == std::string::npos) return {};
  const auto low = parse_double(range.substr(0, at));
  const auto high = parse_double(range.substr(at + 4));
  return low && high ? std::vector{*low, *high} : std::vector<double>{};
}

std::string table_row(const KeyDeclaration& key) {
  const auto cell = [](std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
      text.insert(at, "\\");
    }
    return text;
  };
  const std::string unit = key.unit.empty() ? "" : " [" + key.unit + ']';
  const std::string standard = (key.is_value ? '`' + key.standard + '`' : key.standard) +
                               (key.of_card ? ", of the card" : "");
  return "| `" + key.key + "` | " + key.type + unit + " | " + cell(key.range) + " | " +
         cell(standard) + " | " + cell(std::string(key.meaning)) + " |\n";
}

std::string key_reference() {
  std::string text, table = "-";
  for (const KeyDeclaration& key : config::list_keys()) {
    if (key.table != table) {
      table = key.table;
      const std::string name = table == "variant" ? "[[variant]]" : '[' + table + ']';
      text += "\n### " + (table.empty() ? "At the top" : '`' + name + '`') +
              "\n\n| key | type | range | default | meaning |\n|---|---|---|---|---|\n";
    }
    text += table_row(key);
  }
  return text;
}

}  // namespace

TEST_CASE("every key is listed once and says what it means", "[config][keys]") {
  std::set<std::string> names;
  for (const KeyDeclaration& key : config::list_keys()) {
    INFO(key.full_name());
    CHECK(names.insert(key.full_name()).second);
    CHECK(key.meaning.size() > 3);
    CHECK_FALSE(key.type.empty());
    CHECK_FALSE(key.standard.empty());
    CHECK((key.type != "choice" || !key.range.empty()));
  }
  CHECK(names.size() > 150);
  CHECK(names.contains("nonideality.stuck.on"));
  CHECK(names.contains("data.slices"));
  CHECK(names.contains("periphery.max_pool.window"));
}

TEST_CASE("what shipped flows make the readers ask for is listed", "[config][keys]") {
  const auto keys = config::list_keys();
  int flows = 0;
  const auto folder = std::filesystem::path(MEMSPICE_ROOT_DIR) / "flows";
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder);  // where a text without a file looks for its cards
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;
    ++flows;
    for (const KeyDeclaration& key : config::keys_asked_by(read_file(entry.path()))) {
      INFO(entry.path() << ": " << key.full_name());
      CHECK(is_listed(key, keys));
    }
  }
  std::filesystem::current_path(before);
  CHECK(flows > 10);
}

TEST_CASE("defaults are those of the options, and are accepted", "[config][keys]") {
  const auto keys = config::list_keys();
  const auto standard = [&](const std::string& name) {
    return std::ranges::find(keys, name, &KeyDeclaration::full_name)->standard;
  };
  CHECK(standard("mapping.rows") == std::to_string(mapping::Options{}.rows));
  CHECK(standard("mapping.scheme") == "\"im2col\"");
  CHECK(standard("monte_carlo.percentiles") == "[5, 50, 95]");
  CHECK(standard("programming.width") == "\"100 ns\"");
  CHECK(standard("array.read_voltage") == "\"200 mV\"");
  CHECK(standard("network.file") == "required");
  for (const KeyDeclaration& key : keys_of_flows()) {
    if (!key.is_value) continue;
    INFO(key.full_name() << " = " << key.standard);
    const std::string found = flow_for(key).message({key.full_name() + '=' + key.standard});
    const bool needs_another = key.key == "foreground" || key.table == "spectral";
    if (!needs_another) CHECK(found == "accepted");
  }
}

TEST_CASE("choices are all those that a reader knows", "[config][keys]") {
  for (const KeyDeclaration& key : keys_of_flows()) {
    if (key.type != "choice") continue;
    INFO(key.full_name());
    const std::string told = flow_for(key).message({key.full_name() + "=\"zzzzzzzzzzzz\""});
    INFO(told);
    for (const std::string& word : split(key.range, ',')) {
      CHECK(told.find(trim(word)) != std::string::npos);
    }
  }
}

TEST_CASE("numbers beyond the range that is listed are refused", "[config][keys]") {
  int checked = 0;
  for (const KeyDeclaration& key : keys_of_flows()) {
    std::vector<double> outside;
    if (const auto ends = ends_of(key.range); !ends.empty()) outside = {ends[0] - 1, ends[1] + 1};
    if (key.range == "0 or more") outside = {-1};
    if (key.range.starts_with("above 0")) outside = {-1};
    if (key.range.starts_with("above 0, at most 1")) outside.push_back(101);
    if (!key.type.ends_with("number") || outside.empty()) continue;
    if (key.key == "foreground") continue;  // of image pairs alone
    for (const double value : outside) {
      INFO(key.full_name() << " = " << value);
      CHECK(flow_for(key).message({key.full_name() + '=' + to_text(value)}) != "accepted");
      ++checked;
    }
  }
  CHECK(checked > 80);
}

TEST_CASE("keys_of takes a table with its inner ones, or tells what is near", "[config][keys]") {
  const auto keys = config::list_keys();
  const auto drift = config::keys_of(keys, "nonideality.drift", "keys");
  CHECK(drift.size() == 7);
  CHECK(config::keys_of(keys, "nonideality", "keys").size() > drift.size());
  CHECK_THROWS_WITH(config::keys_of(keys, "maping", "keys"),
                    "keys: \"maping\": is no table of a flow file; did you mean \"mapping\"?");
}

TEST_CASE("flows/README.md has every key as the readers declare it", "[config][keys][golden]") {
  const auto file = std::filesystem::path(MEMSPICE_ROOT_DIR) / "flows" / "README.md";
  const std::string text = read_file(file);
  const std::string heading = "\n## Keys\n";
  const auto at = text.find(heading);
  REQUIRE(at != std::string::npos);
  const auto first = text.find("\n### ", at);
  const std::string before = text.substr(0, first);
  if (std::getenv("MEMSPICE_BLESS") != nullptr) write_file(file, before + key_reference());
  INFO("if the change is meant, run config_test \"[keys]\" with MEMSPICE_BLESS=1");
  CHECK(read_file(file).substr(before.size()) == key_reference());
}
