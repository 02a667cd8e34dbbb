#include "cli/solve_command.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/command.hpp"
#include "cli/solve_checks.hpp"
#include "report/tile_maps.hpp"
#include "tile/certificate_json.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kSolveExamples =
    "G.csv has a row per word line and a column per bit line [S]; V.csv a row per input vector and "
    "a\n"
    "column per word line [V]. Prints a row per vector and a column per bit line [A]; with\n"
    "--response the n x m matrix G_eff [S] with I = G_eff^T V.\n"
    "\n"
    "Examples:\n"
    "  memspice solve --conductance G.csv --voltage V.csv --wire 2\n"
    "  memspice solve --conductance G.csv --voltage V.csv --wire 2 --alpha 2.5 --engine ngspice\n"
    "  memspice solve --conductance G.csv --voltage V.csv --wire 2 --engine ngspice --certificate\n"
    "  memspice solve --conductance G.csv --voltage V.csv --wire 2 --card mine.toml\n"
    "  memspice solve --conductance G.csv --response --wire-row \"1 Ohm\" --wire-col 0 --out "
    "R.csv\n"
    "  memspice solve --conductance G.csv --voltage V.csv --wire 2 --node-voltages nodes.csv "
    "--json\n"
    "  memspice solve --conductance G.csv --voltage V.csv --wire 2 --plot array.svg";

struct SolveOptions {
  CommonOptions common;
  std::string conductance, voltage, engine = "mesh", node_voltages, plot, card;
  std::string wire, wire_row, wire_column, driver, sense, alpha;  ///< as typed; empty: not given
  bool response = false, certificate = false;
};

void read_amount(const std::string& text, Unit unit, const char* option, double& value) {
  if (text.empty()) return;
  value = parse_quantity(text, unit, option);
  if (value >= 0.0) return;
  throw InputError({.place = option,
                    .value = text,
                    .rule = "must be zero or positive",
                    .remedy = "remove the minus sign"});
}

/// Whether some --set speaks of `key`; the options for the same wire beat it.
bool is_set(const SolveOptions& options, const std::string& key) {
  const auto& all = options.common.overrides;
  return std::any_of(all.begin(), all.end(), [&](const std::string& assignment) {
    return trim(assignment.substr(0, assignment.find('='))) == key;
  });
}

/// --wire stands for both directions: nothing else may speak of one.
void require_one_wire(const SolveOptions& options) {
  const bool has_one = !options.wire_row.empty() || !options.wire_column.empty();
  const bool is_one_set = is_set(options, "array.wire_row") || is_set(options, "array.wire_column");
  const bool is_contradicted = !options.wire.empty() && (has_one || is_one_set);
  if (!is_contradicted && !(has_one && is_set(options, "array.wire"))) return;
  throw InputError({.place = is_contradicted ? "--wire" : "--set array.wire",
                    .value = {},
                    .rule = "stands for both directions, and contradicts what is given for one",
                    .remedy = "give --wire-row and --wire-col, or --wire alone"});
}

config::BenchOptions read_bench(const SolveOptions& options) {
  require_one_wire(options);
  config::BenchOptions bench = config::load_bench(options.common.overrides);
  crossbar::Wiring& wiring = bench.wiring;
  read_amount(options.wire, Unit::Ohm, "--wire", wiring.row);
  read_amount(options.wire, Unit::Ohm, "--wire", wiring.column);
  read_amount(options.wire_row, Unit::Ohm, "--wire-row", wiring.row);
  read_amount(options.wire_column, Unit::Ohm, "--wire-col", wiring.column);
  read_amount(options.driver, Unit::Ohm, "--driver", wiring.driver);
  read_amount(options.sense, Unit::Ohm, "--sense", wiring.sense);
  read_amount(options.alpha, Unit::PerVolt, "--alpha", bench.alpha);
  if (bench.spice.workers == 0) bench.spice.workers = jobs_of(options.common);
  return bench;
}

