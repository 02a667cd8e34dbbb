#include "synthesis/cell.hpp"

#include "base/files.hpp"
#include "netlist/model_text.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Instance;
using circuit::Kind;
using circuit::NetId;

/// Name and parameters of an access device's instances.
struct AccessInstance {
  std::string model;
  std::vector<circuit::Parameter> parameters;
};

AccessInstance describe(std::monostate) {
  return {};
}

AccessInstance describe(const device::AccessTransistor& transistor) {
  return {"nmos_access",
          {{"kp", transistor.transconductance},
           {"w", transistor.width},
           {"l", transistor.length},
           {"vto", transistor.threshold},
           {"lambda", transistor.modulation}}};
}

AccessInstance describe(const device::ExponentialSelector& selector) {
  return {"exponential_selector", {{"i_0", selector.I_0}, {"v_0", selector.V_0}}};
}

AccessInstance describe(const device::ThresholdSelector& selector) {
  return {"threshold_selector",
          {{"g_off", selector.G_off},
           {"g_on", selector.G_on},
           {"v_th", selector.threshold},
           {"v_w", selector.sharpness}}};
}

AccessInstance describe(const device::Access& access) {
  return std::visit([](const auto& device) { return describe(device); }, access);
}

/// A source of 0 A: a node of the memristor's own is held inside it, and nothing else joins it.
void hold_open(circuit::Circuit& circuit, NetId net) {
  circuit.add({.name = "open_" + circuit.net_name(net),
               .kind = Kind::CurrentSource,
               .pins = {net, circuit::kGround}});
}

std::string at(const std::string& what, const CellBuilder::Site& site) {
  return what + '_' + std::to_string(site.i) + '_' + std::to_string(site.j);
}

}  // namespace

std::string access_file(const device::Access& access) {
  const std::string model = describe(access).model;
  return model.empty() ? "" : "netlists/cells/" + model + ".sub";
}

CellBuilder::CellBuilder(circuit::Circuit& circuit, const CellDesign& design, double alpha)
    : circuit_(circuit), design_(design), alpha_(alpha) {}

void CellBuilder::define() {
  if (is_defined_) return;
  is_defined_ = true;
  const auto shipped = [this](const std::string& file) {
    circuit_.add_definition(netlist::read_definition_file(shipped_file(file).string()));
  };
  if (design_.memristor) {
    circuit_.add_definition(design_.memristor->definition);
  } else if (alpha_ > 0) {
    shipped("device_models/static_read/static_read.sub");
  }
  if (const std::string file = access_file(design_.access); !file.empty()) shipped(file);
}

void CellBuilder::add(const Site& site, double G) {
  define();
  if (std::holds_alternative<std::monostate>(design_.access)) {
    return add_memristor(site, site.bit, G);
  }
  const NetId inner = circuit_.add_net(at("m", site));
  add_memristor(site, inner, G);
  add_access(site, inner);
}

void CellBuilder::add_memristor(const Site& site, NetId bit_side, double G) {
  Instance cell{.name = at("cell", site), .pins = {site.word, bit_side}};
  if (design_.memristor) {
    cell.kind = Kind::Subcircuit;
    cell.model = design_.memristor->definition.name;
    const std::vector<std::string>& ports = design_.memristor->definition.ports;
    for (std::size_t k = 2; k < ports.size(); ++k) {
      cell.pins.push_back(circuit_.add_net(cell.name + '_' + ports[k]));
      hold_open(circuit_, cell.pins.back());
    }
    cell.parameters = design_.memristor->parameters(site.i, site.j);
  } else if (alpha_ == 0) {
    cell.value = 1.0 / G;
  } else {
    cell.kind = Kind::Subcircuit;
    cell.model = "static_read";
    cell.parameters = {{"g", G}, {"alpha", alpha_}};
  }
  circuit_.add(std::move(cell));
}

void CellBuilder::add_access(const Site& site, NetId inner) {
  AccessInstance device = describe(design_.access);
  Instance access{.name = at("access", site),
                  .kind = Kind::Subcircuit,
                  .pins = {inner, site.bit},
                  .model = std::move(device.model),
                  .parameters = std::move(device.parameters)};
  if (design_.has_gate()) access.pins.insert(access.pins.begin() + 1, site.gate);
  circuit_.add(std::move(access));
}

}  // namespace memspice::synthesis
