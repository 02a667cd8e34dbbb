#pragma once
// What computes each layer with weights.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace memspice::study {

enum class LayerPath {
  Crossbar,
  Spectral,
  Fastest,  ///< as asked for: in the spectrum or in space; resolve_paths chooses
  Bitstream,
  Float,
};
std::string_view to_text(LayerPath path);      ///< "crossbar"
const std::vector<std::string>& path_words();  ///< in the enumerators' order

struct Paths {
  LayerPath standard = LayerPath::Crossbar;
  std::map<std::string, LayerPath> layers = {};  ///< that are named, by name

  LayerPath of(const std::string& layer) const;
  bool on_crossbars(const std::string& layer) const { return of(layer) == LayerPath::Crossbar; }
  /// Whether any layer takes `path`, as far as can be told without the network.
  bool has(LayerPath path) const;
};

}  // namespace memspice::study
