#pragma once
// What a reader says of a key where it reads it: enough to list every key (config/keys.hpp). Type,
// unit and bounds are those of the read, and the default is the value that is read into.

#include <string>
#include <string_view>
#include <utility>

namespace memspice::config {

/// What the read does not say by itself. The texts live as long as the read.
struct KeyText {
  std::string_view range = {};  ///< "above 0 and below 1"; choices: "layer, output"
  std::string_view standard =
      {};                ///< in words, where the value read into is not what absence means
  bool of_card = false;  ///< the value read into came from a card
};

/// A key of a table. There is none without a meaning.
struct Key {
  Key(std::string name_in_table, std::string_view what_it_means, KeyText more = {})
      : name(std::move(name_in_table)), meaning(what_it_means), text(more) {}

  std::string name;          ///< "rows"; "stuck.on" of [nonideality]
  std::string_view meaning;  ///< a phrase without a full stop
  KeyText text;
};

/// A key as it is listed.
struct KeyDeclaration {
  std::string table = {};  ///< "nonideality.stuck"; empty: the top of the file
  std::string key = {};    ///< "on"; in capitals where it is a name of the user's choice: "LAYER"
  std::string type = {};   ///< number, whole number, string, choice, list of numbers, ...
  std::string unit = {};   ///< "Ohm"; empty: none
  std::string range = {};  ///< "1 to 4096"; of a choice its words, ", " between them; empty: any
  std::string standard = {};  ///< what an absent key means: as TOML, else in words
  bool is_value = true;       ///< `standard` is TOML
  bool of_card = false;       ///< ... and comes from the card that the flow names
  std::string meaning = {};

  /// "nonideality.stuck.on": as --set takes it.
  std::string full_name() const { return table.empty() ? key : table + '.' + key; }
};

}  // namespace memspice::config
