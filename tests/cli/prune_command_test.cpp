#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "network/graph.hpp"
#include "program_run.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using cli::run_memspice;
using Json = nlohmann::json;

namespace fs = std::filesystem;

namespace {

/// A flow on a test network; [data] is there because every flow has it, and is never opened.
struct Flow {
  TemporaryFolder folder;
  std::string file = (folder.path() / "net.toml").string();
  std::string out = (folder.path() / "small.onnx").string();

  explicit Flow(const std::string& network = "compact.onnx") {
    const auto path = fs::path(MEMSPICE_TEST_DIR) / "network" / "data" / network;
    std::ofstream(file) << "[network]\nfile = \"" << path.string() << "\"\n"
                        << "[data]\nimages = \"a\"\nlabels = \"b\"\n"
                        << "calibration_images = \"c\"\ncalibration_labels = \"d\"\n"
                        << "[mapping]\nrows = 64\ncolumns = 64\n";
  }
  cli::ProgramRun prune(std::vector<std::string> more) const {
    more.insert(more.begin(), {"prune", file});
    return run_memspice(more);
  }
};

const Json& layer(const Json& result, const std::string& name) {
  for (const Json& entry : result["layers"]) {
    if (entry["name"] == name) return entry;
  }
  throw InputError("no layer " + name);
}

}  // namespace

TEST_CASE("prune writes a smaller network and counts what went", "[cli][prune]") {
  const Flow flow;
  const auto run = flow.prune({"--set", "prune.rate=0.5", "--out", flow.out, "--json"});
  REQUIRE(run.code == 0);
  const Json result = Json::parse(run.out);
  CHECK(result["file"] == flow.out);
  // depthwise 5 x 5 on 8 channels -> 4: 2 k^2 C; pointwise 8 -> 4 channels to 16: 2 C D.
  CHECK(layer(result, "depthwise")["channels"] == Json({{"before", 8}, {"after", 4}}));
  CHECK(layer(result, "depthwise")["memristors"] == Json({{"before", 400}, {"after", 200}}));
  CHECK(layer(result, "depthwise")["crossbars"] == Json({{"before", 8}, {"after", 4}}));
  CHECK(layer(result, "pointwise")["memristors"] == Json({{"before", 256}, {"after", 128}}));
  CHECK(layer(result, "pointwise")["channels"].is_null());
  const auto graph = network::load_onnx(flow.out);
  const auto& depthwise = graph.layer(graph.find("depthwise"));
  CHECK(std::get<network::Convolution>(depthwise.operation).groups == 4);
}

TEST_CASE("prune tells people what it did", "[cli][prune]") {
  const Flow flow;
  const auto run = flow.prune({"--out", flow.folder.path().string()});
  CHECK(run.code == 0);
  CHECK_THAT(run.out, Contains("8 -> 4") && Contains("400 -> 200"));
  CHECK_THAT(run.out, Contains("compact_pruned.onnx"));
  CHECK(fs::exists(flow.folder.path() / "compact_pruned.onnx"));
}

TEST_CASE("prune writes nothing when it refuses", "[cli][prune]") {
  const auto refuse = [](const Flow& flow, const std::string& setting, const std::string& wanted) {
    const auto run = flow.prune({"--set", setting, "--out", flow.out});
    CHECK(run.code == 2);
    CHECK_THAT(run.err, Contains(wanted));
    CHECK(run.out.empty());
    CHECK_FALSE(fs::exists(flow.out));
  };
  const Flow compact;
  refuse(compact, "prune.rate=1", "must lie between 0 and 1");
  refuse(compact, "prune.rate=0", "must lie between 0 and 1");
  refuse(compact, "prune.saliency=l2", "is not known");
  refuse(compact, "prune.keep=[\"stem\"]", "is no depthwise layer");
  refuse(compact, "prune.share=0.5", "unknown key");
  refuse(Flow("lenet5.onnx"), "prune.rate=0.5", "has no depthwise layers");
}

TEST_CASE("prune does not overwrite the network it reads", "[cli][prune]") {
  const Flow flow;
  const auto copy = flow.folder.path() / "copy.onnx";
  fs::copy_file(fs::path(MEMSPICE_TEST_DIR) / "network" / "data" / "compact.onnx", copy);
  const auto run = flow.prune({"--set", "network.file=" + copy.string(), "--out", copy.string()});
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains("is the network that is being pruned"));
}
