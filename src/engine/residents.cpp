#include "engine/residents.hpp"

#include <algorithm>

namespace memspice::engine {

bool Residents::holds(const std::string& key) const {
  return std::ranges::find(circuits_, key, &Circuit::key) != circuits_.end();
}

std::vector<std::string> Residents::admit(const std::string& key, std::size_t bytes) {
  const auto known = std::ranges::find(circuits_, key, &Circuit::key);
  if (known != circuits_.end()) {
    circuits_.splice(circuits_.end(), circuits_, known);
    return {};
  }
  std::vector<std::string> gone;
  while (!circuits_.empty() && used_ + bytes > limit_) {
    used_ -= circuits_.front().bytes;
    gone.push_back(std::move(circuits_.front().key));
    circuits_.pop_front();
  }
  circuits_.push_back({key, bytes});
  used_ += bytes;
  return gone;
}

void Residents::clear() noexcept {
  circuits_.clear();
  used_ = 0;
}

}  // namespace memspice::engine
