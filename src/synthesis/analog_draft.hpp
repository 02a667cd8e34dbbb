#pragma once
// An analog block while it is being drawn: its circuit with rails and inputs, and the parts and
// stages that builders put into it.

#include <string>
#include <string_view>
#include <vector>

#include "circuit/circuit.hpp"
#include "device/analog_figures.hpp"
#include "synthesis/analog_block.hpp"

namespace memspice::synthesis {

/// One input of a summer.
struct SummerInput {
  circuit::NetId net;
  double R = 0.0;  ///< into the summing node [Ohm]
};

class AnalogDraft {
 public:
  using NetId = circuit::NetId;

  /// Nets vdd, vss and in_0 ..; throws InputError naming the block when `inputs` < 1 or too many.
  /// `name` is free text. `figures` must outlive the draft.
  AnalogDraft(std::string_view name, const device::AnalogFigures& figures, int inputs);

  circuit::Circuit& circuit() noexcept { return *body_; }
  const device::AnalogFigures& figures() const noexcept { return figures_; }
  NetId vdd() const noexcept { return vdd_; }
  NetId vss() const noexcept { return vss_; }
  NetId in(int k) const { return inputs_.at(static_cast<std::size_t>(k)); }
  int inputs() const noexcept { return static_cast<int>(inputs_.size()); }

  /// Parts. A name is unique among the block's instances.
  NetId net(const std::string& name) { return body_->add_net(name); }
  void resistor(const std::string& name, NetId a, NetId b, double R);
  void capacitor(const std::string& name, NetId a, NetId b, double C);
  void diode(const std::string& name, NetId anode, NetId cathode);
  /// Drain, gate, source, bulk; `width` [m] at the card's gate length.
  void nmos(const std::string& name, const std::vector<NetId>& pins, double width);
  void pmos(const std::string& name, const std::vector<NetId>& pins, double width);
  void op_amp(const std::string& name, NetId plus, NetId minus, NetId out);
  /// A behavioural source of `expression` [V] from `net` to ground.
  void behaviour(const std::string& name, NetId net, const std::string& expression);
  /// An instance of a generated body, with its pins in the order of its ports.
  void block(const std::string& name, const AnalogBlock& part, std::vector<NetId> pins);

  /// Stages; each returns its output, net `name`. out = in.
  NetId follower(const std::string& name, NetId in);
  /// out = -(R_f / R_in) in.
  NetId inverter(const std::string& name, NetId in, double R_in, double R_f);
  /// out = -R_f sum in_k / R_k: an inverting summer.
  NetId summer(const std::string& name, const std::vector<SummerInput>& inputs, double R_f);
  /// out = (1 + R_f / R_g) in, R_g to ground.
  NetId amplifier(const std::string& name, NetId in, double R_g, double R_f);
  /// out = (R_f / R_in) (plus - minus): a difference amplifier of four resistors.
  NetId difference(const std::string& name, NetId plus, NetId minus, double R_in, double R_f);

  /// Makes vdd, vss, the inputs and `outputs` (nets called out_0 ..) the ports, ties ports with
  /// nothing on them to ground by 1 TOhm, and counts the devices. Ranges (0 so far), full scale and
  /// `ideal` are the caller's.
  AnalogBlock finish(const std::vector<NetId>& outputs);

 private:
  void add(const std::string& name,
           circuit::Kind kind,
           std::vector<NetId> pins,
           double value,
           const std::string& model = {});
  void mosfet(const std::string& name,
              const std::vector<NetId>& pins,
              double width,
              const device::MosfetFigures& figures,
              const std::string& model);

  std::shared_ptr<circuit::Circuit> body_;
  const device::AnalogFigures& figures_;
  NetId vdd_, vss_;
  std::vector<NetId> inputs_;
};

/// Counts through all subcircuits. A resistor called cell_* is a memristor, and so is an instance
/// of a device model's text; other hand-written texts count line by line.
DeviceCount count_devices(const circuit::Circuit& circuit);

}  // namespace memspice::synthesis
