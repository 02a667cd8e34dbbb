#include "support/batch_ngspice.hpp"

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sstream>

#include "base/files.hpp"
#include "base/text.hpp"

namespace memspice::test {
namespace {

/// A raw file's vectors by name: points x vectors.
struct RawFile {
  std::map<std::string, Eigen::Index> columns;
  Eigen::MatrixXd values;
};

long long header_number(const std::string& header, const std::string& key) {
  const std::size_t at = header.find(key);
  REQUIRE(at != std::string::npos);
  std::string_view rest = std::string_view(header).substr(at + key.size());
  return parse_integer(rest.substr(0, rest.find('\n'))).value();
}

RawFile read_raw(const std::string& bytes) {
  const std::string marker = "Binary:\n";
  const std::size_t data = bytes.find(marker);
  REQUIRE(data != std::string::npos);
  const std::string header = bytes.substr(0, data);
  const auto vectors = static_cast<Eigen::Index>(header_number(header, "No. Variables:"));
  const auto points = static_cast<Eigen::Index>(header_number(header, "No. Points:"));
  RawFile raw;
  std::istringstream lines(header.substr(header.find("\nVariables:") + 12));
  for (std::string line; std::getline(lines, line);) {
    const auto fields = split(trim(line), '\t');
    if (fields.size() >= 2) raw.columns[to_lower(fields[1])] = parse_integer(fields[0]).value();
  }
  raw.values.resize(points, vectors);
  REQUIRE(bytes.size() >=
          data + marker.size() + sizeof(double) * static_cast<std::size_t>(raw.values.size()));
  const char* at = bytes.data() + data + marker.size();
  for (Eigen::Index p = 0; p < points; ++p) {
    for (Eigen::Index v = 0; v < vectors; ++v, at += sizeof(double)) {
      std::memcpy(&raw.values(p, v), at, sizeof(double));
    }
  }
  return raw;
}

/// Runs ngspice in `folder` with these arguments; returns all it said.
std::string call_ngspice(const netlist::Deck& deck,
                         const std::filesystem::path& folder,
                         const std::string& arguments) {
  write_file(folder / "deck.cir", deck.text);
  const std::string command =
      "cd '" + folder.string() + "' && ngspice -b " + arguments + " deck.cir > log.txt 2>&1";
  const int status = std::system(command.c_str());
  const std::string log = read_file(folder / "log.txt");
  INFO(log);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
    FAIL("ngspice was not found; install Debian's package `ngspice`");
  }
  REQUIRE(status == 0);
  return log;
}

}  // namespace

std::string raw_name(const std::string& vector) {
  if (vector == "time") return vector;
  const std::size_t hash = vector.find("#branch");
  return hash == std::string::npos ? "v(" + vector + ")" : "i(" + vector.substr(0, hash) + ")";
}

Eigen::MatrixXd run_batch_ngspice(const netlist::Deck& deck) {
  const TemporaryFolder folder;
  INFO(call_ngspice(deck, folder.path(), "-r out.raw"));
  const RawFile raw = read_raw(read_file(folder.path() / "out.raw"));
  if (deck.points > 0) REQUIRE(raw.values.rows() == deck.points);
  Eigen::MatrixXd probes(raw.values.rows(), deck.vectors.size());
  for (Eigen::Index k = 0; k < probes.cols(); ++k) {
    const std::string name = raw_name(deck.vectors[static_cast<std::size_t>(k)]);
    INFO(name);
    REQUIRE(raw.columns.count(name) == 1);
    probes.col(k) = raw.values.col(raw.columns.at(name));
  }
  return probes;
}

std::string print_batch_ngspice(const netlist::Deck& deck) {
  const TemporaryFolder folder;
  return call_ngspice(deck, folder.path(), "");
}

}  // namespace memspice::test
