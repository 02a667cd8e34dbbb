#pragma once
// Which circuits a worker holds, as the pool sees it.

#include <list>
#include <string>
#include <vector>

namespace memspice::engine {

/// Keys of loaded circuits, least recently used first, within a limit of memory.
class Residents {
 public:
  explicit Residents(std::size_t limit) : limit_(limit) {}

  bool holds(const std::string& key) const;

  /// Marks `key` as used now; `bytes`: what its circuit takes. Returns the keys that must go before
  /// it comes, so that all stay below the limit; a circuit that exceeds it alone stands alone.
  std::vector<std::string> admit(const std::string& key, std::size_t bytes);

  void clear() noexcept;

 private:
  struct Circuit {
    std::string key;
    std::size_t bytes;
  };
  std::size_t limit_;
  std::size_t used_ = 0;
  std::list<Circuit> circuits_;
};

}  // namespace memspice::engine
