#include "flow/digital_layers.hpp"

#include "flow/bitstream.hpp"
#include "flow/spectral.hpp"

namespace memspice::flow {

void add_digital_layers(const config::FlowOptions& options,
                        const Parts& parts,
                        simulate::Machine& machine) {
  add_bitstream_layers(options, parts, machine);
  add_spectral_layers(parts.inputs->choices, machine);
}

}  // namespace memspice::flow
