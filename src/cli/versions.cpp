#include "cli/versions.hpp"

#include <cblas.h>

#include <CLI/Version.hpp>
#include <Eigen/Core>
#include <boost/version.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/files.hpp"

namespace memspice::cli {
namespace {

template <typename... Numbers>
std::string dotted(Numbers... numbers) {
  std::string text;
  ((text += (text.empty() ? "" : ".") + std::to_string(numbers)), ...);
  return text;
}

/// The configuration's first words, "OpenBLAS 0.3.21 ... Haswell".
std::string openblas() {
  std::istringstream words(openblas_get_config());
  std::string name, number, word, last;
  words >> name >> number;
  while (words >> word) {
    if (word.find('=') == std::string::npos) last = word;
  }
  return number + (last.empty() ? "" : " for " + last);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> build_versions() {
  return {
      {"memspice", std::string(version())},
      {"compiler", "g++ " __VERSION__},
      {"Eigen", dotted(EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)},
      {"OpenBLAS", openblas()},
      {"Boost", dotted(BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
      {"CLI11", CLI11_VERSION},
      {"nlohmann_json",
       dotted(
           NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)}};
}

}  // namespace memspice::cli
