#include "config/read_output.hpp"

#include "config/section.hpp"

namespace memspice::config {

void read_output(TomlDocument& flow, FlowOptions& options) {
  report::OutputOptions& output = options.output;
  Section section(flow, "output");
  section.read({"predictions",
                "of each scored image its label, and of each pass the label and the scores that "
                "the network gives it: predictions.csv or predictions.npz"},
               output.predictions);
  section.choose({"format", "of predictions: a table, or arrays for NumPy"},
                 output.format,
                 report::kOutputFormats);
  section.read({"activations",
                "layers whose outputs are written, of each pass: activations.npz",
                {.standard = "none"}},
               output.activations);
  section.read({"images", "whose activations are written: the first ones"},
               output.images,
               {.low = 1, .high = 1'000'000});
  if (output.predictions && output.format == report::OutputFormat::Csv &&
      options.data.test.kind == "image_pairs") {
    section.reject(
        "predictions", "a label for each pixel makes no table", "set output.format = \"npz\"");
  }
}

}  // namespace memspice::config
