#include "study/adc_settings.hpp"

namespace memspice::study {

const simulate::AdcSetting& AdcSettings::of(std::size_t layer,
                                            simulate::Fidelity fidelity,
                                            const std::function<simulate::AdcSetting()>& choose) {
  Entry& entry = [&]() -> Entry& {
    const std::lock_guard lock(mutex_);
    return entries_[{layer, fidelity.name()}];
  }();
  const std::lock_guard lock(entry.mutex);
  if (!entry.setting) entry.setting = choose();
  return *entry.setting;
}

}  // namespace memspice::study
