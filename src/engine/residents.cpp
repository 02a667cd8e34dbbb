#include "engine/residents.hpp"

namespace memspice::engine {

std::vector<std::string> Residents::admit(const std::string& key, std::size_t bytes) {
  if (const auto known = place_of_.find(key); known != place_of_.end()) {
    circuits_.splice(circuits_.end(), circuits_, known->second);
    return {};
  }
  std::vector<std::string> gone;
  while (!circuits_.empty() && used_ + bytes > limit_) {
    used_ -= circuits_.front().bytes;
    place_of_.erase(circuits_.front().key);
    gone.push_back(std::move(circuits_.front().key));
    circuits_.pop_front();
  }
  place_of_.emplace(key, circuits_.insert(circuits_.end(), {key, bytes}));
  used_ += bytes;
  return gone;
}

void Residents::clear() noexcept {
  circuits_.clear();
  place_of_.clear();
  used_ = 0;
}

}  // namespace memspice::engine
