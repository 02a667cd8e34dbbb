#include "config/inner_table.hpp"

namespace memspice::config {

std::vector<std::string> names_within(Section& section, const std::string& table) {
  const std::string prefix = table + '.';
  std::vector<std::string> names;
  for (const std::string& key : section.unread_keys()) {
    if (key.starts_with(prefix)) names.push_back(key.substr(prefix.size()));
  }
  return names;
}

}  // namespace memspice::config
