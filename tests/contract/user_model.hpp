#pragma once
// A user's model on disk: its subcircuit and a card beside it.

#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "base/files.hpp"
#include "base/text.hpp"
#include "config/memristor_card.hpp"
#include "config/own_cell.hpp"
#include "engine/engine.hpp"
#include "periphery/trace_device.hpp"

namespace memspice::testing {

/// `lines` stand between .subckt and .ends of a cell with the parameters given, whose conductance
/// is 2 uS at x_init = 0 and 20 uS at 1. `of_x_init`: more lines of that parameter's table.
class UserModel {
 public:
  using Parameters = std::map<std::string, double>;

  explicit UserModel(const std::string& lines,
                     Parameters parameters = {{"x_init", 0.5}},
                     const std::string& ports = "p n x",
                     const std::string& of_x_init = "") {
    std::string header = ".subckt cell " + ports + " params:";
    std::string card = "model = \"cell\"\nname = \"card\"\n";
    for (const auto& [name, value] : parameters) {
      header += " " + name + "=" + to_text(value);
      card += "[" + name + "]\nvalue = " + to_text(value) + "\nsource = \"own\"\n";
      if (name == "x_init") card += of_x_init;
    }
    write_file(folder_.path() / "cell.sub", header + "\n" + lines + "\n.ends\n");
    card +=
        "[read]\nparameter = \"x_init\"\nat_0 = \"2 uS\"\nat_1 = \"20 uS\"\n"
        "g_min = \"2 uS\"\ng_max = \"20 uS\"\nsource = \"own\"\n";
    write_file(folder_.path() / "card.toml", card);
  }

  std::string card() const { return (folder_.path() / "card.toml").string(); }

  periphery::DeviceUnderTest device() const {
    return config::device_under_test(config::load_model_card("cell", card()));
  }

  /// 0.2 V at 1 kHz, one period.
  device::Trace trace(engine::Engine& engine) const {
    const device::TraceOptions options{.drive = {.amplitude = 0.2, .frequency = 1e3}};
    return periphery::trace_in_spice(device(), options, engine);
  }

 private:
  TemporaryFolder folder_;
};

inline std::unique_ptr<engine::Engine> one_worker() {
  engine::Options options;
  options.workers = 1;
  options.failed_deck_folder.clear();
  return engine::make_ngspice_engine(options);
}

}  // namespace memspice::testing
