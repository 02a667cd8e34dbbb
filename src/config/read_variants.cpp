#include "config/read_variants.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "config/section.hpp"
#include "config/trust.hpp"

namespace memspice::config {
namespace {

constexpr const char* kArray = "variant";
/// Keys of a variant that are about the study; all others are the flow's.
const std::vector<std::string> kOwnKeys{"name", "x", "series", "counts_only"};

bool is_own_key(const std::string& key) {
  return std::find(kOwnKeys.begin(), kOwnKeys.end(), key) != kOwnKeys.end();
}

[[noreturn]] void reject(const Entry& entry,
                         const std::string& key,
                         const std::string& rule,
                         const std::string& remedy) {
  throw InputError(
      {.place = entry.place, .value = key + " = " + entry.written, .rule = rule, .remedy = remedy});
}

const Entry* find(const ArrayTable& table, const std::string& key) {
  const auto entry = table.keys.find(key);
  return entry == table.keys.end() ? nullptr : &entry->second;
}

std::string read_text(const ArrayTable& table, const std::string& key) {
  const Entry* entry = find(table, key);
  if (entry == nullptr) return {};
  const auto* text = std::get_if<std::string>(&entry->value);
  if (text == nullptr || trim(*text).empty()) {
    reject(*entry, key, "must be a string of some length", "put it in quotes");
  }
  if (escape_controls(*text) != *text) {
    reject(*entry, key, "must not hold control or invisible characters", "remove them");
  }
  return *text;
}

std::string read_name(const ArrayTable& table) {
  const std::string name = read_text(table, "name");
  if (name.empty()) {
    throw InputError({.place = table.place,
                      .value = {},
                      .rule = "key \"name\" is missing in [[variant]]",
                      .remedy = "add name = \"...\"; tables and folders are headed by it"});
  }
  if (variant_folder(name).find_first_not_of(".-_") == std::string::npos) {
    reject(*find(table, "name"),
           "name",
           "must hold a letter or a digit: a folder is named after it",
           "for example name = \"half pruned\"");
  }
  return name;
}

std::optional<double> read_x(const ArrayTable& table) {
  const Entry* entry = find(table, "x");
  if (entry == nullptr) return std::nullopt;
  std::optional<double> x;
  if (const auto* whole = std::get_if<long long>(&entry->value)) x = static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&entry->value)) x = *number;
  if (!x || !std::isfinite(*x)) {
    reject(*entry, "x", "must be a number", "write it without quotes; study.x names its unit");
  }
  return x;
}

bool read_counts_only(const ArrayTable& table) {
  const Entry* entry = find(table, "counts_only");
  if (entry == nullptr) return false;
  const auto* flag = std::get_if<bool>(&entry->value);
  if (flag == nullptr) reject(*entry, "counts_only", "must be true or false", "write true");
  return *flag;
}

/// Two variants would write into one folder.
void require_own_folder(const ArrayTable& table,
                        const std::string& name,
                        const std::vector<std::string>& former) {
  for (const std::string& other : former) {
    if (variant_folder(other) != variant_folder(name)) continue;
    const Entry& entry = *find(table, "name");
    reject(entry,
           "name",
           other == name ? "there is a variant of this name already"
                         : "gives the same folder as \"" + other + "\", " + variant_folder(name),
           "give each variant a name of its own");
  }
}

void require_x_of_all(const std::vector<ArrayTable>& tables) {
  const auto has_x = [](const ArrayTable& table) { return find(table, "x") != nullptr; };
  const auto lacking = std::find_if_not(tables.begin(), tables.end(), has_x);
  if (lacking == tables.end() || std::none_of(tables.begin(), tables.end(), has_x)) return;
  throw InputError({.place = lacking->place,
                    .value = {},
                    .rule = "key \"x\" is missing in [[variant]], though others have one",
                    .remedy = "add x, or take it from all variants"});
}

