#include "config/read_verify.hpp"

#include "config/section.hpp"

namespace memspice::config {

void read_verify(TomlDocument& flow, FlowOptions& options) {
  study::VerifyOptions& verify = options.verify;
  Section section(flow, "verify");
  section.read({"images",
                "scored images that run wholly in ngspice; the report gives the accuracy in SPICE "
                "with its interval; 0: none"},
               verify.images,
               {.low = 0, .high = 10'000'000});
  section.choose({"draw", "which: all alike, or half of them where the two best scores are close"},
                 verify.draw,
                 {"evenly", "by_margin"});
}

}  // namespace memspice::config
