#include "base/vectors.hpp"

#include <hwy/targets.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice {
namespace {

std::string name_of(std::int64_t set) {
  std::string name = hwy::TargetName(set);
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

/// One bit per set; the library numbers better ones lower.
std::vector<std::int64_t> sets_of(std::int64_t mask) {
  std::vector<std::int64_t> sets;
  for (; mask != 0; mask &= mask - 1) sets.push_back(mask & -mask);
  return sets;
}

std::int64_t usable() {
  return hwy::SupportedTargets() & HWY_TARGETS;
}

}  // namespace

std::vector<std::string> vector_sets() {
  std::vector<std::string> names;
  for (const std::int64_t set : sets_of(usable())) names.push_back(name_of(set));
  return names;
}

std::string vector_set() {
  return vector_sets().front();
}

void limit_vectors(std::string_view name, std::string_view place) {
  hwy::DisableTargets(0);
  std::int64_t better = 0;
  for (const std::int64_t set : sets_of(usable())) {
    if (name_of(set) == name) return hwy::DisableTargets(better);
    better |= set;
  }
  throw InputError({.place = std::string(place),
                    .value = std::string(name),
                    .rule = "is no instruction set of this build and processor",
                    .remedy = "choose one of " + join(vector_sets(), ", ")});
}

void limit_vectors_by_environment() {
  const char* name = std::getenv("MEMSPICE_VECTORS");
  if (name != nullptr && *name != '\0') limit_vectors(name, "MEMSPICE_VECTORS");
}

}  // namespace memspice
