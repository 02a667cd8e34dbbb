#pragma once
// Which vector instructions the kernels use: the best that the processor has, or fewer when asked.

#include <string>
#include <string_view>
#include <vector>

namespace memspice {

/// Names of the instruction sets that both this build and the processor have, the best first:
/// "avx3" (AVX-512), "avx2", "sse4", "ssse3", and "scalar" for plain code.
std::vector<std::string> vector_sets();

/// The set that the kernels use now.
std::string vector_set();

/// Lets kernels use the named set and lesser ones only, from their next call on; for tests and
/// comparisons. Throws InputError with `place` for a name that is none of vector_sets().
void limit_vectors(std::string_view name, std::string_view place);

/// limit_vectors by the environment variable MEMSPICE_VECTORS, where it is set.
void limit_vectors_by_environment();

}  // namespace memspice
