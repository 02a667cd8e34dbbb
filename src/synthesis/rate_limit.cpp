#include "synthesis/rate_limit.hpp"

#include "device/smooth.hpp"

namespace memspice::synthesis {

void limit_rate(circuit::Instance& instance, const circuit::Definition& definition, double stop) {
  const bool is_shipped = definition.name == "team" || definition.name == "vteam";
  if (!is_shipped || definition.text.find(" fastest=") == std::string::npos) return;
  instance.parameters.push_back({"fastest", device::kSwitchesPerTransient / stop});
}

}  // namespace memspice::synthesis
