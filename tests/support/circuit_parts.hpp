#pragma once
// Short ways to write instances in tests.

#include <string>
#include <vector>

#include "circuit/circuit.hpp"

namespace memspice::test {

inline circuit::Instance element(const std::string& name,
                                 circuit::Kind kind,
                                 std::vector<circuit::NetId> pins,
                                 double value = 0.0) {
  circuit::Instance instance;
  instance.name = name;
  instance.kind = kind;
  instance.pins = std::move(pins);
  instance.value = value;
  return instance;
}

inline circuit::Instance source(const std::string& name,
                                circuit::Kind kind,
                                std::vector<circuit::NetId> pins,
                                circuit::Waveform waveform) {
  circuit::Instance instance = element(name, kind, std::move(pins));
  instance.waveform = std::move(waveform);
  return instance;
}

}  // namespace memspice::test
