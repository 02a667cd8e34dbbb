#include "config/read_input_shape.hpp"

#include <cmath>

#include "config/section.hpp"

namespace memspice::config {

void read_input_shape(TomlDocument& flow, FlowOptions& options) {
  Section section(flow, "network");
  std::vector<double> sizes;
  const Key key{"input_shape",
                "shape of one image, where the file leaves axes open: [3, 48, 192]",
                {.range = "1 to 3 whole numbers, 1 to 65536", .standard = "as the file declares"}};
  if (!section.read(key, sizes, Unit::None)) return;
  if (sizes.empty() || sizes.size() > 3) {
    section.reject("input_shape", "is the shape of one image", "for example [3, 48, 192]");
  }
  options.input_shape = {1};
  for (const double size : sizes) {
    if (size != std::trunc(size) || size < 1.0 || size > 65536.0) {
      section.reject(
          "input_shape", "each must be a whole number, 1 to 65536", "for example [3, 48, 192]");
    }
    options.input_shape.push_back(static_cast<std::int64_t>(size));
  }
}

}  // namespace memspice::config
