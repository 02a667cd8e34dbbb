#include "study/layer_path.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace memspice::study {
namespace {

constexpr Names<5> kPathNames{"crossbar", "spectral", "fastest", "bitstream", "float"};

}  // namespace

std::string_view to_text(LayerPath path) {
  return memspice::name_of(kPathNames, path);
}

const std::vector<std::string>& path_words() {
  static const std::vector<std::string> words = words_of(kPathNames);
  return words;
}

LayerPath Paths::of(const std::string& layer) const {
  const auto own = layers.find(layer);
  return own == layers.end() ? standard : own->second;
}

bool Paths::has(LayerPath path) const {
  return standard == path ||
         std::ranges::any_of(layers, [path](const auto& entry) { return entry.second == path; });
}

}  // namespace memspice::study
