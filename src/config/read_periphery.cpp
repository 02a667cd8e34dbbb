#include "config/read_periphery.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

using study::kPeripheryParts;
using study::PeripheryOptions;
using study::PeripheryPart;
using synthesis::BlockRequest;
using synthesis::CatalogueEntry;
using synthesis::Realisation;

constexpr const char* kPeripheryTable = "periphery";

std::vector<Realisation> read_realisations(Section& section, const std::string& prefix) {
  enum class Asked { Transistor, Behavioural, Both } asked = Asked::Transistor;
  section.choose({prefix + "realisation", "of op-amps, diodes and transistors, its twin, or both"},
                 asked,
                 {"transistor", "behavioural", "both"});
  if (asked == Asked::Transistor) return {Realisation::Transistor};
  if (asked == Asked::Behavioural) return {Realisation::Behavioural};
  return {Realisation::Transistor, Realisation::Behavioural};
}

/// `requests` times the values of one parameter.
std::vector<BlockRequest> multiplied(const std::vector<BlockRequest>& requests,
                                     const std::string& parameter,
                                     const std::vector<double>& values) {
  std::vector<BlockRequest> all;
  for (const BlockRequest& request : requests) {
    for (const double value : values) {
      all.push_back(request);
      all.back().sizes[parameter] = value;
      if (!request.name.empty() && values.size() > 1) all.back().name += '_' + to_text(value);
    }
  }
  return all;
}

BlockRequest request_of(const std::string& name,
                        const std::string& circuit,
                        Realisation realisation) {
  BlockRequest request{.name = {}, .circuit = circuit, .realisation = realisation, .sizes = {}};
  // A table called as its circuit leaves the name to the builder, who puts the size into it.
  if (name == circuit) return request;
  request.name = realisation == Realisation::Behavioural ? name + "_behavioural" : name;
  return request;
}

std::vector<BlockRequest> read_circuit(TomlDocument& flow, const std::string& name) {
  flow.find(kPeripheryTable, name);  // the table itself is a key of [periphery], known once read
  Section section(flow, kPeripheryTable);
  const std::string prefix = name + '.';
  std::string circuit = name;
  const bool is_named = section.read(
      {prefix + "circuit", "which of the catalogue", {.standard = "called as the table"}}, circuit);
  const std::string key = is_named ? prefix + "circuit" : name;
  const CatalogueEntry& entry = section.at(
      key, [&]() -> const CatalogueEntry& { return synthesis::find_circuit(circuit, key); });
  std::vector<BlockRequest> requests;
  for (const Realisation realisation : read_realisations(section, prefix)) {
    requests.push_back(request_of(name, circuit, realisation));
  }
  for (const synthesis::SizeParameter& parameter : entry.parameters) {
    std::vector<double> values{parameter.standard};
    if (!section.read({prefix + parameter.name, parameter.meaning}, values, parameter.unit)) {
      continue;
    }
    if (values.empty()) section.reject(prefix + parameter.name, "is empty", "give one value");
    requests = multiplied(requests, parameter.name, values);
  }
  return requests;
}

/// "all", or parts separated by commas.
std::set<PeripheryPart> read_parts(Section& section) {
  std::string text;
  std::vector<std::string> known{"all"};
  for (const PeripheryPart part : kPeripheryParts) known.push_back(name_of(part));
  const std::string words = join(known, ", ");
  const Key key{"in_network",
                "parts whose measured curves, times and energies go into the run, by commas",
                {.range = words}};
  if (!section.read(key, text)) return {};
  std::set<PeripheryPart> parts;
  std::string word;
  for (const char c : text + ',') {
    if (c != ',') {
      if (c != ' ') word += c;
      continue;
    }
    if (word == "all") parts.insert(std::begin(kPeripheryParts), std::end(kPeripheryParts));
    const auto found = std::find(known.begin(), known.end(), word);
    if (found == known.end()) {
      section.reject(
          "in_network", '"' + word + "\" is no part of the periphery", suggest(word, known));
    }
    if (found != known.begin()) parts.insert(kPeripheryParts[found - known.begin() - 1]);
    word.clear();
  }
  return parts;
}

}  // namespace

PeripheryOptions read_periphery(TomlDocument& flow) {
  PeripheryOptions options;
  Section section(flow, kPeripheryTable);
  section.read({"points", "static stimuli of each circuit"},
               options.characterize.points,
               {.low = 3, .high = 2000});
  section.read({"duration", "of a transient after its step; longer where it has not settled"},
               options.characterize.duration,
               Unit::Second,
               Bound::Positive);
  section.read({"bits", "settled: within half an LSB of so many bits of full scale"},
               options.characterize.bits,
               {.low = 1, .high = 16});
  options.in_network = read_parts(section);
  section.validate([&](const std::string&) { options.characterize.validate(); });
  for (const std::string& key : section.unread_keys()) {
    const Entry* entry = flow.peek(kPeripheryTable, key);
    if (entry == nullptr || !entry->is_table) continue;
    const std::vector<BlockRequest> requests = read_circuit(flow, key);
    options.circuits.insert(options.circuits.end(), requests.begin(), requests.end());
  }
  return options;
}

}  // namespace memspice::config
