#include "config/model_catalog.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "circuit/name.hpp"
#include "config/section.hpp"
#include "device/memristor.hpp"
#include "device/table_memristor.hpp"

namespace memspice::config {
namespace {

namespace fs = std::filesystem;

fs::path shipped_folder() {
  return shipped_file("device_models");
}

std::vector<fs::path> files_in(const fs::path& folder, const char* extension) {
  std::vector<fs::path> files;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// The cards of `folder` that name `model`; one that cannot be read counts, so that showing it
/// tells what is wrong with it.
std::vector<std::string> cards_of(const fs::path& folder, const std::string& model) {
  std::vector<std::string> names;
  for (const fs::path& file : files_in(folder, ".toml")) {
    bool is_of_model = true;
    try {
      is_of_model = model_of_card(file) == model;
    } catch (const InputError&) {
    }
    if (is_of_model) names.push_back(file.stem().string());
  }
  return names;
}

void add_models(const fs::path& folder, std::vector<ModelEntry>& models) {
  for (const fs::path& file : files_in(folder, ".sub")) {
    const std::string name = file.stem().string();
    models.push_back({name, folder, has_class(name), cards_of(folder, name)});
  }
}

/// Models of the folders right below `folder`.
void add_models_below(const fs::path& folder, std::vector<ModelEntry>& models) {
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    if (entry.is_directory(ec)) add_models(entry.path(), models);
  }
}

std::ptrdiff_t rank_of(const std::string& model) {
  const auto known = device::memristor_models();
  return std::find(known.begin(), known.end(), model) - known.begin();
}

/// A model's name becomes part of paths and decks.
bool is_model_name(const std::string& model) {
  return circuit::is_legal_name(model);
}

[[noreturn]] void reject_model(const std::string& model) {
  std::vector<std::string> names;
  for (const ModelEntry& entry : shipped_models()) names.push_back(entry.name);
  throw InputError({.place = "model",
                    .value = '"' + model + '"',
                    .rule = "is no shipped memristor model",
                    .remedy = suggest(model, names) + ", or name the path of a card"});
}

}  // namespace

bool has_class(const std::string& model) {
  const auto known = device::memristor_models();
  return std::find(known.begin(), known.end(), model) != known.end();
}

std::vector<ModelEntry> shipped_models() {
  std::vector<ModelEntry> models;
  add_models_below(shipped_folder(), models);
  std::sort(models.begin(), models.end(), [](const ModelEntry& a, const ModelEntry& b) {
    return std::pair(rank_of(a.name), a.name) < std::pair(rank_of(b.name), b.name);
  });
  return models;
}

std::vector<ModelEntry> models_under(const fs::path& folder) {
  std::error_code ec;
  std::vector<ModelEntry> models;
  add_models(folder, models);
  add_models_below(folder, models);
  std::sort(models.begin(), models.end(), [](const ModelEntry& a, const ModelEntry& b) {
    return a.name < b.name;
  });
  if (!models.empty()) return models;
  throw InputError({.place = folder.string(),
                    .value = {},
                    .rule = fs::is_directory(folder, ec) ? "holds no model" : "is no folder",
                    .remedy = "name a folder with a subcircuit <model>.sub and its cards .toml"});
}

std::vector<std::string> shipped_cards(const std::string& model) {
  std::error_code ec;
  const fs::path folder = shipped_folder() / model;
  if (!is_model_name(model) || !fs::exists(folder / (model + ".sub"), ec)) reject_model(model);
  return cards_of(folder, model);
}

bool is_card_path(const std::string& text) {
  return text.find('/') != std::string::npos || text.ends_with(".toml");
}

fs::path card_file(const std::string& model, const std::string& card) {
  if (is_card_path(card)) return card;
  const auto names = shipped_cards(model);
  if (std::find(names.begin(), names.end(), card) == names.end()) {
    throw InputError({.place = "card",
                      .value = '"' + card + '"',
                      .rule = "is no shipped card of " + model,
                      .remedy = "one of " + join(names, ", ") + ", or a path that ends in .toml"});
  }
  return shipped_folder() / model / (card + ".toml");
}

std::string subcircuit_file(const std::string& model, const std::string& card) {
  std::error_code ec;
  if (!is_model_name(model)) reject_model(model);
  if (model == device::TableMemristor::kName) {
    throw InputError({.place = card,
                      .value = "model \"table\"",
                      .rule = "is a cell at rest: nothing programs it",
                      .remedy = "choose a model whose state moves, a card of vteam say"});
  }
  const fs::path shipped = shipped_folder() / model / (model + ".sub");
  if (!is_card_path(card)) {
    if (!fs::exists(shipped, ec)) reject_model(model);
    return shipped.string();
  }
  const fs::path beside = fs::path(card).parent_path() / (model + ".sub");
  if (fs::exists(beside, ec)) return beside.string();
  if (fs::exists(shipped, ec)) return shipped.string();
  throw InputError({.place = card,
                    .value = "model \"" + model + '"',
                    .rule = "has no subcircuit: " + beside.string() + " is missing",
                    .remedy = "put " + model + ".sub beside the card, or name a shipped model"});
}

std::string model_of_card(const fs::path& card) {
  TomlDocument document(card);
  std::string model;
  Section top(document, "");
  top.read({"model", "the subcircuit that the card is of"}, model);
  if (is_model_name(model)) return model;
  if (!model.empty()) {
    top.reject("model", "is no name of a model", "use letters, digits and _, a letter first");
  }
  throw InputError({.place = card.string(),
                    .value = {},
                    .rule = "key \"model\" is missing at the top",
                    .remedy = "add model = \"NAME\", the stem of its subcircuit NAME.sub"});
}

}  // namespace memspice::config
