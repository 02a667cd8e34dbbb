// Braces of a user's model in ngspice: an expression is worth what it says wherever it stands.

#include <catch2/catch.hpp>

#include "contract/user_model.hpp"

using memspice::testing::UserModel;

TEST_CASE("a user's braces are worth what they say in every place", "[device]") {
  // g_off = 2 uS, g_on = 20 uS, x = 0.5: 11 uS, by whatever way it is written.
  const std::string hold = "\nrhold x hold 1e12\nvhold hold 0 {x_init}\ncx x 0 1 ic={x_init}";
  const UserModel::Parameters parameters{
      {"g_off", 2e-6}, {"g_on", 20e-6}, {"two", 2}, {"x_init", 0.5}};
  const auto engine = memspice::testing::one_worker();
  for (const std::string line :
       {"b1 p n i = v(p,n)*({g_off}+{g_on-g_off}*v(x))",
        "B1 p n I = ({g_off}+V(x)*{g_on - g_off})*V(p,n)",
        "b1 p n i = v(p,n)*('g_off'+'g_on-g_off'*v(x))",
        "b1 p n i = v(p,n)*({g_on}-{g_on-g_off}/{two*1})",
        "b1 p n i = v(p,n)*({g_on}-{g_on-g_off}*v(x)^{two-1})",
        "b1 p n i = v(p,n)*({g_off}-{-g_on+g_off}\n+ *v(x))",
        "b1 p n i = v(p,n)*({g_off+{g_on-g_off}/2})",
        "b1 p n i = v(p,n)*({g_off}+max({g_on-g_off}*v(x),0))",
        "b1 p n i = v(x) > {two-1} ? 0 : v(p,n)*({g_off}+{g_on-g_off}*v(x))",
        "g1 p n value={ v(p,n)*({g_off}+{g_on-g_off}*v(x)) }",
        "g1 p n value={g_on+g_off}*v(p,n)*v(x)",
        "e1 q 0 value={ {g_on-g_off}*v(x) }\nb1 p n i=v(p,n)*({g_off}+v(q))",
        "b2 q 0 v = {g_on-g_off}*v(x)\nr2 q 0 1\nb1 p n i=v(p,n)*({g_off}+v(q))",
        ".func g(y) {{g_off}+{g_on-g_off}*y}\nb1 p n i = v(p,n)*g(v(x))",
        ".func g(y) {g_on-g_off}*y\nb1 p n i = v(p,n)*({g_off}+g(v(x)))",
        ".param half={g_on-g_off}*0.5\nb1 p n i = v(p,n)*({g_off}+half)",
        ".param half={0.5*{g_on-g_off}}\nb1 p n i = v(p,n)*{g_off+half}",
        "r1 p n r={1/({g_off}+{g_on-g_off}*v(x))}"}) {
    const memspice::device::Trace trace = UserModel(line + hold, parameters).trace(*engine);
    INFO(line << ": " << trace.summary.message);
    REQUIRE(trace.ok());
    CHECK(trace.resistance(250) == Approx(1 / 11e-6).epsilon(1e-6));
  }
}
