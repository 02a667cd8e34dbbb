#pragma once
// How each layer's ADCs are set at each fidelity: chosen on the calibration images when first asked
// for, then the same for every pass and study of a run.

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "simulate/layer_kernel.hpp"
#include "simulate/options.hpp"

namespace memspice::study {

class AdcSettings {
 public:
  /// What was chosen before, or what `choose` gives; safe to call from many threads, which wait for
  /// nobody but those who ask for the same layer and fidelity.
  const simulate::AdcSetting& of(std::size_t layer,
                                 simulate::Fidelity fidelity,
                                 const std::function<simulate::AdcSetting()>& choose);

 private:
  struct Entry {
    std::mutex mutex;  ///< held while it is chosen; a choice that throws is made again
    std::optional<simulate::AdcSetting> setting;
  };
  std::mutex mutex_;
  std::map<std::pair<std::size_t, std::string_view>, Entry> entries_;
};

}  // namespace memspice::study
