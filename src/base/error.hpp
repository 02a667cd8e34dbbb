#pragma once
// Typed errors. Each names place, value, rule and remedy; its type decides the exit code.

#include <stdexcept>
#include <string>

namespace memspice {

/// What a person needs to mend a fault. Empty parts are left out of the message.
struct Fault {
  std::string place;   ///< file:line:column, option, node or layer; where the fault lies
  std::string value;   ///< what was found there, quoted as it stood
  std::string rule;    ///< what holds for it
  std::string remedy;  ///< what to do about it
};

/// Renders "place: value: rule; remedy" on one line, with control characters escaped.
std::string describe(const Fault& fault);

/// Base of all errors that memspice throws on purpose.
class Error : public std::runtime_error {
 public:
  explicit Error(Fault fault);
  explicit Error(const std::string& message);
  const Fault& fault() const noexcept { return fault_; }

 private:
  Fault fault_;
};

/// The user's input or usage is at fault: exit code 2.
class InputError : public Error {
 public:
  using Error::Error;
};

/// Throws InputError of these four parts.
[[noreturn]] void reject(std::string place,
                         std::string value,
                         std::string rule,
                         std::string remedy);

/// The run itself failed (SPICE failure, no convergence, a full disk): exit code 1.
class RunError : public Error {
 public:
  using Error::Error;
};

/// The user asked to stop (SIGINT or SIGTERM): exit code 130.
class Interrupted : public Error {
 public:
  Interrupted();
};

}  // namespace memspice
