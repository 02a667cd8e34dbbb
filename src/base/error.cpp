#include "base/error.hpp"

#include "base/text.hpp"

namespace memspice {

std::string describe(const Fault& fault) {
  std::string text = fault.place;
  const auto append = [&text](const char* separator, const std::string& part) {
    if (part.empty()) return;
    if (!text.empty()) text += separator;
    text += part;
  };
  append(": ", fault.value);
  append(": ", fault.rule);
  append("; ", fault.remedy);
  return escape_controls(text);
}

Error::Error(Fault fault) : std::runtime_error(describe(fault)), fault_(std::move(fault)) {}

Error::Error(const std::string& message)
    : std::runtime_error(escape_controls(message)),
      fault_{.place = {}, .value = {}, .rule = message, .remedy = {}} {}

void reject(std::string place, std::string value, std::string rule, std::string remedy) {
  throw InputError({.place = std::move(place),
                    .value = std::move(value),
                    .rule = std::move(rule),
                    .remedy = std::move(remedy)});
}

Interrupted::Interrupted() : Error("interrupted") {}

}  // namespace memspice
