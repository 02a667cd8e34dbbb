// memspice init: a flow to start from.

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/documentation_commands.hpp"
#include "config/flow_draft.hpp"
#include "flow/load_network.hpp"

namespace memspice::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInitExamples =
    "Reads the network, looks at what lies in the data folder, and writes a flow file with every\n"
    "key, its default and what it means. --set puts other values in place of the defaults.\n"
    "\n"
    "Examples:\n"
    "  memspice init --network lenet5.onnx --data /usr/share/datasets/fashion-mnist\n"
    "  memspice init --network net.onnx --data cifar10 --set mapping.rows=128 --out my_flow.toml\n"
    "  memspice check my_flow.toml";

struct InitOptions {
  CommonOptions common;
  std::string network, data;
  bool force = false;
};

/// --out, a folder or a file; else a file of the network's name here.
fs::path flow_path(const InitOptions& options) {
  const fs::path name = fs::path(options.network).stem().string() + ".toml";
  const fs::path out = options.common.out;
  std::error_code ec;
  if (out.empty()) return name;
  return fs::is_directory(out, ec) ? out / name : out;
}

void require_new(const fs::path& file, bool force) {
  std::error_code ec;
  if (force || !fs::exists(fs::symlink_status(file, ec))) return;
  reject(file.string(), {}, "is there already", "give another --out, or --force to replace it");
}

/// As a flow at `file` names it: paths that were typed as absolute ones stay so.
fs::path named_from(const fs::path& file, const std::string& typed) {
  if (fs::path(typed).is_absolute()) return typed;
  const fs::path folder = fs::absolute(file).parent_path();
  return fs::absolute(typed).lexically_normal().lexically_relative(folder.lexically_normal());
}

network::FoundDataset dataset_of(const InitOptions& options, const fs::path& file) {
  std::error_code ec;
  const std::string& data = options.data;
  if (data.empty()) return network::published_dataset("idx", "--data");
  if (!fs::is_directory(data, ec)) return network::published_dataset(data, "--data");
  network::FoundDataset found = network::find_dataset(data, "--data");
  found.test.folder = found.calibration.folder = named_from(file, data);
  return found;
}

void init(const InitOptions& options) {
  apply_common(options.common);
  const fs::path file = flow_path(options);
  require_new(file, options.force);
  config::FlowDraft draft{.file = file,
                          .network = named_from(file, options.network),
                          .data = dataset_of(options, file),
                          .overrides = options.common.overrides};
  if (!options.common.seed.empty()) draft.overrides.push_back("seed=" + options.common.seed);
  const auto network =
      flow::load_network(options.network, config::import_options_of(options.common.overrides));
  write_file(file, config::write_flow(draft, network.graph));
  const std::string& kind = draft.data.test.kind;
  tell(options.common,
       "Wrote " + file.string() + ": data of kind " + kind +
           (draft.data.test.folder.empty() ? ", whose folder is still to be given" : "") +
           ". Next: memspice check " + file.string() + '\n');
  if (options.common.json) {
    print(nlohmann::ordered_json{{"file", file.string()}, {"kind", kind}}.dump(2) + '\n');
  }
}

}  // namespace

Command init_command() {
  const auto options = std::make_shared<InitOptions>();
  Command command{.name = "init",
                  .text = "Write a commented flow to start from",
                  .examples = kInitExamples,
                  .run = [options] { init(*options); }};
  command.add({
      {"--network", "FILE.onnx", &options->network, "The trained network", Need::Required},
      {"--data",
       "FOLDER|KIND",
       &options->data,
       "Folder of a data set, or its kind: idx, cifar10, image_pairs"},
      {"--force", "", &options->force, "Replace a file that is there"},
  });
  add_common(command, options->common, "The flow file (default: the network's name, .toml)");
  return command;
}

}  // namespace memspice::cli
