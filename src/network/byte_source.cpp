#include "network/byte_source.hpp"

#include "base/error.hpp"

namespace memspice::network {

std::vector<unsigned char> ByteSource::read_exactly(std::size_t count) {
  auto bytes = read(count);
  if (bytes.size() != count) {
    reject(std::to_string(count - bytes.size()) + " bytes are missing", "the file is truncated");
  }
  return bytes;
}

void ByteSource::reject(const std::string& value,
                        const std::string& rule,
                        const std::string& remedy) const {
  throw InputError({.place = name(), .value = value, .rule = rule, .remedy = remedy});
}

}  // namespace memspice::network
