#include "synthesis/block_catalogue.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::synthesis {
namespace {

std::string place_of(const BlockRequest& request) {
  return request.name.empty() ? request.circuit : request.name;
}

std::vector<std::string> names_of(const CatalogueEntry& entry) {
  std::vector<std::string> names;
  for (const SizeParameter& parameter : entry.parameters) names.push_back(parameter.name);
  return names;
}

void check_sizes(const BlockRequest& request, const CatalogueEntry& entry) {
  for (const auto& [name, value] : request.sizes) {
    const auto known = std::find_if(entry.parameters.begin(),
                                    entry.parameters.end(),
                                    [&](const SizeParameter& p) { return p.name == name; });
    const std::string place = place_of(request) + '.' + name;
    if (known == entry.parameters.end()) {
      reject(place, {}, "is no parameter of " + entry.name, suggest(name, names_of(entry)));
    }
    const bool is_usable = std::isfinite(value) && std::abs(value) <= 1e9;
    if (!is_usable || (known->is_whole && value != std::floor(value))) {
      reject(place,
             to_text(value),
             known->is_whole ? "must be a whole number" : "must be a finite number",
             "for example " + to_text(known->standard));
    }
  }
}

/// Every parameter present, those not asked for at their standard.
BlockRequest completed(BlockRequest request, const CatalogueEntry& entry) {
  for (const SizeParameter& parameter : entry.parameters) {
    request.sizes.emplace(parameter.name, parameter.standard);
  }
  return request;
}

std::vector<CatalogueEntry> collect() {
  std::vector<CatalogueEntry> all;
  for (const auto& entries :
       {readout_entries(), neuron_entries(), pooling_entries(), layer_entries()}) {
    all.insert(all.end(), entries.begin(), entries.end());
  }
  return all;
}

}  // namespace

const std::vector<CatalogueEntry>& block_catalogue() {
  static const std::vector<CatalogueEntry> entries = collect();
  return entries;
}

std::vector<BlockRequest> requests_called(const std::string& name,
                                          std::span<const BlockRequest> requests) {
  std::vector<BlockRequest> called;
  for (const BlockRequest& request : requests) {
    if (request.name == name || request.circuit == name) called.push_back(request);
  }
  if (called.empty()) called.push_back({.circuit = name});
  return called;
}

std::vector<std::string> circuit_names(std::span<const BlockRequest> requests) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const BlockRequest& request : requests) {
    add(request.name);
    add(request.circuit);
  }
  for (const CatalogueEntry& entry : block_catalogue()) add(entry.name);
  return names;
}

const CatalogueEntry& find_circuit(const std::string& circuit, const std::string& place) {
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : block_catalogue()) {
    if (entry.name == circuit) return entry;
    names.push_back(entry.name);
  }
  reject(place, '"' + circuit + '"', "is no circuit of the catalogue", suggest(circuit, names));
}

AnalogBlock build_block(const BlockRequest& request, const device::AnalogFigures& figures) {
  const CatalogueEntry& entry = find_circuit(request.circuit, place_of(request));
  check_sizes(request, entry);
  if (request.realisation == Realisation::Behavioural && !entry.has_twin) {
    reject(
        place_of(request), "behavioural", "has no behavioural twin", "take the transistor circuit");
  }
  return entry.build(completed(request, entry), figures);
}

std::string describe_sizes(const BlockRequest& request) {
  const CatalogueEntry& entry = find_circuit(request.circuit, place_of(request));
  const BlockRequest full = completed(request, entry);
  std::vector<std::string> words;
  for (const SizeParameter& parameter : entry.parameters) {
    const double value = full.size(parameter.name);
    const bool is_named = request.sizes.count(parameter.name) > 0;
    if (parameter.is_whole || is_named) words.push_back(parameter.name + ' ' + to_text(value));
  }
  return join(words, ", ");
}

}  // namespace memspice::synthesis
