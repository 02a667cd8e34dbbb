// The entry that libFuzzer calls, one program for each target: -DMEMSPICE_LIBFUZZER=ON with clang.
// Here an Error is a refusal; anything else that is thrown ends the process, which is a finding.

#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "base/error.hpp"
#include "base/files.hpp"
#include "mutate.hpp"
#include "sample_files.hpp"
#include "target.hpp"

namespace {

using memspice::fuzz::Target;

struct Workplace {
  memspice::TemporaryFolder folder;
  Target target = MEMSPICE_FUZZ_TARGET();
  Workplace() {
    std::filesystem::current_path(folder.path());
    if (target.prepare) target.prepare(folder.path());
  }
};

Workplace& workplace() {
  static Workplace instance;
  return instance;
}

std::string to_string(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::filesystem::path file = workplace().folder.path() / workplace().target.file;
  memspice::fuzz::write_quickly(file, to_string(data, size));
  try {
    workplace().target.run(file);
  } catch (const memspice::Error&) {
    // Refused in the program's own words.
  }
  return 0;
}

/// Our mutators know the formats; libFuzzer adds what covers new code. An empty corpus starts from
/// the target's own seeds.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                               std::size_t size,
                                               std::size_t max_size,
                                               unsigned seed) {
  Target with_input = workplace().target;
  if (size > 1) with_input.seeds.push_back(to_string(data, size));
  const std::string input = memspice::fuzz::make_input(with_input, seed, 0);
  return input.copy(reinterpret_cast<char*>(data), max_size);
}
