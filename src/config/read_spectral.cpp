#include "config/read_spectral.hpp"

#include <cmath>

#include "base/text.hpp"
#include "config/named_card.hpp"
#include "config/read_figure.hpp"

namespace memspice::config {
namespace {

namespace fs = std::filesystem;
using spectral::Architecture;

constexpr const char* kSpectralTable = "spectral";
constexpr int kLargest = 4096;  ///< of a size or depth

std::vector<int> read_whole(Section& section, Key declared) {
  const std::string& key = declared.name;
  std::vector<double> values;
  const std::string range = "whole numbers, 1 to " + std::to_string(kLargest);
  declared.text.range = range;
  section.read(declared, values, Unit::None);
  std::vector<int> whole;
  for (const double value : values) {
    if (value != std::trunc(value) || value < 1 || value > kLargest) {
      section.reject(key,
                     "each must be a whole number, 1 to " + std::to_string(kLargest),
                     "for example [14, 7]");
    }
    whole.push_back(static_cast<int>(value));
  }
  return whole;
}

std::optional<spectral::Activation> read_activation(Section& section) {
  spectral::Activation activation;
  const bool given = section.choose({"activation",
                                     "between spectral layers; the network's own without one",
                                     {.standard = "the network's"}},
                                    activation.kind,
                                    spectral::kActivationNames);
  double alpha = std::round(activation.alpha * 1e6) / 1e6;  // 0.1 as a person writes 0.1F
  if (section.read({"alpha", "slope of the activation below its threshold"}, alpha, Unit::None)) {
    activation.alpha = static_cast<float>(alpha);
  }
  return given ? std::optional(activation) : std::nullopt;
}

std::optional<spectral::Storage> read_storage(Section& section) {
  spectral::Storage storage = spectral::Storage::Full;
  const bool given = section.choose(
      {"storage", "bins kept of a real signal's spectrum: all, or the half that tells the rest"},
      storage,
      spectral::kStorageNames);
  return given ? std::optional(storage) : std::nullopt;
}

/// What the table says of each layer; lists that are not given stay empty.
struct Lists {
  std::vector<int> sizes, pooled, pooling, depths, classifier;
};

Lists read_lists(Section& section) {
  return {
      .sizes = read_whole(section, {"sizes", "bins a side of each layer"}),
      .pooled = read_whole(section, {"pooled", "bins a side that each layer keeps"}),
      .pooling =
          read_whole(section, {"pooling", "factors that the bins shrink by, instead of pooled"}),
      .depths = read_whole(section, {"depths", "output maps of each layer of a spectral network"}),
      .classifier = read_whole(section, {"classifier", "outputs of the fully connected layers"})};
}

void require_lists(Section& section, const Lists& lists) {
  const std::size_t layers = lists.depths.size();
  if (lists.pooled.empty() == lists.pooling.empty()) {
    section.reject(lists.pooled.empty() ? "depths" : "pooling",
                   "needs either pooled (the bins a side that each layer keeps) or pooling (the "
                   "factors they shrink by)",
                   "for example pooled = [14, 7]");
  }
  const auto check = [&](const char* key, const std::vector<int>& list) {
    if (list.empty() || list.size() == layers) return;
    section.reject(key,
                   "has " + std::to_string(list.size()) + " values for the " +
                       std::to_string(layers) + " layers of depths",
                   "give one for each layer");
  };
  check("sizes", lists.sizes);
  check("pooled", lists.pooled);
  check("pooling", lists.pooling);
}

/// The bins that layer l keeps of `size`.
int kept_by(Section& section, const Lists& lists, std::size_t l, int size) {
  if (!lists.pooled.empty()) return lists.pooled[l];
  const int factor = lists.pooling[l];
  if (size % factor != 0) {
    section.reject("pooling",
                   std::to_string(factor) + " does not divide the " + std::to_string(size) +
                       " bins a side of layer " + std::to_string(l + 1),
                   "give pooled, the bins a side to keep, in its place");
  }
  return size / factor;
}

std::vector<spectral::LayerShape> layers_of(Section& section,
                                            const Architecture& shape,
                                            const Lists& lists) {
  std::vector<spectral::LayerShape> layers;
  int size = shape.image, maps = shape.channels;
  for (std::size_t l = 0; l < lists.depths.size(); ++l) {
    if (!lists.sizes.empty()) size = lists.sizes[l];
    const int kept = kept_by(section, lists, l, size);
    layers.push_back(
        {.size = size, .pooled = kept, .channels_in = maps, .channels_out = lists.depths[l]});
    size = kept;
    maps = lists.depths[l];
  }
  return layers;
}

/// Errors of the architecture are told at the key that they come from.
void validate(Section& section, const Architecture& shape, const Lists& lists) {
  try {
    shape.validate(kSpectralTable);
  } catch (const InputError& error) {
    const std::string& place = error.fault().place;
    const std::string last = place.substr(place.rfind('.') + 1);
    std::string key = lists.classifier.empty() ? "depths" : "classifier";
    if (last == "size") key = lists.sizes.empty() ? "image" : "sizes";
    if (last == "pooled") key = lists.pooled.empty() ? "pooling" : "pooled";
    if (last == "storage") key = "storage";
    section.reject(key, error.fault().value + ": " + error.fault().rule, error.fault().remedy);
  }
}

/// Without depths there are no layers to describe.
void require_nothing_else(const Section& section) {
  for (const char* key : {"sizes", "pooled", "pooling", "classifier", "channels", "image"}) {
    if (section.has(key)) section.reject(key, "describes layers without depths", "give depths");
  }
}

std::optional<Architecture> read_shape(Section& section, const study::SpectralOptions& spectral) {
  Architecture shape;
  shape.name = kSpectralTable;
  shape.image = 28;
  section.read({"image", "pixels a side"}, shape.image, {.low = 1, .high = kLargest});
  section.read({"channels", "of the image"}, shape.channels, {.low = 1, .high = kLargest});
  const Lists lists = read_lists(section);
  if (lists.depths.empty()) {
    require_nothing_else(section);
    return std::nullopt;
  }
  require_lists(section, lists);
  shape.layers = layers_of(section, shape, lists);
  shape.classifier = lists.classifier;
  shape.activation = spectral.activation.value_or(spectral::Activation{});
  shape.storage = spectral.storage.value_or(spectral::Storage::Full);
  validate(section, shape, lists);
  return shape;
}

}  // namespace

void read_spectral(TomlDocument& flow, FlowOptions& options) {
  study::SpectralOptions& spectral = options.spectral;
  Section section(flow, kSpectralTable);
  section.read({"digital", "card in device_models/digital/, or a path: energy, area and clock"},
               spectral.digital);
  read_through(section, "digital", [&] { return load_digital_card(spectral.digital); });
  section.read({"lanes", "multiplier and adder pairs of the digital unit"},
               spectral.lanes,
               {.low = 1, .high = 65536});
  spectral.activation = read_activation(section);
  spectral.storage = read_storage(section);
  spectral.shape = read_shape(section, spectral);
  section.read({"factors",
                "spectral optimize: what sizes, depths or both shrink by",
                {.range = "above 0, at most 1"}},
               spectral.candidates.factors,
               Unit::None);
  section.at("factors", [&] { spectral.candidates.validate("factors"); });
  section.read({"max_accuracy_loss", "share that a smaller network may lose", {.range = "0 to 1"}},
               spectral.max_accuracy_loss,
               Unit::None);
  if (!(spectral.max_accuracy_loss >= 0.0 && spectral.max_accuracy_loss <= 1.0)) {
    section.reject("max_accuracy_loss", "is a share, 0 to 1", "0.03 allows three points");
  }
  const Key key{"trained", "files of trained candidates, * in the place of their names"};
  if (section.read(key, spectral.trained)) {
    if (spectral.trained.find('*') == std::string::npos) {
      section.reject(
          "trained", "needs a * where a candidate's name stands", "\"nets/lenet5_*.onnx\"");
    }
    const fs::path path(spectral.trained);
    if (path.is_relative()) spectral.trained = (flow.file().parent_path() / path).string();
  }
}

spectral::DigitalCard load_digital_card(const std::string& name) {
  TomlDocument document(named_card_file("digital", name));
  spectral::DigitalCard card;
  card.name = read_card_name(document);
  const auto read = [&](const char* figure, device::Figure& to, Unit unit) {
    to = read_figure(document, figure, unit, Bound::Positive);
  };
  read("multiply", card.multiply, Unit::Joule);
  read("add", card.add, Unit::Joule);
  read("word", card.word, Unit::Joule);
  read("multiplier_area", card.multiplier_area, Unit::SquareMetre);
  read("adder_area", card.adder_area, Unit::SquareMetre);
  read("clock", card.clock, Unit::Hertz);
  document.finish();
  return card;
}

}  // namespace memspice::config
