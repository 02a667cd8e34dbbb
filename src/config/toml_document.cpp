#include "config/toml_document.hpp"

#include <toml++/toml.h>
#include <algorithm>

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/visible_text.hpp"

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
  text = without_byte_order_mark(text);
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
  if (const auto* text = node.as_string()) return {text->get(), in_quotes(text->get())};
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

/// Every key below `table`, however deep, under its dotted path.
void collect_keys(const std::string& file,
                  const toml::table& table,
                  const std::string& prefix,
                  std::map<std::string, Entry>& keys) {
  for (const auto& [key, node] : table) {
    const std::string path = prefix + std::string(key.str());
    if (const toml::table* inner = node.as_table()) {
      collect_keys(file, *inner, path + '.', keys);
    } else {
      keys.emplace(path, make_entry(file, key, node));
    }
  }
}

std::vector<ArrayTable> read_array_tables(const std::string& file, const toml::array& array) {
  std::vector<ArrayTable> tables;
  for (const toml::node& node : array) {
    tables.push_back({.place = place_of(file, node.source()), .keys = {}});
    collect_keys(file, *node.as_table(), "", tables.back().keys);
  }
  return tables;
}

/// The right side of an override: TOML where it is TOML, else the text itself.
Entry read_override(const std::string& text) {
  const Entry bare{.value = text, .written = in_quotes(text), .place = {}, .key_place = {}};
  if (text.size() > kLongestLine) return bare;
  try {
    const toml::table table = toml::parse("value = " + text);
    return read_value(*table.get("value"));
  } catch (const toml::parse_error&) {
    return bare;
  }
}

}  // namespace

std::string full_name(const std::string& table, const std::string& key) {
  return table.empty() ? key : table + '.' + key;
}

TomlDocument::TomlDocument(const std::filesystem::path& file)
    : TomlDocument(read_file(file, kLargestFile), file) {}

TomlDocument::TomlDocument(std::string_view text, const std::filesystem::path& file) : file_(file) {
  const std::string name = file.string();
  const toml::table root = parse(text, name);
  known_[""] = {};
  for (const auto& [key, node] : root) {
    const std::string table(key.str());
    if (node.is_array_of_tables()) {
      arrays_.emplace(table, read_array_tables(name, *node.as_array()));
      continue;
    }
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
                      .value = in_quotes(std::string(assignment)),
                      .rule = "must be table.key=value",
                      .remedy = "for example --set array.wire=\"2 Ohm\""});
  }
  Entry entry = read_override(std::string(trim(assignment.substr(equals + 1))));
  entry.place = entry.key_place = "--set " + name;
  entry.is_override = true;
  replace(name, std::move(entry));
}

void TomlDocument::replace(const std::string& name, Entry entry) {
  const auto dot = name.find('.');
  const std::string table = dot == std::string::npos ? "" : name.substr(0, dot);
  const std::string key = dot == std::string::npos ? name : name.substr(dot + 1);
  if (!table.empty()) table_places_.try_emplace(table, entry.place);
  tables_[table][key] = std::move(entry);
}

const std::vector<ArrayTable>& TomlDocument::array_tables(const std::string& name) {
  static const std::vector<ArrayTable> kNone;
  known_arrays_.insert(name);
  const auto found = arrays_.find(name);
  return found == arrays_.end() ? kNone : found->second;
}

std::vector<ArrayTable> TomlDocument::take_array_tables(const std::string& name) {
  known_arrays_.insert(name);
  const auto found = arrays_.find(name);
  if (found == arrays_.end()) return {};
  std::vector<ArrayTable> tables = std::move(found->second);
  arrays_.erase(found);
  return tables;
}

void TomlDocument::list_key(KeyDeclaration key) {
  const bool is_listed = std::any_of(keys_->begin(), keys_->end(), [&](const auto& former) {
    return former.table == key.table && former.key == key.key;
  });
  if (!is_listed) keys_->push_back(std::move(key));
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

}  // namespace memspice::config
