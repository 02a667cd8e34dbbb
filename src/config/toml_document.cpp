#include "config/toml_document.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <optional>
#include <sstream>
#include <tuple>

#include "base/files.hpp"
#include "base/text.hpp"

namespace memspice::config {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20;
// A dotted key nests a table per dot, and nested tables are destroyed by recursion: a bound on the
// line is a bound on the depth.
constexpr std::size_t kLongestLine = 4096;

std::string place_of(const std::string& file, const toml::source_region& region) {
  return file + ':' + std::to_string(region.begin.line) + ':' + std::to_string(region.begin.column);
}

void require_short_lines(std::string_view text, const std::string& file) {
  std::size_t line = 1;
  for (const std::string& row : split(text, '\n')) {
    if (row.size() > kLongestLine) {
      throw InputError({.place = file + ':' + std::to_string(line),
                        .value = std::to_string(row.size()) + " bytes",
                        .rule = "a line holds at most " + std::to_string(kLongestLine),
                        .remedy = "break the text into several lines"});
    }
    ++line;
  }
}

toml::table parse(std::string_view text, const std::string& file) {
  require_short_lines(text, file);
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw InputError({.place = place_of(file, error.source()),
                      .value = {},
                      .rule = "is not valid TOML: " + std::string(error.description()),
                      .remedy = "mend this line; strings need quotes"});
  }
}

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

/// The value of a node and how to name it in a message.
std::pair<Scalar, std::string> read_scalar(const toml::node& node) {
  if (const auto* flag = node.as_boolean()) {
    return {flag->get(), flag->get() ? "true" : "false"};
  }
  if (const auto* number = node.as_integer()) {
    return {static_cast<long long>(number->get()), std::to_string(number->get())};
  }
  if (const auto* number = node.as_floating_point()) {
    return {number->get(), to_text(number->get())};
  }
  if (const auto* text = node.as_string()) return {text->get(), quoted(text->get())};
  if (node.is_table()) return {std::monostate{}, "a table"};
  return {std::monostate{}, node.is_array() ? "an array" : "a date or time"};
}

/// The value of a key, without its place.
Entry read_value(const toml::node& node) {
  auto [value, written] = read_scalar(node);
  Entry entry{
      .value = std::move(value), .written = std::move(written), .place = {}, .key_place = {}};
  entry.is_table = node.is_table();
  entry.is_array = node.is_array();
  if (const toml::array* array = node.as_array()) {
    for (const toml::node& item : *array) entry.items.push_back(read_scalar(item).first);
  }
  return entry;
}

Entry make_entry(const std::string& file, const toml::key& key, const toml::node& node) {
  Entry entry = read_value(node);
  entry.place = place_of(file, node.source());
  entry.key_place = place_of(file, key.source());
  return entry;
}

/// The right side of an override: TOML where it is TOML, else the text itself.
Entry read_override(const std::string& text) {
  const Entry bare{.value = text, .written = quoted(text), .place = {}, .key_place = {}};
  if (text.size() > kLongestLine) return bare;
  try {
    const toml::table table = toml::parse("value = " + text);
    return read_value(*table.get("value"));
  } catch (const toml::parse_error&) {
    return bare;
  }
}

/// Compares places by line and column, so that the first fault of a file is reported first.
std::tuple<bool, std::size_t, std::string> order_of(const Entry& entry) {
  const auto parts = split(entry.key_place, ':');
  const auto line = parts.size() < 2 ? std::nullopt : parse_integer(parts[parts.size() - 2]);
  return {entry.is_override, static_cast<std::size_t>(line.value_or(0)), entry.key_place};
}

}  // namespace

std::string full_name(const std::string& table, const std::string& key) {
  return table.empty() ? key : table + '.' + key;
}

TomlDocument::TomlDocument(const std::filesystem::path& file) : file_(file) {
  const std::string name = file.string();
  const toml::table root = parse(read_file(file, kLargestFile), name);
  known_[""] = {};
  for (const auto& [key, node] : root) {
    const std::string table(key.str());
    if (!node.is_table()) {
      tables_[""].emplace(table, make_entry(name, key, node));
      continue;
    }
    tables_[table];
    table_places_[table] = place_of(name, key.source());
    for (const auto& [inner, value] : *node.as_table()) {
      tables_[table].emplace(inner.str(), make_entry(name, inner, value));
      if (!value.is_table()) continue;
      for (const auto& [innermost, leaf] : *value.as_table()) {
        const std::string dotted = std::string(inner.str()) + '.' + std::string(innermost.str());
        tables_[table].emplace(dotted, make_entry(name, innermost, leaf));
      }
    }
  }
}

TomlDocument::TomlDocument() : file_("--set") {
  known_[""] = {};
}

void TomlDocument::override_with(std::string_view assignment) {
  const auto equals = assignment.find('=');
  const std::string name(trim(assignment.substr(0, equals)));
  const bool printable = std::none_of(
      assignment.begin(), assignment.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (equals == std::string_view::npos || name.empty() || !printable) {
    throw InputError({.place = "--set",
                      .value = quoted(std::string(assignment)),
                      .rule = "must be table.key=value",
                      .remedy = "for example --set array.wire=\"2 Ohm\""});
  }
  const auto dot = name.find('.');
  const std::string table = dot == std::string::npos ? "" : name.substr(0, dot);
  const std::string key = dot == std::string::npos ? name : name.substr(dot + 1);
  Entry entry = read_override(std::string(trim(assignment.substr(equals + 1))));
  entry.place = entry.key_place = "--set " + name;
  entry.is_override = true;
  table_places_.try_emplace(table, entry.place);
  tables_[table][key] = std::move(entry);
}

const Entry* TomlDocument::find(const std::string& table, const std::string& key) {
  auto& known = known_[table];
  if (std::find(known.begin(), known.end(), key) == known.end()) known.push_back(key);
  const auto found = tables_.find(table);
  if (found == tables_.end()) return nullptr;
  const auto entry = found->second.find(key);
  if (entry == found->second.end()) return nullptr;
  entry->second.is_read = true;
  return &entry->second;
}

const Entry* TomlDocument::peek(const std::string& table, const std::string& key) const {
  const auto found = tables_.find(table);
  if (found == tables_.end()) return nullptr;
  const auto entry = found->second.find(key);
  return entry == found->second.end() ? nullptr : &entry->second;
}

std::vector<std::string> TomlDocument::unread_keys(const std::string& table) {
  known_[table];
  std::vector<std::string> keys;
  const auto found = tables_.find(table);
  if (found == tables_.end()) return keys;
  for (const auto& [key, entry] : found->second) {
    if (!entry.is_read) keys.push_back(key);
  }
  return keys;
}

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
                      .value = quoted(key) + " is " + entry.written,
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

void TomlDocument::finish() const {
  const Entry* first = nullptr;
  std::pair<std::string, std::string> name;
  for (const auto& [table, entries] : tables_) {
    for (const auto& [key, entry] : entries) {
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