Eigen::MatrixXd read_conductances(const std::string& file) {
  Eigen::MatrixXd G = read_csv(file);
  for (Eigen::Index i = 0; i < G.rows(); ++i) {
    for (Eigen::Index j = 0; j < G.cols(); ++j) {
      if (G(i, j) >= 0.0) continue;
      throw InputError(
          {.place = file + ": row " + std::to_string(i + 1) + ", column " + std::to_string(j + 1),
           .value = to_text(G(i, j)) + " S",
           .rule = "a conductance is zero or positive",
           .remedy = "0 means an open cell; use two columns for a signed weight"});
    }
  }
  return G;
}

Eigen::MatrixXd read_voltages(const SolveOptions& options, Eigen::Index word_lines) {
  const Eigen::MatrixXd rows = read_csv(options.voltage);
  if (rows.cols() == word_lines) return rows.transpose();
  throw InputError(
      {.place = options.voltage,
       .value = std::to_string(rows.cols()) + " columns",
       .rule = options.conductance + " has " + std::to_string(word_lines) +
               " rows, and a vector has one voltage per word line",
       .remedy = "give one row per vector with " + std::to_string(word_lines) + " voltages"});
}

void require_sense(const SolveOptions& options, const config::BenchOptions& bench) {
  enum class Solver { Mesh, Ngspice };
  constexpr Names<2> names{"mesh", "ngspice"};
  const bool by_ngspice =
      parse_choice<Solver>(names, options.engine, "--engine") == Solver::Ngspice;
  if (!options.response && options.voltage.empty()) {
    reject("--voltage", {}, "is missing", "give V.csv, or ask for --response");
  }
  if (!options.card.empty() && (!options.alpha.empty() || !options.plot.empty())) {
    reject("--card",
           options.card,
           "says what cells do, and " + std::string(options.plot.empty() ? "--alpha" : "--plot") +
               " is of cells I = G sinh(alpha v)/alpha",
           "leave one of them out");
  }
  if (options.response && (bench.alpha > 0.0 || !options.card.empty())) {
    reject(
        "--response", {}, "only linear cells have one", "use --alpha 0, or give --voltage alone");
  }
  if (options.certificate && !by_ngspice) {
    reject("--certificate", {}, "is what ngspice says of an answer", "add --engine ngspice");
  }
  if (options.certificate && !options.node_voltages.empty()) {
    reject("--node-voltages", {}, "are not given with --certificate", "ask for one of the two");
  }
  if (!options.node_voltages.empty() && options.response) {
    reject("--node-voltages", {}, "belong to input vectors", "leave out --response");
  }
  if (!options.plot.empty() && (options.response || options.certificate)) {
    reject("--plot", {}, "shows an array under an input vector", "give --voltage and --plot alone");
  }
}

SolveTask read_task(const SolveOptions& options) {
  SolveTask task;
  task.bench = read_bench(options);
  read_cells(options.card, task);
  require_sense(options, task.bench);
  task.response = options.response;
  task.node_voltages = !options.node_voltages.empty() || !options.plot.empty();
  task.G = read_conductances(options.conductance);
  if (!options.voltage.empty()) task.V = read_voltages(options, task.G.rows());
  return task;
}

SolveAnswer solve_task(const SolveOptions& options, const SolveTask& task) {
  if (options.certificate) return solve_with_certificate(task);
  return options.engine == "mesh" ? solve_by_mesh(task) : solve_by_ngspice(task);
}

/// The cells under the first vector; of ngspice with what the mesh solver makes of them.
void plot_cells(const SolveOptions& options, const SolveTask& task, const SolveAnswer& answer) {
  const auto view_of = [&](const crossbar::Operation& operation) {
    return tile::view_solved(task.G,
                             task.bench.alpha,
                             task.V.col(0),
                             operation.word_line_voltage.front(),
                             operation.bit_line_voltage.front());
  };
  const bool is_mesh = options.engine == "mesh";
  std::optional<tile::CellView> spice;
  if (!is_mesh) spice = view_of(answer.operation);
  const tile::CellView view = view_of(is_mesh ? answer.operation : solve_by_mesh(task).operation);
  const std::string title =
      options.conductance + ", first vector of " + options.voltage + ", " + answer.engine;
  write_file(options.plot, report::draw_tile_file(view, spice, title));
}

