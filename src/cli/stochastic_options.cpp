#include "cli/stochastic_options.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::cli {
namespace {

int whole_number(const std::string& text, const std::string& place) {
  const auto value = parse_integer(text);
  if (value && *value >= -1'000'000'000 && *value <= 1'000'000'000) return static_cast<int>(*value);
  throw InputError({.place = place,
                    .value = '"' + text + '"',
                    .rule = "must be a whole number",
                    .remedy = "for example 8"});
}

/// An InputError of the checks with the option's name in place of the key's.
template <typename Check>
void check_options(Check check) {
  try {
    check();
  } catch (const InputError& error) {
    Fault fault = error.fault();
    fault.place = "--" + fault.place.substr(fault.place.rfind('.') + 1);
    std::replace(fault.place.begin(), fault.place.end(), '_', '-');
    throw InputError(fault);
  }
}

}  // namespace

stochastic::UnitOptions unit_of(const StochasticOptions& options) {
  stochastic::UnitOptions unit;
  unit.bits = whole_number(options.bits, "--bits");
  unit.guard_bits = whole_number(options.guard_bits, "--guard-bits");
  unit.lanes = whole_number(options.lanes, "--lanes");
  unit.parallel = options.parallel == "all" ? stochastic::kWholeStream
                                            : whole_number(options.parallel, "--parallel");
  if (options.is_unsigned) unit.form = stochastic::Form::Unsigned;
  if (options.is_signed) unit.form = stochastic::Form::Signed;
  check_options([&] { unit.validate("unit"); });
  return unit;
}

}  // namespace memspice::cli