report::StudyLayout read_study(TomlDocument& flow) {
  report::StudyLayout study;
  Section section(flow, "study");
  section.read("title", study.title);
  section.read("x", study.x);
  section.read("columns", study.columns);
  section.read("claims", study.claims);
  for (const std::string& column : study.columns) {
    try {
      report::find_metric(column, "columns");
    } catch (const InputError& error) {
      const Fault& fault = error.fault();
      section.reject("columns", fault.value + ' ' + fault.rule, fault.remedy);
    }
  }
  return study;
}

/// A flow without variants has nothing to lay side by side.
void require_variants(const TomlDocument& flow) {
  if (!flow.has_table("study")) return;
  throw InputError({.place = flow.file().string(),
                    .value = "[study]",
                    .rule = "lays variants side by side, and there is no [[variant]]",
                    .remedy = "add [[variant]] tables with a name each, or take [study] out"});
}

std::size_t find_variant(const TomlDocument& flow,
                         const std::vector<std::string>& names,
                         const std::string& name) {
  const auto wanted = std::find(names.begin(), names.end(), name);
  if (wanted != names.end()) return static_cast<std::size_t>(wanted - names.begin());
  if (name.empty()) {
    throw InputError({.place = flow.file().string(),
                      .value = std::to_string(names.size()) + " variants",
                      .rule = "this takes one of them",
                      .remedy = "choose with --variant: \"" + join(names, "\", \"") + '"'});
  }
  const std::string rule =
      names.empty() ? "this flow has no [[variant]]" : "is none of this flow's";
  const std::string remedy = names.empty() ? "leave --variant out" : suggest(name, names);
  throw InputError(
      {.place = "--variant", .value = '"' + name + '"', .rule = rule, .remedy = remedy});
}

/// A key without a dot is a variant's own or the flow's seed; anything else is a slip.
void require_flow_key(const std::string& key, const Entry& entry) {
  if (key.find('.') != std::string::npos || key == "seed") return;
  std::vector<std::string> known = kOwnKeys;
  known.push_back("seed");
  throw InputError({.place = entry.key_place,
                    .value = {},
                    .rule = "unknown key \"" + key + "\" in [[variant]]",
                    .remedy = suggest(key, known) + ", or a key of the flow as TABLE.KEY"});
}

}  // namespace

std::string variant_folder(const std::string& name) {
  std::string folder;
  for (const char c : to_lower(name)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    if (plain) {
      folder += c;
    } else if (!folder.empty() && folder.back() != '_') {
      folder += '_';
    }
  }
  while (!folder.empty() && folder.back() == '_') folder.pop_back();
  return folder;
}

std::vector<std::string> variant_names(TomlDocument& flow) {
  std::vector<std::string> names;
  for (const ArrayTable& table : flow.array_tables(kArray)) {
    const std::string name = read_name(table);
    require_own_folder(table, name, names);
    names.push_back(name);
  }
  return names;
}

void apply_variant(TomlDocument& flow, const std::string& name) {
  const std::vector<std::string> names = variant_names(flow);
  if (names.empty()) require_variants(flow);
  read_study(flow);
  if (names.empty() && name.empty()) return;
  const std::size_t index = find_variant(flow, names, name);
  for (const auto& [key, entry] : flow.array_tables(kArray)[index].keys) {
    if (is_own_key(key)) continue;
    require_flow_key(key, entry);
    flow.replace(key, entry);
  }
}

VariantFlow load_variants(const std::filesystem::path& file,
                          const Overrides& overrides,
                          Trust trust) {
  TomlDocument flow(file);
  VariantFlow loaded;
  const std::vector<std::string> names = variant_names(flow);
  if (names.empty()) return loaded;
  for (const std::string& assignment : overrides) flow.override_with(assignment);
  loaded.study = read_study(flow);
  const std::vector<ArrayTable>& tables = flow.array_tables(kArray);
  require_x_of_all(tables);
  for (std::size_t v = 0; v < names.size(); ++v) {
    loaded.variants.push_back({.name = names[v],
                               .series = read_text(tables[v], "series"),
                               .folder = variant_folder(names[v]),
                               .x = read_x(tables[v]),
                               .counts_only = read_counts_only(tables[v]),
                               .options = load_flow(file, overrides, names[v], trust)});
  }
  return loaded;
}

}  // namespace memspice::config
