#include "config/keys.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/read_flow.hpp"
#include "config/read_variants.hpp"
#include "synthesis/block_catalogue.hpp"

namespace memspice::config {
namespace {

/// Flows that make the readers ask for what an empty one does not: keys that are read under one
/// condition have that condition here, and keys of the user's choice a name in capitals.
const std::vector<std::string> kProbes{
    "[data]\nkind = \"image_pairs\"\n[array]\ntopology = \"1t1r\"\n"
    "[fidelity]\nLAYER = \"float\"\n[path]\nLAYER = \"float\"\n"
    "[bitstream.layer_bits]\nLAYER = 8\n[network.constants]\nINPUT = 0\n"
    "[converters.input_range]\nLAYER = 1\n[mapping.layer_rows]\nLAYER = "
    "64\n[mapping.layer_columns]\nLAYER = 64\n",
    "[device]\ng_min = \"5 uS\"\ng_max = \"50 uS\"\n"
    "[programming]\nmodel = \"stanford_rram\"\ncard = \"hfox_jiang_2014\"\n"};

/// Every circuit under its own name, and what all of them share under NAME.
std::string periphery_probe() {
  std::string flow = "[periphery.NAME]\ncircuit = \"relu\"\n";
  for (const auto& circuit : synthesis::block_catalogue()) {
    flow += "[periphery." + circuit.name + "]\n";
  }
  return flow;
}

bool is_said_elsewhere(const KeyDeclaration& key) {
  if (!key.table.starts_with("periphery.")) return false;
  const bool is_shared = key.key == "circuit" || key.key == "realisation";
  return is_shared != (key.table == "periphery.NAME");
}

void ask(const std::string& flow, std::vector<KeyDeclaration>& keys) {
  TomlDocument document(flow, "flow.toml");
  document.list_keys_in(keys);
  read_tables(document, "", Trust::User);
}

bool is_within(const std::string& table, const std::string& outer) {
  return table == outer || table.starts_with(outer + '.');
}

}  // namespace

std::vector<KeyDeclaration> keys_asked_by(const std::string& flow) {
  std::vector<KeyDeclaration> keys;
  ask(flow, keys);
  return keys;
}

std::vector<KeyDeclaration> list_keys() {
  std::vector<KeyDeclaration> found = keys_asked_by("");
  TomlDocument study("", "flow.toml");
  study.list_keys_in(found);
  apply_variant(study, "");
  for (const std::string& flow : kProbes) ask(flow, found);
  ask(periphery_probe(), found);
  std::erase_if(found, is_said_elsewhere);
  std::vector<KeyDeclaration> keys;  // a table that several flows ask for stands together
  for (const KeyDeclaration& first : found) {
    if (std::ranges::find(keys, first.table, &KeyDeclaration::table) != keys.end()) continue;
    std::ranges::copy_if(found, std::back_inserter(keys), [&](const KeyDeclaration& key) {
      return key.table == first.table;
    });
  }
  return keys;
}

std::vector<KeyDeclaration> keys_of(const std::vector<KeyDeclaration>& keys,
                                    const std::string& table,
                                    const std::string& place) {
  std::vector<KeyDeclaration> within;
  std::vector<std::string> tables;
  for (const KeyDeclaration& key : keys) {
    if (is_within(key.table, table)) within.push_back(key);
    const std::string outer = key.table.substr(0, key.table.find('.'));
    for (const std::string& name : {outer, key.table}) {
      if (!name.empty() && std::ranges::find(tables, name) == tables.end()) tables.push_back(name);
    }
  }
  if (!within.empty()) return within;
  reject(place, in_quotes(table), "is no table of a flow file", suggest(table, tables));
}

}  // namespace memspice::config
