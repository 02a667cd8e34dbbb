#include "tile/store_payload.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/random.hpp"

using namespace memspice;
using tile::compress;
using tile::decode_npy;
using tile::decompress;
using tile::encode_npy;

TEST_CASE("encode_npy writes what NumPy's format 1.0 prescribes", "[store]") {
  Eigen::MatrixXd matrix(2, 3);
  matrix << 1, 2, 3, 4, 5, 6;
  const std::string bytes = encode_npy(matrix);
  // Magic, version 1.0, little-endian header length, a header padded with blanks to a multiple of
  // 64 that ends in a newline, then the data: column by column for fortran_order.
  const std::string header = "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }";
  CHECK(bytes.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
  REQUIRE(bytes.size() == 128 + 6 * sizeof(double));
  CHECK(static_cast<unsigned char>(bytes[8]) + 256 * static_cast<unsigned char>(bytes[9]) == 118);
  CHECK(bytes.substr(10, header.size()) == header);
  CHECK(bytes.substr(10 + header.size(), 117 - header.size()) ==
        std::string(117 - header.size(), ' '));
  CHECK(bytes[127] == '\n');
  const double column_order[] = {1, 4, 2, 5, 3, 6};
  CHECK(bytes.substr(128) ==
        std::string(reinterpret_cast<const char*>(column_order), sizeof column_order));
}

TEST_CASE("decode_npy gives back every bit", "[store]") {
  Eigen::MatrixXd matrix(1, 5);
  matrix << -0.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
      std::numeric_limits<double>::denorm_min(), 0.1;
  const auto decoded = decode_npy(encode_npy(matrix));
  REQUIRE(decoded);
  REQUIRE(decoded->cols() == 5);
  CHECK(std::signbit((*decoded)(0, 0)));
  CHECK(encode_npy(*decoded) == encode_npy(matrix));
  for (const auto& [n, m] : {std::pair(0, 0), std::pair(0, 4), std::pair(7, 0), std::pair(9, 1)}) {
    const auto shaped = decode_npy(encode_npy(Eigen::MatrixXd::Constant(n, m, 2.5)));
    REQUIRE(shaped);
    CHECK(shaped->rows() == n);
    CHECK(shaped->cols() == m);
  }
}

TEST_CASE("decode_npy refuses what is cut short, grown or something else", "[store]") {
  const std::string bytes = encode_npy(Eigen::MatrixXd::Ones(3, 3));
  CHECK_FALSE(decode_npy(""));
  CHECK_FALSE(decode_npy("no matrix"));
  CHECK_FALSE(decode_npy(bytes.substr(0, bytes.size() - 1)));
  CHECK_FALSE(decode_npy(bytes + '\0'));
  CHECK_FALSE(decode_npy(bytes.substr(0, 100)));
  std::string other_type = bytes;
  other_type.replace(other_type.find("<f8"), 3, "<f4");
  CHECK_FALSE(decode_npy(other_type));
  std::string huge = bytes;
  huge.replace(huge.find("(3, 3)"), 18, "(99999999, 9999999");
  CHECK_FALSE(decode_npy(huge));
}

TEST_CASE("compress and decompress are inverse, and damage is seen", "[store]") {
  RandomStream random(1, "store_payload_test");
  std::string noise(10'000, '\0');
  for (char& c : noise) c = static_cast<char>(random.below(256));
  for (const std::string& text :
       {std::string(), std::string("a"), std::string(5'000, 'x'), noise}) {
    const auto back = decompress(compress(text));
    REQUIRE(back);
    CHECK(*back == text);
  }
  CHECK(compress(std::string(5'000, 'x')).size() < 100);
  const std::string good = compress(noise);
  CHECK_FALSE(decompress(""));
  CHECK_FALSE(decompress(good.substr(0, good.size() / 2)));
  std::string wrong_length = good;
  wrong_length[0] = static_cast<char>(wrong_length[0] + 1);
  CHECK_FALSE(decompress(wrong_length));
  std::string absurd_length = good;
  absurd_length[7] = '\x7f';
  CHECK_FALSE(decompress(absurd_length));
}
