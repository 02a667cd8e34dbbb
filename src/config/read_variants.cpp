#include "config/read_variants.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.hpp"
#include "config/read_flow.hpp"
#include "config/section.hpp"
#include "config/trust.hpp"

namespace memspice::config {
namespace {

constexpr const char* kArray = "variant";
KeyDeclaration own_key(const char* key, const char* type, const char* standard, const char* means) {
  return {.table = kArray,
          .key = key,
          .type = type,
          .standard = standard,
          .is_value = false,
          .meaning = means};
}

/// Keys of a variant that are about the study; all others are the flow's.
const std::vector<KeyDeclaration> kOwnKeys{
    own_key("name", "string", "required", "heads its row and its folder"),
    own_key("x", "number", "none", "where it stands in plots; study.x names the unit"),
    own_key("series", "string", "none", "one line in plots, compared with its first variant"),
    own_key("counts_only", "true or false", "false", "its crossbars are counted, nothing is run")};

bool is_own_key(const std::string& key) {
  return std::ranges::find(kOwnKeys, key, &KeyDeclaration::key) != kOwnKeys.end();
}

[[noreturn]] void reject_variant(const Entry& entry,
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
    reject_variant(*entry, key, "must be a string of some length", "put it in quotes");
  }
  if (escape_controls(*text) != *text) {
    reject_variant(*entry, key, "must not hold control or invisible characters", "remove them");
  }
  return *text;
}

/// Files that a study writes beside its variants' folders: the results, the page, the counts, and
/// the store that all variants share, with SQLite's own files.
bool is_study_file(const std::string& folder) {
  static const std::vector<std::string> kFiles{
      "results.json", "report.html", "map.json", "characterization.json", "periphery.json"};
  return std::find(kFiles.begin(), kFiles.end(), folder) != kFiles.end() ||
         folder.starts_with("tiles.sqlite");
}

/// The folder must be one that can be made and that nothing else is called by: a clash would come
/// to light when everything is computed.
void require_usable_folder(const Entry& entry, const std::string& folder) {
  constexpr std::size_t kLongest = 200;  // bytes; file systems take 255
  if (folder.find_first_not_of(".-_") == std::string::npos) {
    reject_variant(entry,
                   "name",
                   "must hold a letter or a digit: a folder is named after it",
                   "for example name = \"half pruned\"");
  }
  if (folder.size() > kLongest) {
    reject_variant(entry,
                   "name",
                   "gives a folder of more than " + std::to_string(kLongest) + " letters",
                   "shorten it; series and x can say the rest");
  }
  if (is_study_file(folder)) {
    reject_variant(
        entry,
        "name",
        "gives the folder " + folder + ", and the study has a file of that name beside it",
        "call the variant by what it varies");
  }
}

std::string read_name(const ArrayTable& table) {
  const std::string name = read_text(table, "name");
  if (name.empty()) {
    throw InputError({.place = table.place,
                      .value = {},
                      .rule = "key \"name\" is missing in [[variant]]",
                      .remedy = "add name = \"...\"; tables and folders are headed by it"});
  }
  require_usable_folder(*find(table, "name"), variant_folder(name));
  return name;
}

std::optional<double> read_x(const ArrayTable& table) {
  const Entry* entry = find(table, "x");
  if (entry == nullptr) return std::nullopt;
  std::optional<double> x;
  if (const auto* whole = std::get_if<long long>(&entry->value)) x = static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&entry->value)) x = *number;
  if (!x || !std::isfinite(*x)) {
    reject_variant(
        *entry, "x", "must be a number", "write it without quotes; study.x names its unit");
  }
  return x;
}

bool read_counts_only(const ArrayTable& table) {
  const Entry* entry = find(table, "counts_only");
  if (entry == nullptr) return false;
  const auto* flag = std::get_if<bool>(&entry->value);
  if (flag == nullptr) reject_variant(*entry, "counts_only", "must be true or false", "write true");
  return *flag;
}

