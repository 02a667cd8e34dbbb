#pragma once
// Ctrl-C: a flag that long loops look at, so that they stop within a fraction of a second.

namespace memspice {

/// Makes SIGINT and SIGTERM set the flag. At a second one, or after 1.2 s, the process ends (130).
void catch_interrupts();

bool is_interrupted() noexcept;

/// Throws Interrupted once a signal has come.
void throw_if_interrupted();

/// For tests: sets or clears the flag as a signal would.
void set_interrupted(bool value) noexcept;

}  // namespace memspice
