#include "mutate.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "base/text.hpp"

namespace memspice::fuzz {
namespace {

/// Above this an input is cut: what matters shows in small ones, and speed counts.
constexpr std::size_t kMaxInput = 1 << 20;

const std::vector<std::string> kNumbers = {"0",
                                           "-0.0",
                                           "1",
                                           "-1",
                                           "2",
                                           "7",
                                           "255",
                                           "256",
                                           "65536",
                                           "1048577",
                                           "1e6",
                                           "2147483647",
                                           "2147483648",
                                           "-2147483648",
                                           "4294967296",
                                           "9223372036854775807",
                                           "9223372036854775808",
                                           "1e308",
                                           "-1e308",
                                           "1e309",
                                           "1e-308",
                                           "4.9e-324",
                                           "1e-15",
                                           "nan",
                                           "inf",
                                           "-inf",
                                           "0x10",
                                           "1e",
                                           "3.5",
                                           "00",
                                           "1_000",
                                           "1e400",
                                           "0.1",
                                           "99999999999999999999999999"};

const std::vector<std::string> kWords = {"\"",        "\"\"\"",
                                         "'",         "[",
                                         "]",         "[[",
                                         "]]",        "{",
                                         "}",         "{{",
                                         "(",         ")",
                                         ",",         ",,",
                                         "=",         "==",
                                         "#",         ";",
                                         "\\",        "\\u0000",
                                         "\n",        "\r\n",
                                         "\t",        ".",
                                         "..",        "../",
                                         "/",         "//",
                                         "$",         "%s%n",
                                         "*",         "+",
                                         "-",         "true",
                                         "false",     "\xef\xbb\xbf",
                                         "\xc2\x9b",  "\xe2\x80\xae",
                                         "\xff",      "Ohm",
                                         " uS",       " V",
                                         "\xc2\xb5S", "\xce\xbcS"};

std::size_t position(const std::string& text, RandomStream& random) {
  return static_cast<std::size_t>(random.below(text.size() + 1));
}

/// Mostly short, sometimes up to all of it.
std::size_t length(const std::string& text, std::size_t from, RandomStream& random) {
  const std::size_t rest = text.size() - from;
  const std::size_t most = random.chance(0.8) ? std::min<std::size_t>(rest, 16) : rest;
  return static_cast<std::size_t>(random.below(most + 1));
}

void overwrite_integer(std::string& input, RandomStream& random) {
  constexpr std::uint64_t values[] = {0,
                                      1,
                                      0x7f,
                                      0x80,
                                      0xff,
                                      0x7fff,
                                      0xffff,
                                      0x7fffffff,
                                      0xffffffff,
                                      0x80000000,
                                      0x100000000,
                                      ~0ULL,
                                      0x7fffffffffffffff};
  const std::uint64_t value = values[random.below(std::size(values))];
  const std::size_t width = std::size_t{1} << random.below(4);
  const bool big_endian = random.chance(0.5);
  const std::size_t at = position(input, random);
  for (std::size_t k = 0; k < width && at + k < input.size(); ++k) {
    input[at + k] = static_cast<char>(value >> (8 * (big_endian ? width - 1 - k : k)));
  }
}

void repeat_block(std::string& input, RandomStream& random) {
  const std::size_t from = position(input, random);
  const std::string block = input.substr(from, length(input, from, random));
  const std::size_t times = random.chance(0.9) ? 1 + random.below(4) : random.below(20'000);
  std::string repeated;
  while (repeated.size() < times * block.size() && repeated.size() < kMaxInput) repeated += block;
  input.insert(from, repeated);
}

std::string join_lines(const std::vector<std::string>& lines) {
  return join(lines, "\n");
}

std::string mutate_lines(const std::string& input, RandomStream& random) {
  std::vector<std::string> lines = split(input, '\n');
  if (lines.empty()) return input;
  const auto from = lines.begin() + static_cast<std::ptrdiff_t>(random.below(lines.size()));
  const auto to = lines.begin() + static_cast<std::ptrdiff_t>(random.below(lines.size()));
  const std::string line = *from;
  switch (random.below(5)) {
    case 0:
      lines.erase(from);
      break;
    case 1:
      lines.insert(to, line);
      break;
    case 2:
      std::iter_swap(from, to);
      break;
    case 3:
      *from += *to;
      break;
    default:
      lines.insert(to, random.chance(0.9) ? 3 : 3000, line);
      break;
  }
  return join_lines(lines);
}

bool is_word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

/// Replaces the word (or the number) at a random place.
std::string replace_word(std::string input, const std::string& by, RandomStream& random) {
  std::size_t from = position(input, random);
  while (from > 0 && is_word_byte(input[from - 1])) --from;
  std::size_t to = from;
  while (to < input.size() && is_word_byte(input[to])) ++to;
  return input.replace(from, to - from, by);
}

/// As replace_word, from the next digit on.
std::string replace_number(std::string input, RandomStream& random) {
  std::size_t from = input.find_first_of("0123456789", position(input, random));
  if (from == std::string::npos) return input;
  std::size_t to = input.find_first_not_of("0123456789.eE-", from);
  if (to == std::string::npos) to = input.size();
  return input.replace(from, to - from, pick(kNumbers, random));
}

std::string splice(const std::string& head, const std::string& tail, RandomStream& random) {
  return head.substr(0, position(head, random)) + tail.substr(position(tail, random));
}

std::string mutate_once(const Target& target, std::string input, RandomStream& random) {
  if (target.own_mutator && random.chance(0.7)) return target.own_mutator(input, random);
  if (target.is_text && random.chance(0.9)) return mutate_text(input, target.tokens, random);
  if (!target.tokens.empty() && random.chance(0.1)) {
    return input.insert(position(input, random), pick(target.tokens, random));
  }
  return mutate_bytes(input, random);
}

}  // namespace

std::string pick(const std::vector<std::string>& list, RandomStream& random) {
  return list.empty() ? std::string() : list[random.below(list.size())];
}

std::string mutate_bytes(std::string input, RandomStream& random) {
  const std::size_t at = position(input, random);
  switch (random.below(7)) {
    case 0:
      if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << random.below(8)));
      break;
    case 1:
      if (at < input.size()) input[at] = static_cast<char>(random.below(256));
      break;
    case 2:
      overwrite_integer(input, random);
      break;
    case 3:
      input.erase(at, length(input, at, random));
      break;
    case 4:
      repeat_block(input, random);
      break;
    case 5: {
      const std::string block = input.substr(at, length(input, at, random));
      input.insert(position(input, random), block);
      break;
    }
    default:
      if (random.chance(0.3)) input.resize(at);
      break;
  }
  return input;
}

