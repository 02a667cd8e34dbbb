#include "cli/stochastic_command.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/stochastic_options.hpp"
#include "report/text_table.hpp"
#include "stochastic/error_table.hpp"
#include "stochastic/verilog.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kStochasticExamples =
    "Examples:\n"
    "  memspice stochastic table --bits 8 --signed\n"
    "  memspice stochastic table --bits 8 --unsigned --generator sobol --json\n"
    "  memspice stochastic table --bits 6 --mixed --parallel 8\n"
    "  memspice stochastic verilog --bits 8 --lanes 16 --parallel 8 --out bitstream_unit\n"
    "  memspice stochastic synthesize --bits 8 --parallel 8\n"
    "  memspice stochastic synthesize --liberty cells.lib --json";

nlohmann::ordered_json to_json(const stochastic::ErrorStatistics& errors,
                               const stochastic::UnitOptions& unit,
                               stochastic::Generator generator) {
  const auto range = [](stochastic::CodeRange r) { return std::vector<int>{r.low, r.high}; };
  return {
      {"bits", unit.bits},
      {"form", stochastic::to_text(unit.form)},
      {"generator", stochastic::to_text(generator)},
      {"parallel",
       unit.takes_all() ? nlohmann::ordered_json("all") : nlohmann::ordered_json(unit.parallel)},
      {"activation_range", range(stochastic::activation_range(unit.form, unit.bits))},
      {"weight_range", range(stochastic::weight_range(unit.form, unit.bits))},
      {"pairs", errors.pairs},
      {"mean", errors.mean},
      {"mean_abs", errors.mean_abs},
      {"std", errors.std},
      {"max", errors.max},
      {"min", errors.min},
      {"mean_latency", errors.mean_latency}};
}

std::vector<stochastic::Generator> generators_of(const StochasticOptions& options) {
  using stochastic::Generator;
  if (!options.generator.empty()) {
    return {stochastic::parse_generator(options.generator, "--generator")};
  }
  if (options.common.json) return {Generator::Bisc};
  return {Generator::Bisc, Generator::Lfsr, Generator::Halton, Generator::Sobol};
}

std::vector<std::string> cells_of(stochastic::Generator generator,
                                  const stochastic::ErrorStatistics& errors) {
  std::vector<std::string> cells{std::string(stochastic::to_text(generator))};
  for (const double error : {errors.mean, errors.mean_abs, errors.std, errors.min, errors.max}) {
    cells.push_back(to_text_rounded(error, 4));
  }
  cells.push_back(to_text_rounded(errors.mean_latency, 5));
  return cells;
}

std::string table_text(const stochastic::UnitOptions& unit,
                       long long pairs,
                       const report::TextTable& table) {
  return "Errors of a product in LSB of the output, " +
         std::string(stochastic::to_text(unit.form)) + " form, " + std::to_string(unit.bits) +
         " bits, all " + std::to_string(pairs) +
         " operand pairs;\ncycles: mean per product. bisc is the deterministic "
         "multiplier, the others compare random numbers.\n\n" +
         table.str();
}

void tabulate(const StochasticOptions& options) {
  apply_common(options.common);
  const stochastic::UnitOptions unit = unit_of(options);
  report::TextTable table({{"generator", report::Align::Left},
                           {"mean"},
                           {"mean |e|"},
                           {"std"},
                           {"min"},
                           {"max"},
                           {"cycles"}});
  nlohmann::ordered_json json;
  long long pairs = 0;
  for (const stochastic::Generator generator : generators_of(options)) {
    const stochastic::ErrorStatistics errors =
        stochastic::tabulate_errors(unit.form, unit.bits, generator, unit.parallel);
    json = to_json(errors, unit, generator);
    pairs = errors.pairs;
    table.add(cells_of(generator, errors));
  }
  print(options.common.json ? json.dump() + '\n' : table_text(unit, pairs, table));
}

void emit(const StochasticOptions& options) {
  apply_common(options.common);
  const stochastic::UnitOptions unit = unit_of(options);
  if (options.common.out.empty()) {
    throw InputError(
        {.place = "--out", .value = {}, .rule = "is missing", .remedy = "name a folder"});
  }
  const std::filesystem::path folder(options.common.out);
  require_writable_folder(folder);
  write_file(folder / "bitstream_lane.v", stochastic::lane_verilog(unit));
  write_file(folder / "bitstream_vector_unit.v", stochastic::vector_unit_verilog(unit));
  write_file(folder / "test_bench.v", stochastic::test_bench_verilog(unit));
  const std::vector<std::string> files{
      "bitstream_lane.v", "bitstream_vector_unit.v", "test_bench.v"};
  if (options.common.json) {
    print(nlohmann::ordered_json{{"out", options.common.out}, {"files", files}}.dump() + '\n');
  }
  tell(options.common, "Wrote " + join(files, ", ") + " into " + options.common.out + '\n');
}

void add_unit(Command& command, StochasticOptions& options) {
  command.add({
      {"--bits", "N", &options.bits, "Bits of the operands, 2 to 16"},
      {"--parallel", "N", &options.parallel, "Stream bits per cycle, a power of two, or all"},
  });
}

void add_form(Command& command, StochasticOptions& options) {
  command.add({
      {"--unsigned", "", &options.is_unsigned, "Unsigned activation and weight (baselines: AND)"},
      {"--signed",
       "",
       &options.is_signed,
       "Two's complement operands (baselines: XNOR)",
       Need::Optional,
       {"--unsigned"}},
      {"--mixed",
       "",
       &options.is_mixed,
       "Unsigned activation, weight in sign and magnitude: for rectified networks (default)",
       Need::Optional,
       {"--unsigned", "--signed"}},
  });
}

void add_lanes(Command& command, StochasticOptions& options) {
  command.add({
      {"--lanes", "N", &options.lanes, "Lanes of the vector unit"},
      {"--guard-bits", "N", &options.guard_bits, "Accumulator bits above --bits"},
  });
}

Command stochastic_one(const char* name,
                       const char* text,
                       const std::shared_ptr<StochasticOptions>& options,
                       void (*run)(const StochasticOptions&)) {
  Command command{.name = name, .text = text, .run = [options, run] { run(*options); }};
  add_common(command, options->common, "Folder for the files of verilog");
  add_unit(command, *options);
  return command;
}

}  // namespace

Command stochastic_command() {
  const auto options = std::make_shared<StochasticOptions>();
  Command table =
      stochastic_one("stochastic table", "Errors over all operand pairs", options, tabulate);
  table.add({{"--generator",
              "NAME",
              &options->generator,
              "bisc, lfsr, halton or sobol (default: a table of all; with --json, bisc)"}});
  Command verilog =
      stochastic_one("stochastic verilog", "Multiplier lane and vector unit", options, emit);
  for (Command* command : {&table, &verilog}) add_form(*command, *options);
  Command areas = stochastic_one(
      "stochastic synthesize", "Areas of units by Yosys, beside gate counts", options, synthesize);
  for (Command* command : {&verilog, &areas}) add_lanes(*command, *options);
  areas.add({
      {"--liberty",
       "FILE",
       &options->liberty,
       "Standard cells in Liberty format (default: the gate card's own)"},
      {"--gates", "CARD", &options->gates, "Card in device_models/gates/, or a path"},
  });
  return {.name = "stochastic",
          .text = "Bitstream multipliers: errors, Verilog, areas",
          .examples = kStochasticExamples,
          .commands = {table, verilog, areas}};
}

}  // namespace memspice::cli
