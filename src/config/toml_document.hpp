#pragma once
// A TOML file as tables of scalars, each with its place, and a record of what was read: what nobody
// asked for is refused.

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "config/key.hpp"

namespace memspice::config {

/// What a key may hold. monostate: a table, an array or a date.
using Scalar = std::variant<std::monostate, bool, long long, double, std::string>;

struct Entry {
  Scalar value;
  std::vector<Scalar> items = {};  ///< of an array; its value is monostate
  bool is_array = false, is_table = false;
  std::string written;    ///< as text: `"50 uS"`, `64`, `an array`
  std::string place;      ///< of the value: file:line:column, or `--set table.key`
  std::string key_place;  ///< of the key
  bool is_override = false;
  bool is_read = false;
};

/// One table of an array of tables, [[name]].
struct ArrayTable {
  std::string place;  ///< of the table
  /// Its keys as dotted paths that start in it: "mapping.rows", in order of their names.
  std::map<std::string, Entry> keys;
};

/// Two levels, as flow files and cards have them; top-level keys live in the table "". A table
/// within a table is a key of the outer one, and each of its keys one more: [a.b] c is key "b.c" of
/// [a]. Arrays of tables, [[a]], are kept apart.
class TomlDocument {
 public:
  /// Throws InputError naming file:line:column for malformed TOML, invalid UTF-8, nesting beyond
  /// reason, or a file above 1 MiB.
  explicit TomlDocument(const std::filesystem::path& file);
  /// `text` as if it stood in `file`.
  TomlDocument(std::string_view text, const std::filesystem::path& file);
  /// Empty: overrides alone.
  TomlDocument();

  /// `table.key=value` (or `key=value`): the value is read as TOML, anything else as a string.
  void override_with(std::string_view assignment);

  /// The tables of [[name]], in the order of the file; marks the name as known.
  const std::vector<ArrayTable>& array_tables(const std::string& name);
  /// Takes them out, so that a copy of the document costs what its other tables do.
  std::vector<ArrayTable> take_array_tables(const std::string& name);
  /// Puts an entry at "table.key" (or "key"), in place of what stands there.
  void replace(const std::string& name, Entry entry);

  const std::filesystem::path& file() const noexcept { return file_; }

  /// Whether `table` stands in the file or in an override.
  bool has_table(const std::string& table) const { return tables_.count(table) > 0; }

  /// Marks the key as known and read; nullptr when it is absent.
  const Entry* find(const std::string& table, const std::string& key);
  /// Like find, but does not mark: for messages.
  const Entry* peek(const std::string& table, const std::string& key) const;
  /// Keys of `table` that nobody has read, in order of their names; marks the table as known.
  std::vector<std::string> unread_keys(const std::string& table);
  /// Notes that a required key is absent; finish() reports it, after unknown keys.
  void note_missing(const std::string& table, const std::string& key, const std::string& example);

  /// From now on every key that is asked for is added to `keys`, once.
  void list_keys_in(std::vector<KeyDeclaration>& keys) noexcept { keys_ = &keys; }
  bool lists_keys() const noexcept { return keys_ != nullptr; }
  void list_key(KeyDeclaration key);

  /// Throws InputError for the first unknown table or key, else for the first missing one.
  void finish() const;

  /// The fault with its place and value put as a reader of this document knows them.
  [[noreturn]] void reject(const std::string& table, const std::string& key, Fault fault) const;

 private:
  using Table = std::map<std::string, Entry>;

  [[noreturn]] void reject_unknown(const std::string& table,
                                   const std::string& key,
                                   const Entry& entry) const;
  /// A table where an array of tables belongs, or the other way round, or an unknown array.
  void require_known_arrays() const;
  std::vector<std::string> known_tables() const;

  std::filesystem::path file_;
  std::map<std::string, Table> tables_;
  std::map<std::string, std::string> table_places_;
  std::map<std::string, std::vector<ArrayTable>> arrays_;
  std::set<std::string> known_arrays_;
  std::map<std::string, std::vector<std::string>> known_;
  std::vector<Fault> missing_;
  std::vector<KeyDeclaration>* keys_ = nullptr;
};

/// "mapping.rows", or "seed" for the top level.
std::string full_name(const std::string& table, const std::string& key);

}  // namespace memspice::config
