#include "tile/spice_method.hpp"

#include "base/names.hpp"

namespace memspice::tile {
namespace {

constexpr Names<2> kMethods{"pinned", "direct"};

/// Whether a node of the array lies behind a resistance, so that there is anything to hold.
bool has_lines(const crossbar::Wiring& wiring) {
  return wiring.row > 0.0 || wiring.column > 0.0 || wiring.driver > 0.0 || wiring.sense > 0.0;
}

}  // namespace

std::string_view to_text(SpiceMethod method) noexcept {
  return name_of(kMethods, method);
}

SpiceMethod parse_spice_method(std::string_view name, std::string_view place) {
  return parse_choice<SpiceMethod>(kMethods, name, place);
}

MethodChoice choose_method(SpiceMethod asked, const Array& array) {
  if (asked == SpiceMethod::Pinned && !has_lines(array.wiring())) {
    return {SpiceMethod::Direct, "no line has a resistance, so that no mesh is to be solved"};
  }
  return {asked};
}

}  // namespace memspice::tile