nlohmann::ordered_json rows_of(const Eigen::MatrixXd& matrix) {
  auto rows = nlohmann::ordered_json::array();
  for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
    auto row = nlohmann::ordered_json::array();
    for (Eigen::Index c = 0; c < matrix.cols(); ++c) row.push_back(matrix(r, c));
    rows.push_back(std::move(row));
  }
  return rows;
}

nlohmann::ordered_json to_json(const SolveOptions& options,
                               const SolveTask& task,
                               const SolveAnswer& answer) {
  nlohmann::ordered_json json{{"engine", answer.engine},
                              {"word_lines", task.G.rows()},
                              {"bit_lines", task.G.cols()},
                              {"vectors", task.V.cols()},
                              {"seconds_solve", answer.seconds},
                              {"iterations", answer.iterations},
                              {"residual", nullptr},
                              {"method", answer.method}};
  if (answer.residual) json["residual"] = *answer.residual;
  if (answer.certificate) json["certificate"] = tile::certificate_json(*answer.certificate);
  if (!options.common.out.empty()) json["out"] = options.common.out;
  json[task.response ? "response" : "current"] = rows_of(answer.values);
  if (answer.operation.power.size() > 0) {
    json["power"] =
        std::vector<double>(answer.operation.power.begin(), answer.operation.power.end());
  }
  return json;
}

void solve(const SolveOptions& options) {
  apply_common(options.common);
  const SolveTask task = read_task(options);
  const SolveSources sources{options.conductance, options.voltage, options.engine};
  require_solvable(task, sources);
  for (const std::string& note : find_unusual(task, sources)) warn(note);
  const SolveAnswer answer = solve_task(options, task);
  require_finite(task, answer);
  const std::string csv = format_csv(answer.values);
  if (!options.node_voltages.empty()) {
    write_file(options.node_voltages, format_nodes(answer.operation));
  }
  if (!options.plot.empty()) plot_cells(options, task, answer);
  if (!options.common.out.empty()) {
    write_file(options.common.out, csv);
    tell(options.common, describe_solve(task, answer));
  } else if (!options.common.json) {
    print(csv);
  }
  if (options.common.json) print(to_json(options, task, answer).dump() + '\n');
}

}  // namespace

Command solve_command() {
  const auto options = std::make_shared<SolveOptions>();
  Command command{.name = "solve",
                  .text = "Currents or response of one crossbar with line resistance",
                  .examples = kSolveExamples,
                  .run = [options] { solve(*options); }};
  command.add({
      {"--conductance",
       "G.csv",
       &options->conductance,
       "Conductances, a row per word line",
       Need::Required},
      {"--voltage", "V.csv", &options->voltage, "Input vectors, one per row"},
      {"--wire", "OHM", &options->wire, "Wire per segment, rows and columns (default: 0)"},
      {"--wire-row", "OHM", &options->wire_row, "Word-line wire per segment"},
      {"--wire-col", "OHM", &options->wire_column, "Bit-line wire per segment"},
      {"--driver", "OHM", &options->driver, "Driver resistance (default: 0)"},
      {"--sense", "OHM", &options->sense, "Sense resistance (default: 0)"},
      {"--alpha", "1/V", &options->alpha, "Cells I = G sinh(alpha v)/alpha (default: 0, ohmic)"},
      {"--card",
       "NAME|FILE.toml",
       &options->card,
       "Cells of this card: of the read model, a table, or with [read]"},
      {"--engine", "NAME", &options->engine, "mesh (memspice's own) or ngspice"},
      {"--response", "", &options->response, "The n x m response instead of currents"},
      {"--certificate",
       "",
       &options->certificate,
       "With --engine ngspice: bound the error by ngspice's own residual"},
      {"--node-voltages", "FILE", &options->node_voltages, "Also write all node voltages"},
      {"--plot",
       "FILE.svg",
       &options->plot,
       "Also draw conductances, lost voltages and currents under the first vector"},
  });
  add_common(command, options->common, "Write the CSV to this file instead of standard output");
  return command;
}

}  // namespace memspice::cli
