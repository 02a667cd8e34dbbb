#include "tile/certificate_json.hpp"

#include <nlohmann/json.hpp>

namespace memspice::tile {

nlohmann::ordered_json certificate_json(const Certificate& certificate) {
  // What is not finite is written as null.
  return {{"bound_ampere", certificate.bound},
          {"relative", certificate.relative},
          {"residual_ampere", certificate.residual},
          {"corrections", certificate.corrections},
          {"evaluations", certificate.evaluations},
          {"monotone", certificate.monotone}};
}

}  // namespace memspice::tile
