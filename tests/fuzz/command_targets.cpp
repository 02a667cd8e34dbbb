// Whole commands of memspice, each on a valid folder with one file changed.

#include <filesystem>

#include "base/files.hpp"
#include "command.hpp"
#include "mutate.hpp"
#include "sample_files.hpp"
#include "target.hpp"

namespace memspice::fuzz {
namespace fs = std::filesystem;
namespace {

/// Beside this program, or where it was built.
std::string memspice_program() {
  const fs::path beside = fs::read_symlink("/proc/self/exe").parent_path() / "memspice";
  return fs::exists(beside) ? beside.string() : MEMSPICE_BIN_DIR "/memspice";
}

void write_workplace(const fs::path& folder) {
  write_samples(folder);
  write_quickly(folder / "flow.toml", sample_flow());
  write_quickly(folder / "G.csv", "1e-5,2e-5\n3e-5,4e-5\n");
  write_quickly(folder / "V.csv", "0.1,0.2\n");
  write_quickly(folder / "drifting.sub", sample_subcircuit());
  write_quickly(folder / "card.toml", sample_card());
}

/// The target of a reader with its inputs handed to a command; `arguments` follow "memspice".
Target command(Target reader, const char* name, const std::vector<std::string>& arguments) {
  reader.name = std::string("memspice/") + name;
  reader.prepare = write_workplace;
  reader.run = [arguments](const fs::path&) {
    std::vector<std::string> words = {memspice_program()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    run_command(words);
    fs::remove_all("results");
  };
  return reader;
}

/// The shipped flows name networks that do not lie beside them; this one is complete.
Target complete_flow() {
  Target target = flow_target();
  target.seeds = {sample_flow()};
  return target;
}

Target own_card() {
  Target target = card_target();
  target.seeds = {sample_card()};
  return target;
}

const std::vector<std::string> kCalibrated = {
    "run", "flow.toml", "--quiet", "--jobs", "1", "--set", "fidelity.default=calibrated"};

/// The store that a calibrated run of the samples leaves: its rows are asked for again.
std::string store_of_run() {
  const TemporaryFolder folder;
  write_workplace(folder.path());
  std::vector<std::string> words = kCalibrated;
  words[1] = (folder.path() / "flow.toml").string();
  words.insert(words.begin(), memspice_program());
  words.insert(words.end(), {"--out", folder.path().string()});
  run_command(words);
  return read_file(folder.path() / "tiles.sqlite");
}

Target run_on_store() {
  std::vector<std::string> arguments = kCalibrated;
  arguments.insert(arguments.end(), {"--set", "store.path=tiles.sqlite"});
  Target target = command(store_target(), "run-store", arguments);
  target.seeds = {store_of_run()};
  return target;
}

}  // namespace

std::vector<Target> command_targets() {
  return {
      command(complete_flow(), "check", {"check", "flow.toml"}),
      command(complete_flow(), "map-flow", {"map", "flow.toml", "--json"}),
      command(onnx_target(), "map-network", {"map", "flow.toml"}),
      command(onnx_target(), "run-network", {"run", "flow.toml", "--quiet", "--jobs", "1"}),
      command(idx_target(), "run-images", {"run", "flow.toml", "--quiet", "--jobs", "1"}),
      command(csv_target(),
              "solve",
              {"solve", "--conductance", "G.csv", "--voltage", "V.csv", "--wire", "1"}),
      command(own_card(), "device-show", {"device", "show", "drifting", "--card", "./card.toml"}),
      command(subcircuit_target(),
              "device-trace",
              {"device",
               "trace",
               "drifting",
               "--card",
               "./card.toml",
               "--drive",
               "sin",
               "--amplitude",
               "1",
               "--frequency",
               "1000",
               "--cycles",
               "1",
               "--engine",
               "ngspice",
               "--points",
               "20",
               "--out",
               "trace.csv"}),
      command(store_target(), "store-list", {"store", "list", "tiles.sqlite"}),
      command(store_target(), "store-verify", {"store", "verify", "tiles.sqlite"}),
      run_on_store()};
}

}  // namespace memspice::fuzz
