#pragma once
// Which memristor models and cards there are, and in which files.
//
// A model is a subcircuit <model>.sub with its cards <set>.toml beside it: one folder per model
// under device_models/, and any folder of a user. A model with a C++ class runs in both engines,
// one without in ngspice alone.

#include <filesystem>
#include <string>
#include <vector>

namespace memspice::config {

struct ModelEntry {
  std::string name;
  std::filesystem::path folder;    ///< holds <name>.sub and the cards
  bool has_class = false;          ///< false: ngspice alone runs it
  std::vector<std::string> cards;  ///< names of its cards, sorted
};

/// The shipped models: those with a C++ class in the order of METHODS, then the others by name.
std::vector<ModelEntry> shipped_models();

/// The models in `folder` and in the folders right below it, by name. Throws InputError when it is
/// no folder or holds no model.
std::vector<ModelEntry> models_under(const std::filesystem::path& folder);

/// Names of the cards shipped with a model, sorted; throws InputError with a suggestion for a model
/// that is not shipped.
std::vector<std::string> shipped_cards(const std::string& model);

/// Whether `text` is a path rather than the name of a shipped card.
bool is_card_path(const std::string& text);

/// The file of a card: device_models/<model>/<card>.toml, or the path itself.
std::filesystem::path card_file(const std::string& model, const std::string& card);

/// The subcircuit of a card named as above: <model>.sub beside a card given by its path, else the
/// shipped one. Throws InputError when there is neither.
std::string subcircuit_file(const std::string& model, const std::string& card);

/// The model that a card given by its path states; throws InputError.
std::string model_of_card(const std::filesystem::path& card);

bool has_class(const std::string& model);

}  // namespace memspice::config
