// The memristors of exported netlists against the formulas of METHODS section 5, counted in the
// deck's own text: cells of each subcircuit times its instances.

#include <catch2/catch.hpp>
#include <map>
#include <sstream>

#include "base/files.hpp"
#include "base/text.hpp"
#include "program_run.hpp"

using namespace memspice;

namespace {

constexpr const char* kCell = "static_read";

/// Instances by the subcircuit they stand in ("" is the deck itself) and the one they are of.
using Instances = std::map<std::string, std::map<std::string, long>>;

/// What an instance line "x_name net net .. subcircuit key=value .." is an instance of.
std::string subcircuit_of(const std::string& line) {
  std::istringstream words(line);
  std::string word, last;
  while (words >> word && word.find('=') == std::string::npos) last = word;
  return last;
}

std::vector<std::string> joined_lines(const std::string& deck) {
  std::vector<std::string> lines;
  for (const std::string& line : split(deck, '\n')) {
    if (line.starts_with('+')) {
      lines.back() += ' ' + line.substr(1);
    } else {
      lines.push_back(line);
    }
  }
  return lines;
}

Instances read_instances(const std::string& deck) {
  Instances instances;
  std::string inside;
  for (const std::string& line : joined_lines(deck)) {
    if (line.starts_with(".ends")) inside.clear();
    if (line.starts_with(".subckt ")) inside = split(line, ' ')[1];
    if (line.starts_with("x")) ++instances[inside][subcircuit_of(line)];
  }
  return instances;
}

long count_cells(const Instances& instances, const std::string& inside) {
  const auto found = instances.find(inside);
  if (found == instances.end()) return 0;
  long cells = 0;
  for (const auto& [name, count] : found->second) {
    cells += count * (name == kCell ? 1 : count_cells(instances, name));
  }
  return cells;
}

long exported_memristors(const std::string& network, const std::string& layer) {
  const TemporaryFolder folder;
  const auto run =
      cli::run_memspice({"export",
                         MEMSPICE_ROOT_DIR "/flows/lenet5_fashion.toml",
                         "--set",
                         "network.file=" MEMSPICE_ROOT_DIR "/flows/networks/" + network,
                         "--set",
                         "data.calibration_limit=4",
                         "--what",
                         "layer:" + layer,
                         "--out",
                         folder.path().string()});
  INFO(run.err);
  REQUIRE(run.code == 0);
  return count_cells(read_instances(read_file(folder.path() / (layer + ".cir"))), "");
}

}  // namespace

TEST_CASE("exported netlists hold the memristors of the formulas", "[cli][export][prune]") {
  // Two per weight: convolution 2 k^2 C D, depthwise 2 k^2 C, pointwise 2 C D, global average and
  // 1x1 classifier 2 C n. The bias adds a pair per output.
  struct Case {
    const char* network;
    const char* layer;
    long weights_formula;
    long outputs;
  };
  const Case c = GENERATE(Case{"msccnn_fashion.onnx", "conv1", 2 * 9 * 1 * 16, 16},
                          Case{"msccnn_fashion.onnx", "s1_depth", 2 * 9 * 16, 16},
                          Case{"msccnn_fashion.onnx", "s2_point", 2 * 32 * 64, 64},
                          Case{"msccnn_fashion.onnx", "classes", 2 * 128 * 10, 10},
                          Case{"msccnn_fashion_p50.onnx", "conv1", 2 * 9 * 1 * 8, 8},
                          Case{"msccnn_fashion_p50.onnx", "s1_depth", 2 * 9 * 8, 8},
                          Case{"msccnn_fashion_p50.onnx", "s2_point", 2 * 16 * 32, 32},
                          Case{"lenet5_fashion.onnx", "fc3", 2 * 84 * 10, 10});
  CAPTURE(c.network, c.layer);
  CHECK(exported_memristors(c.network, c.layer) == c.weights_formula + 2 * c.outputs);
}
