#include "config/read_import.hpp"

#include <cmath>

#include "config/inner_table.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

void read_input_shape(Section& section, network::Shape& shape) {
  std::vector<double> sizes;
  const Key key{"input_shape",
                "shape of one image, where the file leaves axes open: [3, 48, 192]",
                {.range = "1 to 3 whole numbers, 1 to 65536", .standard = "as the file declares"}};
  if (!section.read(key, sizes, Unit::None)) return;
  if (sizes.empty() || sizes.size() > 3) {
    section.reject("input_shape", "is the shape of one image", "for example [3, 48, 192]");
  }
  shape = {1};
  for (const double size : sizes) {
    if (size != std::trunc(size) || size < 1.0 || size > 65536.0) {
      section.reject(
          "input_shape", "each must be a whole number, 1 to 65536", "for example [3, 48, 192]");
    }
    shape.push_back(static_cast<std::int64_t>(size));
  }
}

/// [network.constants], as keys "constants.NAME": one per input that the data do not feed.
void read_constants(TomlDocument& flow,
                    Section& section,
                    std::map<std::string, double>& constants) {
  const Entry* table = flow.find("network", "constants");
  if (table != nullptr && !table->is_table) {
    section.reject("constants", "is a table of inputs by name", "for example { phase = 0 }");
  }
  for (const std::string& input : names_within(section, "constants")) {
    section.read({"constants." + input,
                  "what each value of an input is that the data do not feed",
                  {.standard = "none"}},
                 constants[input],
                 Unit::None);
  }
}

}  // namespace

void read_import(TomlDocument& flow, network::ImportOptions& options) {
  Section section(flow, "network");
  read_input_shape(section, options.input_shape);
  section.read({"input", "name of the input that the data feed", {.standard = "the only one"}},
               options.input);
  section.read({"output", "name of the tensor that is scored", {.standard = "the only output"}},
               options.output);
  read_constants(flow, section, options.constants);
}

}  // namespace memspice::config
