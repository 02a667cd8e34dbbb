#include "engine/simulator_log.hpp"

#include <catch2/catch.hpp>

namespace memspice::engine {

using Catch::Contains;

TEST_CASE("SimulatorLog forgives a singular matrix that stepping overcame", "[engine][log]") {
  SimulatorLog log;
  log.add("stderr Warning: singular matrix:  check node b");
  log.add("stderr Note: Starting dynamic gmin stepping");
  log.add("stdout No. of Data Rows : 1");
  CHECK_FALSE(log.failure(false));
}

TEST_CASE("SimulatorLog gives cause, effect and the cause's remedy", "[engine][log]") {
  SimulatorLog log;
  for (int k = 0; k < 1000; ++k) log.add("stderr Warning: singular matrix:  check node b");
  log.add("stderr doAnalyses: OP:  Timestep too small; cause unrecorded.");
  log.add("stderr run simulation(s) aborted");
  const auto failure = log.failure(false);
  REQUIRE(failure);
  CHECK(failure->termination == Termination::NoConvergence);
  CHECK_THAT(failure->message, Contains("check node b") && Contains("DC path to ground"));
  CHECK(failure->message.size() < 500);
}

TEST_CASE("SimulatorLog accepts a pseudo-transient start of a transient only", "[engine][log]") {
  SimulatorLog log;
  log.add("stderr Note: Transient op finished successfully");
  CHECK_FALSE(log.failure(true));
  CHECK(log.failure(false));
}

TEST_CASE("SimulatorLog keeps the line that an error speaks of", "[engine][log]") {
  SimulatorLog log;
  log.add("stderr Error on line:");
  log.add("stderr   r.xd.r4 xd.o4 0   2.5    *2");
  log.add("stderr   unknown parameter (*)");
  const auto failure = log.failure(false);
  REQUIRE(failure);
  CHECK_THAT(failure->message,
             Contains("Error on line: r.xd.r4 xd.o4 0") && Contains("unknown parameter (*)"));
}

TEST_CASE("SimulatorLog reads the version from the banner", "[engine][log]") {
  SimulatorLog log;
  CHECK(log.version().empty());
  log.add("stdout ** ngspice-42.1 shared library");
  log.clear();
  CHECK(log.version() == "42.1");
}

}  // namespace memspice::engine
