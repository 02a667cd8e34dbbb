// Texts: flows, matrices, cards, subcircuits.

#include <cmath>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "config/flow_options.hpp"
#include "config/memristor_card.hpp"
#include "config/model_catalog.hpp"
#include "config/own_cell.hpp"
#include "config/read_variants.hpp"
#include "device/fit_measurement.hpp"
#include "device/memristor.hpp"
#include "mutate.hpp"
#include "netlist/definition_text.hpp"
#include "netlist/model_text.hpp"
#include "netlist/spelling.hpp"
#include "sample_files.hpp"
#include "target.hpp"

namespace memspice::fuzz {
namespace fs = std::filesystem;
namespace {

void read_flow(const fs::path& file) {
  const config::VariantFlow study = config::load_variants(file);
  if (study.variants.empty()) config::load_flow(file);
}

/// What is a matrix is one again when it was written.
void read_matrix(const fs::path& file) {
  const Eigen::MatrixXd matrix = read_csv(file);
  if (!matrix.allFinite()) throw Finding("a value that is not finite was accepted");
  if (parse_csv(format_csv(matrix), "again") != matrix) {
    throw Finding("the matrix is another one when it is written and read again");
  }
}

/// Figures of what can be fitted are numbers.
void fit_any_measurement(const fs::path& file) {
  const device::Measurement measurement = device::read_measurement(read_file(file), "data.csv");
  for (const auto& figure : device::fit_measurement(measurement, "data.csv").figures) {
    if (!std::isfinite(figure.value)) throw Finding(figure.key + " is no number");
  }
}

/// The name in a card must be its file's, whatever the card was called.
std::string renamed(std::string card) {
  const std::size_t at = card.find("\nname = \"");
  if (at == std::string::npos) return card;
  const std::size_t from = at + 9;
  return card.replace(from, card.find('"', from) - from, "card");
}

void read_any_card(const fs::path& file) {
  const std::string text = read_file(file);
  if (text.find("[wire_row]") != std::string::npos) {
    config::load_technology(file.string());
    return;
  }
  if (text.find("static_read") != std::string::npos) {
    config::load_read_card("static_read", file.string());
    return;
  }
  const config::ModelCard loaded =
      config::load_model_card(config::model_of_card(file), file.string());
  if (!loaded.has_class) return;
  const auto memristor = device::make_memristor(loaded.card);
  for (const double v : {-1.0, 0.0, 0.2}) {
    const double I = memristor->current(v, memristor->initial_state());
    if (std::isnan(I)) throw Finding("the card was accepted, and its current is not a number");
  }
}

/// A user's model: read, written in each dialect, and as the cells of an array.
void read_subcircuit(const fs::path& file) {
  const circuit::Definition definition = netlist::read_definition_file(file.string());
  if (netlist::read_definition(definition.text, "again").text != definition.text) {
    throw Finding("the text is another one when it is read again");
  }
  for (const auto& spelling : {netlist::xyce_spelling(), netlist::hspice_spelling()}) {
    try {
      netlist::spell_definition(definition, spelling);
    } catch (const InputError&) {
      // What has no equivalent there is refused.
    }
  }
  config::load_own_cell("drifting", (file.parent_path() / "card.toml").string());
}

}  // namespace

Target flow_target() {
  std::vector<std::string> seeds = shipped_texts("flows", ".toml");
  seeds.push_back(sample_flow());
  return {.name = "flow",
          .file = "flow.toml",
          .seeds = seeds,
          .tokens = words_of(seeds),
          .is_text = true,
          .run = read_flow};
}

Target csv_target() {
  const std::vector<std::string> seeds = {"# G\n1e-5,2e-5\n3e-5,0\n",
                                          "1\n2\n3\n",
                                          "0.1,-0.2,0.3\n",
                                          "1e-6, 2e-6 ,3e-6\r\n4e-6,5e-6,6e-6\r\n\r\n# end"};
  return {.name = "csv",
          .file = "G.csv",
          .seeds = seeds,
          .tokens = words_of(seeds),
          .is_text = true,
          .run = read_matrix};
}

Target measurement_target() {
  const std::vector<std::string> seeds = {
      "voltage_V,current_uA\n-0.2,-2.1\n-0.1,-1\n0.1,1\n0.2,2.1\n",
      "state,cycle,voltage [mV],current [uA]\n0,0,100,1\n0,0,200,2.1\n0,0,300,3.3\n"
      "1,0,100,2\n1,0,200,4.2\n1,0,300,6.5\n",
      "target_uS,read_uS,device\n1,1.1,0\n2,2.2,1\n3,2.9,0\n4,4.1,1\n5,5.2,0\n",
      "# time_s,device,resistance_kOhm\n1,0,10\n10,0,11\n100,0,12\n1,1,20\n10,1,23\n90,1,25\n",
      "device,cycle,conductance_S\n0,0,1e-5\n0,1,1.1e-5\n1,0,2e-5\n1,1,2.1e-5\n"};
  return {.name = "measurement",
          .file = "data.csv",
          .seeds = seeds,
          .tokens = words_of(seeds),
          .is_text = true,
          .run = fit_any_measurement};
}

Target card_target() {
  std::vector<std::string> seeds = shipped_texts("device_models", ".toml");
  for (std::string& seed : seeds) seed = renamed(std::move(seed));
  return {.name = "card",
          .file = "card.toml",
          .seeds = seeds,
          .tokens = words_of(seeds),
          .is_text = true,
          .run = read_any_card};
}

Target subcircuit_target() {
  std::vector<std::string> seeds = shipped_texts("device_models", ".sub");
  for (std::string& text : shipped_texts("netlists", ".sub")) seeds.push_back(std::move(text));
  for (int copy = 0; copy < 10; ++copy) seeds.push_back(sample_subcircuit());
  std::vector<std::string> tokens = words_of(seeds);
  for (const char* line : {".include /etc/passwd\n",
                           ".control\nshell id\n.endc\n",
                           ".lib x y\n",
                           ".ends\n",
                           ".func f(a) {f(f(a))}\n",
                           ".func g(a) {speed(a)+speed(a)}\n",
                           ".param span={span}\n",
                           "+ ",
                           "{v(x)}",
                           "ddt(v(x))",
                           "((((",
                           "))))",
                           "file=\"x\"",
                           ".model m d\n",
                           "pwl(0,0,1,1)"}) {
    tokens.push_back(line);
  }
  return {
      .name = "subcircuit",
      .file = "drifting.sub",
      .seeds = seeds,
      .tokens = tokens,
      .is_text = true,
      .prepare = [](const fs::path& folder) { write_quickly(folder / "card.toml", sample_card()); },
      .run = read_subcircuit};
}

}  // namespace memspice::fuzz
