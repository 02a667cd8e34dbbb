// What a TOML document refuses once all its readers are done.

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/text.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {
namespace {

/// Compares places by line and column, so that the first fault of a file is reported first.
std::tuple<bool, std::size_t, std::string> order_of(const Entry& entry) {
  const auto parts = split(entry.key_place, ':');
  const auto line = parts.size() < 2 ? std::nullopt : parse_integer(parts[parts.size() - 2]);
  return {entry.is_override, static_cast<std::size_t>(line.value_or(0)), entry.key_place};
}

/// Whether somebody asked for a key of the table `name` among the entries: a table within one.
bool is_read_within(const std::map<std::string, Entry>& entries, const std::string& name) {
  const std::string prefix = name + '.';
  return std::ranges::any_of(entries, [&](const auto& each) {
    return each.second.is_read && each.first.starts_with(prefix);
  });
}

}  // namespace

void TomlDocument::note_missing(const std::string& table,
                                const std::string& key,
                                const std::string& example) {
  const std::string where = table.empty() ? "at the top" : "in [" + table + ']';
  const auto place = table_places_.find(table);
  missing_.push_back({.place = place == table_places_.end() ? file_.string() : place->second,
                      .value = {},
                      .rule = "key \"" + key + "\" is missing " + where,
                      .remedy = "add " + key + " = " + example});
}

std::vector<std::string> TomlDocument::known_tables() const {
  std::vector<std::string> names;
  for (const auto& [table, keys] : known_) {
    if (!table.empty()) names.push_back(table);
  }
  return names;
}

void TomlDocument::reject_unknown(const std::string& table,
                                  const std::string& key,
                                  const Entry& entry) const {
  const bool known = known_.count(table) > 0;
  if (!known) {
    throw InputError({.place = entry.is_override ? entry.key_place : table_places_.at(table),
                      .value = {},
                      .rule = "unknown table [" + table + ']',
                      .remedy = suggest(table, known_tables())});
  }
  if (table.empty() && known_.count(key) > 0) {
    throw InputError({.place = entry.place,
                      .value = in_quotes(key) + " is " + entry.written,
                      .rule = "must be a table",
                      .remedy = "write [" + key + "], or --set " + key + ".KEY=VALUE"});
  }
  auto candidates = known_.at(table);
  if (table.empty()) {
    for (std::string& name : known_tables()) candidates.push_back('[' + name + ']');
  }
  throw InputError({.place = entry.key_place,
                    .value = {},
                    .rule = "unknown key \"" + key + '"' +
                            (table.empty() ? " at the top" : " in [" + table + ']'),
                    .remedy = suggest(key, candidates)});
}

void TomlDocument::require_known_arrays() const {
  for (const auto& [name, tables] : arrays_) {
    if (known_arrays_.count(name) > 0) continue;
    const bool is_table = known_.count(name) > 0;
    const std::vector<std::string> arrays(known_arrays_.begin(), known_arrays_.end());
    throw InputError(
        {.place = tables.front().place,
         .value = {},
         .rule = (is_table ? "one table, not several: [[" : "unknown tables [[") + name + "]]",
         .remedy = is_table ? "write [" + name + ']'
                            : suggest(name, arrays.empty() ? known_tables() : arrays)});
  }
  for (const std::string& name : known_arrays_) {
    const auto place = table_places_.find(name);
    if (place == table_places_.end()) continue;
    throw InputError({.place = place->second,
                      .value = '[' + name + ']',
                      .rule = "there may be several of these: they are [[" + name + "]]",
                      .remedy = "write [[" + name + "]]"});
  }
}

void TomlDocument::finish() const {
  require_known_arrays();
  const Entry* first = nullptr;
  std::pair<std::string, std::string> name;
  for (const auto& [table, entries] : tables_) {
    for (const auto& [key, entry] : entries) {
      if (entry.is_table && is_read_within(entries, key)) continue;
      if (entry.is_read || (first != nullptr && order_of(*first) <= order_of(entry))) continue;
      first = &entry;
      name = {table, key};
    }
  }
  if (first != nullptr) reject_unknown(name.first, name.second, *first);
  for (const auto& [table, place] : table_places_) {
    if (table.empty() || known_.count(table) > 0) continue;
    reject_unknown(
        table, "", Entry{.value = {}, .written = {}, .place = place, .key_place = place});
  }
  if (!missing_.empty()) throw InputError(missing_.front());
}

void TomlDocument::reject(const std::string& table, const std::string& key, Fault fault) const {
  const std::string name = full_name(table, key);
  const Entry* entry = peek(table, key);
  if (entry == nullptr) {
    fault.place = file_.string();
    fault.value = name + (fault.value.empty() ? "" : " = " + fault.value);
  } else {
    fault.place = entry->place;
    fault.value = entry->is_override ? entry->written : name + " = " + entry->written;
  }
  throw InputError(std::move(fault));
}

}  // namespace memspice::config