std::string mutate_text(std::string input,
                        const std::vector<std::string>& tokens,
                        RandomStream& random) {
  switch (random.below(7)) {
    case 0:
      return mutate_lines(input, random);
    case 1:
    case 2:
      return replace_number(std::move(input), random);
    case 3:
      return replace_word(std::move(input), pick(tokens, random), random);
    case 4:
      return input.insert(position(input, random), pick(kWords, random));
    case 5:
      return input.insert(position(input, random), pick(tokens, random));
    default:
      return mutate_bytes(std::move(input), random);
  }
}

std::vector<std::string> words_of(const std::vector<std::string>& texts) {
  std::set<std::string> words;
  for (const std::string& text : texts) {
    std::string word;
    for (const char c : text + '\n') {
      if (is_word_byte(c)) {
        word += c;
      } else if (!word.empty()) {
        words.insert(std::exchange(word, {}));
      }
    }
  }
  return {words.begin(), words.end()};
}

std::string make_input(const Target& target, std::uint64_t seed, std::uint64_t index) {
  RandomStream random = RandomStream(seed, "fuzz/" + target.name).fork(index);
  std::string input = pick(target.seeds, random);
  if (random.chance(0.1)) input = splice(input, pick(target.seeds, random), random);
  // Few changes at a time: what is wrong in one place alone gets furthest.
  std::size_t changes = 1;
  while (changes < 16 && random.chance(0.5)) ++changes;
  for (std::size_t k = 0; k < changes; ++k) {
    input = mutate_once(target, std::move(input), random);
    if (input.size() > kMaxInput) input.resize(kMaxInput);
  }
  return input;
}

}  // namespace memspice::fuzz
