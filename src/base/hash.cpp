#include "base/hash.hpp"

#include <openssl/evp.h>

#include <array>

#include "base/error.hpp"

namespace memspice {

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw RunError("SHA-256 is not available in this OpenSSL");
  }
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (unsigned int k = 0; k < size; ++k) out += {hex[digest[k] >> 4], hex[digest[k] & 15]};
  return out;
}

}  // namespace memspice
