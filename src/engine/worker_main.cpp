// memspice-worker: one process, one ngspice session. Started by the worker pool only.

#include <unistd.h>

#include <cstdio>
#include <optional>

#include "base/text.hpp"
#include "engine/worker_service.hpp"

int main(int argc, char** argv) {
  const auto parent = argc == 4 ? memspice::parse_integer(argv[3]) : std::nullopt;
  if (!parent) {
    std::fputs("memspice-worker is started by memspice and is of no use by itself\n", stderr);
    return 2;
  }
  // Not a return: ngspice's exit handlers and threads have nothing left to do.
  ::_exit(memspice::engine::serve({argv[1], argv[2], static_cast<int>(*parent)}));
}
