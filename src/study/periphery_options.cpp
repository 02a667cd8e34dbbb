#include "study/periphery_options.hpp"

namespace memspice::study {

std::string name_of(PeripheryPart part) {
  constexpr const char* names[] = {"converters", "readout", "activation", "pooling", "multiplier"};
  return names[static_cast<std::size_t>(part)];
}

}  // namespace memspice::study
