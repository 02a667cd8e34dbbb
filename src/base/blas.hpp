#pragma once

namespace memspice {

/// Makes OpenBLAS run each call on the calling thread: memspice's own loops use the cores, and two
/// layers of threads would fight over them. Called by parallel_for; idempotent and cheap.
void pin_blas_to_one_thread();

}  // namespace memspice