/// Two variants would write into one folder. `former`: folder -> name.
void require_own_folder(const ArrayTable& table,
                        const std::string& name,
                        std::map<std::string, std::string>& former) {
  const auto [other, is_new] = former.emplace(variant_folder(name), name);
  if (is_new) return;
  reject_variant(*find(table, "name"),
                 "name",
                 other->second == name
                     ? "there is a variant of this name already"
                     : "gives the same folder as \"" + other->second + "\", " + other->first,
                 "give each variant a name of its own");
}

std::vector<std::string> names_of(const std::vector<ArrayTable>& tables) {
  std::vector<std::string> names;
  std::map<std::string, std::string> folders;
  for (const ArrayTable& table : tables) {
    names.push_back(read_name(table));
    require_own_folder(table, names.back(), folders);
  }
  return names;
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

void require_metrics(const Section& section, const std::vector<std::string>& columns) {
  for (const std::string& column : columns) {
    try {
      report::find_metric(column, "columns");
    } catch (const InputError& e) {
      section.reject("columns", e.fault().value + ' ' + e.fault().rule, e.fault().remedy);
    }
  }
}

report::StudyLayout read_study(TomlDocument& flow) {
  report::StudyLayout study;
  Section section(flow, "study");
  section.read({"title", "of the study", {.standard = "the flow's name"}}, study.title);
  section.read({"x", "what the variants' x is, with its unit"}, study.x);
  section.read({"columns",
                "figures that are laid side by side: accuracy.calibrated, energy_total_joule, ...",
                {.standard = "the usual ones"}},
               study.columns);
  section.read({"claims", "of others, to be laid beside"}, study.claims);
  require_metrics(section, study.columns);
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
  std::vector<std::string> known;
  for (const KeyDeclaration& own : kOwnKeys) known.push_back(own.key);
  known.push_back("seed");
  throw InputError({.place = entry.key_place,
                    .value = {},
                    .rule = "unknown key \"" + key + "\" in [[variant]]",
                    .remedy = suggest(key, known) + ", or a key of the flow as TABLE.KEY"});
}

/// Puts a variant's keys in place of the flow's.
void lay_over(TomlDocument& flow, const ArrayTable& table) {
  for (const auto& [key, entry] : table.keys) {
    if (is_own_key(key)) continue;
    require_flow_key(key, entry);
    flow.replace(key, entry);
  }
}

FlowOptions read_options(TomlDocument flow,
                         const ArrayTable& table,
                         const Overrides& overrides,
                         const std::string& name,
                         Trust trust) {
  read_study(flow);  // known to every variant
  lay_over(flow, table);
  for (const std::string& assignment : overrides) flow.override_with(assignment);
  return read_flow(flow, name, trust);
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

void apply_variant(TomlDocument& flow, const std::string& name) {
  if (flow.lists_keys()) {
    for (const KeyDeclaration& own : kOwnKeys) flow.list_key(own);
  }
  const std::vector<ArrayTable>& tables = flow.array_tables(kArray);
  const std::vector<std::string> names = names_of(tables);
  if (names.empty()) require_variants(flow);
  read_study(flow);
  if (names.empty() && name.empty()) return;
  lay_over(flow, tables[find_variant(flow, names, name)]);
}

VariantFlow load_variants(const std::filesystem::path& file,
                          const Overrides& overrides,
                          Trust trust) {
  // The file is read once, and each variant starts from a copy that holds no other variant: what
  // a thousand of them take grows with their number alone.
  TomlDocument flow(file);
  const std::vector<ArrayTable> tables = flow.take_array_tables(kArray);
  const std::vector<std::string> names = names_of(tables);
  VariantFlow loaded;
  if (names.empty()) return loaded;
  TomlDocument overridden = flow;
  for (const std::string& assignment : overrides) overridden.override_with(assignment);
  loaded.study = read_study(overridden);
  require_x_of_all(tables);
  for (std::size_t v = 0; v < names.size(); ++v) {
    loaded.variants.push_back(
        {.name = names[v],
         .series = read_text(tables[v], "series"),
         .folder = variant_folder(names[v]),
         .x = read_x(tables[v]),
         .counts_only = read_counts_only(tables[v]),
         .options = read_options(flow, tables[v], overrides, names[v], trust)});
  }
  return loaded;
}

}  // namespace memspice::config
