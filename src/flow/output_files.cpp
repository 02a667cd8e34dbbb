#include "flow/output_files.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/array_archive.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "study/machine.hpp"

namespace memspice::flow {
namespace {

using network::Tensor;

/// Fewest digits that read back the same.
std::string shortest(float value) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

/// Outputs of one image.
std::span<const float> row_of(const Tensor& outputs, int image) {
  const std::size_t width = outputs.data.size() / static_cast<std::size_t>(outputs.shape.front());
  return std::span(outputs.data).subspan(static_cast<std::size_t>(image) * width, width);
}

std::string header_of(const study::Bench& bench) {
  std::string header = "image,label";
  for (const study::Rung& rung : bench.ladder) header += ",prediction_" + rung.name;
  for (const study::Rung& rung : bench.ladder) {
    const std::size_t scores = row_of(bench.outcomes->at(rung.name).outputs, 0).size();
    for (std::size_t k = 0; k < scores; ++k) {
      header += ",score_" + rung.name + '_' + std::to_string(k);
    }
  }
  return header + '\n';
}

std::string predictions_table(const study::Bench& bench) {
  std::string text = header_of(bench);
  for (int image = 0; image < bench.test->count(); ++image) {
    const auto index = static_cast<std::size_t>(image);
    text += std::to_string(image) + ',' + std::to_string(bench.test->labels[index]);
    for (const study::Rung& rung : bench.ladder) {
      text += ',' + std::to_string(bench.outcomes->at(rung.name).predictions[index]);
    }
    for (const study::Rung& rung : bench.ladder) {
      for (const float score : row_of(bench.outcomes->at(rung.name).outputs, image)) {
        text += ',' + shortest(score);
      }
    }
    text += '\n';
  }
  return text;
}

void add_labels(const network::Dataset& data, ArrayArchive& archive) {
  if (!data.labels_pixels()) {
    archive.add("label", {data.count()}, std::span<const std::int32_t>(data.labels));
    return;
  }
  const std::vector<std::int32_t> pixels(data.label_planes.begin(), data.label_planes.end());
  const network::Shape& shape = data.images.shape;
  archive.add("label", {shape[0], shape[2], shape[3]}, std::span<const std::int32_t>(pixels));
}

std::string predictions_archive(const study::Bench& bench) {
  ArrayArchive archive;
  add_labels(*bench.test, archive);
  for (const study::Rung& rung : bench.ladder) {
    const simulate::Outcome& outcome = bench.outcomes->at(rung.name);
    if (!outcome.predictions.empty()) {
      archive.add("prediction_" + rung.name,
                  {bench.test->count()},
                  std::span<const std::int32_t>(outcome.predictions));
    }
    archive.add(
        "scores_" + rung.name, outcome.outputs.shape, std::span<const float>(outcome.outputs.data));
  }
  return archive.bytes();
}

/// The outputs of named layers over some images, filled batch by batch from many threads.
class Recorder {
 public:
  Recorder(const network::Graph& graph, const std::vector<std::string>& layers, int images)
      : graph_(graph) {
    for (const std::string& name : layers) {
      network::Shape shape = graph.shape_of(graph.find(name));
      shape.front() = images;
      outputs_.emplace(name, Tensor(std::move(shape)));
    }
  }

  void take(network::LayerId layer, int first, const Tensor& output) {
    const auto kept = outputs_.find(graph_.layer(layer).name);
    if (kept == outputs_.end()) return;
    const std::size_t width = output.data.size() / static_cast<std::size_t>(output.shape.front());
    std::ranges::copy(output.data,
                      kept->second.data.begin() + static_cast<std::ptrdiff_t>(first * width));
  }

  const std::map<std::string, Tensor>& outputs() const { return outputs_; }

 private:
  const network::Graph& graph_;
  std::map<std::string, Tensor> outputs_;
};

Recorder record_layers(const report::OutputOptions& options,
                       const study::Bench& bench,
                       const study::Rung& rung) {
  constexpr int kBatch = 4;
  const int images = std::min(options.images, bench.test->count());
  const simulate::Machine machine = study::build_machine(bench, rung);
  Recorder recorder(*bench.graph, options.activations, images);
  Progress progress("activations of " + rung.name, static_cast<std::size_t>(images), "images");
  const int batches = (images + kBatch - 1) / kBatch;
  parallel_for(bench.jobs, static_cast<std::size_t>(batches), [&](std::size_t k) {
    const int first = static_cast<int>(k) * kBatch;
    const int size = std::min(kBatch, images - first);
    run_batch(
        machine,
        bench.test->batch(first, size),
        static_cast<std::uint64_t>(first),
        [&](network::LayerId layer, const Tensor& output) { recorder.take(layer, first, output); });
    progress.advance(static_cast<std::size_t>(size));
  });
  return recorder;
}

std::string activations_archive(const report::OutputOptions& options, const study::Bench& bench) {
  ArrayArchive archive;
  for (const study::Rung& rung : bench.ladder) {
    const Recorder recorder = record_layers(options, bench, rung);
    for (const auto& [layer, output] : recorder.outputs()) {
      archive.add(rung.name + '/' + layer, output.shape, std::span<const float>(output.data));
    }
  }
  return archive.bytes();
}

}  // namespace

void require_output_layers(const report::OutputOptions& options, const network::Graph& graph) {
  for (const std::string& name : options.activations) {
    try {
      graph.find(name);
    } catch (const InputError& error) {
      Fault fault = error.fault();
      fault.place = "[output] activations";
      throw InputError(std::move(fault));
    }
  }
}

void write_outputs(const report::OutputOptions& options,
                   const study::Bench& bench,
                   const std::filesystem::path& folder) {
  if (options.predictions) {
    const bool is_table = options.format == report::OutputFormat::Csv;
    write_file(folder / (is_table ? "predictions.csv" : "predictions.npz"),
               is_table ? predictions_table(bench) : predictions_archive(bench));
  }
  if (!options.activations.empty()) {
    write_file(folder / "activations.npz", activations_archive(options, bench));
  }
}

}  // namespace memspice::flow
