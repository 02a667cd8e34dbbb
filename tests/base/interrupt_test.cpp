#include "base/interrupt.hpp"

#include <signal.h>

#include <catch2/catch.hpp>

#include "base/child.hpp"
#include "base/error.hpp"

using namespace memspice;
using memspice::test::in_child;

TEST_CASE("throw_if_interrupted throws once the flag is set", "[base]") {
  set_interrupted(false);
  CHECK_NOTHROW(throw_if_interrupted());
  set_interrupted(true);
  CHECK(is_interrupted());
  CHECK_THROWS_AS(throw_if_interrupted(), Interrupted);
  set_interrupted(false);
}

TEST_CASE("the first signal sets the flag and the process goes on", "[base]") {
  for (const int signal : {SIGINT, SIGTERM}) {
    INFO("signal " << signal);
    CHECK(in_child([signal] {
            catch_interrupts();
            if (is_interrupted()) return 1;
            raise(signal);
            return is_interrupted() ? 0 : 2;
          }) == 0);
  }
}

TEST_CASE("a second signal ends the process with 130", "[base]") {
  CHECK(in_child([] {
          catch_interrupts();
          raise(SIGINT);
          raise(SIGINT);
          return 0;
        }) == 130);
}
