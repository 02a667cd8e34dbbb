#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "flow/run_flow.hpp"
#include "report/numbers.hpp"
#include "report/text_table.hpp"

namespace memspice::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kPruneExamples =
    "Removes the least salient channels of every depthwise layer, and with each its pointwise "
    "word\n"
    "lines and the bit lines before it, and writes a smaller ONNX file: the same nodes and names.\n"
    "[prune] rate, saliency (\"l1\" or \"scale\") and keep choose; flows/train/msccnn.py --from\n"
    "fine-tunes what is left.\n"
    "\n"
    "Examples:\n"
    "  memspice prune flows/msccnn_fashion.toml --variant MSCCNN\n"
    "  memspice prune network.toml --set prune.rate=0.25 --out quarter.onnx\n"
    "  memspice prune network.toml --set 'prune.keep=[\"s1_depth\"]' --json";

/// --out FILE.onnx, or NAME_pruned.onnx in the results folder.
fs::path output_file(const CommonOptions& common, const config::FlowOptions& flow) {
  const fs::path out = common.out;
  if (out.extension() == ".onnx") return out;
  return flow.out / (flow.network_file.stem().string() + "_pruned.onnx");
}

/// "16 -> 8", or "16" where nothing changed.
std::string change(long before, long after) {
  using report::with_thousands;
  if (before == after) return with_thousands(before);
  return with_thousands(before) + " -> " + with_thousands(after);
}

const mapping::PrunedLayer* pruned_layer(const flow::PruneReport& report, const std::string& name) {
  const auto found = std::ranges::find(report.choice.pruned, name, &mapping::PrunedLayer::name);
  return found == report.choice.pruned.end() ? nullptr : &*found;
}

std::string layers_table(const flow::PruneReport& report) {
  report::TextTable table(
      {{"layer", report::Align::Left}, {"channels"}, {"memristors"}, {"crossbars"}});
  for (const auto& [name, before, after] : report.layers) {
    const auto* pruned = pruned_layer(report, name);
    table.add({name,
               pruned == nullptr ? "" : change(pruned->channels_before, pruned->channels_after),
               change(before.memristors, after.memristors),
               change(before.crossbars, after.crossbars)});
  }
  table.add_rule();
  table.add({"all",
             "",
             change(report.before.memristors, report.after.memristors),
             change(report.before.crossbars, report.after.crossbars)});
  return table.str();
}

std::string pruning_text(const config::FlowOptions& options, const flow::PruneReport& report) {
  std::string text = "Depthwise layers of " + report.source.string() + " at rate " +
                     memspice::to_text(options.prune.rate) + ", saliency " +
                     std::string(mapping::to_text(options.prune.saliency)) + "\n\n" +
                     layers_table(report) + "\nMemristors: two per weight, without biases.\n";
  for (const mapping::SkippedLayer& layer : report.choice.skipped) {
    text += "Left alone: " + layer.name + ", " + std::to_string(layer.channels) +
            " channels: " + layer.reason + '\n';
  }
  return text + "Wrote " + report.file.string() + '\n';
}

Json before_after(long before, long after) {
  return {{"before", before}, {"after", after}};
}

Json layers_json(const flow::PruneReport& report) {
  Json layers = Json::array();
  for (const auto& [name, before, after] : report.layers) {
    const auto* pruned = pruned_layer(report, name);
    layers.push_back(
        {{"name", name},
         {"channels",
          pruned == nullptr ? Json(nullptr)
                            : before_after(pruned->channels_before, pruned->channels_after)},
         {"memristors", before_after(before.memristors, after.memristors)},
         {"crossbars", before_after(before.crossbars, after.crossbars)}});
  }
  return layers;
}

Json to_json(const config::FlowOptions& options, const flow::PruneReport& report) {
  Json skipped = Json::array();
  for (const mapping::SkippedLayer& layer : report.choice.skipped) {
    skipped.push_back(
        {{"name", layer.name}, {"channels", layer.channels}, {"reason", layer.reason}});
  }
  return {{"network", report.source.string()},
          {"file", report.file.string()},
          {"rate", options.prune.rate},
          {"saliency", mapping::to_text(options.prune.saliency)},
          {"memristors", before_after(report.before.memristors, report.after.memristors)},
          {"crossbars", before_after(report.before.crossbars, report.after.crossbars)},
          {"layers", layers_json(report)},
          {"skipped", std::move(skipped)}};
}

void prune(const FlowArguments& options) {
  const config::FlowOptions flow = load_options(options.flow, options.common);
  const flow::PruneReport report = flow::prune_flow(flow, output_file(options.common, flow));
  tell(options.common, pruning_text(flow, report));
  if (!options.common.json) return;
  // Layer names and paths may hold any bytes; JSON may not.
  print(to_json(flow, report).dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

}  // namespace

Command prune_command() {
  return on_flow({.name = "prune",
                  .text = "Remove whole crossbars of depthwise layers; write a smaller network",
                  .examples = kPruneExamples},
                 "Network to write, FILE.onnx, or a folder for it",
                 prune);
}

}  // namespace memspice::cli
