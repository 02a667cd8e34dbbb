#pragma once
// Which circuits a worker holds, as the pool sees it.

#include <list>
#include <string>
#include <unordered_map>
#include <vector>

namespace memspice::engine {

/// Keys of loaded circuits, least recently used first, within a limit of memory.
class Residents {
 public:
  explicit Residents(std::size_t limit) : limit_(limit) {}
  Residents(Residents&&) = default;
  Residents& operator=(Residents&&) = default;

  bool holds(const std::string& key) const { return place_of_.contains(key); }

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
  /// The pool asks for every waiting job at every assignment: no search along the list.
  std::unordered_map<std::string, std::list<Circuit>::iterator> place_of_;
};

}  // namespace memspice::engine
