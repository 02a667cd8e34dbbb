#pragma once
// The program memspice: arguments -> exit code.

namespace memspice::cli {

/// Exit codes: 0 done, 1 the run failed, 2 usage or input error, 130 interrupted.
int run_program(int argc, const char* const* argv);

}  // namespace memspice::cli
