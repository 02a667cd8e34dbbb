#include "base/blas.hpp"

#include <cblas.h>

namespace memspice {

void pin_blas_to_one_thread() {
  static const bool pinned = (openblas_set_num_threads(1), true);
  static_cast<void>(pinned);
}

}  // namespace memspice
