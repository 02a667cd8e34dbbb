// solve --certificate: ngspice's residual beside the answer.
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "program_run.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using cli::run_memspice;

namespace {

struct Files {
  TemporaryFolder folder;
  std::string G = (folder.path() / "G.csv").string();
  std::string V = (folder.path() / "V.csv").string();
  Files() {
    write_file(G, "1e-5,2e-5\n3e-5,4e-5\n5e-6,0\n");
    write_file(V, "0.1,0.2,-0.15\n0.2,0.05,0.1\n");
  }
  std::vector<std::string> arguments(const std::vector<std::string>& more) const {
    std::vector<std::string> all{"solve", "--conductance", G, "--voltage", V};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

}  // namespace

TEST_CASE("solve --certificate bounds what it prints", "[cli][solve][certificate]") {
  const Files files;
  const std::vector<std::string> array{"--wire", "20", "--driver", "100", "--alpha", "2.5"};
  std::vector<std::string> mesh = files.arguments(array), certified = mesh;
  mesh.insert(mesh.end(), {"--json"});
  certified.insert(certified.end(), {"--engine", "ngspice", "--certificate", "--json"});
  const auto own = run_memspice(mesh);
  const auto spice = run_memspice(certified);
  INFO(spice.err);
  REQUIRE(own.code == 0);
  REQUIRE(spice.code == 0);
  const auto expected = nlohmann::json::parse(own.out);
  const auto json = nlohmann::json::parse(spice.out);
  const auto& certificate = json.at("certificate");
  for (const char* key :
       {"bound_ampere", "relative", "residual_ampere", "evaluations", "monotone"}) {
    CHECK(certificate.contains(key));
  }
  CHECK(certificate.at("monotone") == true);
  CHECK(certificate.at("evaluations").get<int>() >= 2);
  // Our own solver's currents are within ngspice's bound, to the rounding of the digits compared.
  double summed = 0.0, largest = 0.0;
  for (std::size_t k = 0; k < 2; ++k) {
    double of_vector = 0.0;
    for (std::size_t j = 0; j < 2; ++j) {
      const double I = json.at("current")[k][j].get<double>();
      of_vector += std::abs(I - expected.at("current")[k][j].get<double>());
      largest = std::max(largest, std::abs(I));
    }
    summed = std::max(summed, of_vector);
  }
  constexpr double own_tolerance = 1e-11;  // relative, of the mesh solver
  CHECK(summed <= certificate.at("bound_ampere").get<double>() + own_tolerance * largest);
  CHECK(certificate.at("relative").get<double>() ==
        Approx(certificate.at("bound_ampere").get<double>() / largest).epsilon(1e-6));
}

TEST_CASE("solve --certificate says what it cannot go with", "[cli][solve][certificate]") {
  const Files files;
  const auto mesh = run_memspice(files.arguments({"--certificate"}));
  CHECK(mesh.code == 2);
  CHECK_THAT(mesh.err, Contains("--certificate") && Contains("add --engine ngspice"));
  const auto nodes = run_memspice(files.arguments(
      {"--engine", "ngspice", "--certificate", "--node-voltages", files.folder.path() / "n.csv"}));
  CHECK(nodes.code == 2);
  CHECK_THAT(nodes.err, Contains("--node-voltages"));
}
