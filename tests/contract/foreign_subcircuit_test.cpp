// Published memristors in the words of LTspice and PSpice, run in ngspice, against their equations
// integrated here: the texts are written anew, the equations are those of the papers, sharp.

#include <boost/numeric/odeint.hpp>
#include <catch2/catch.hpp>
#include <cmath>

#include "contract/user_model.hpp"

using namespace memspice;

namespace {

/// Yakopcic et al., IEEE TCAD 32 (2013) 1201, LTspice: parameters within, .func with =, IF.
constexpr const char* kYakopcic = R"(* state on XSV
.SUBCKT cell TE BE XSV
.params a1=0.17 a2=0.17 b=0.05 Vp=0.16 Vn=0.15 Ap=4000 An=4000
+ xp=0.3 xn=0.5 alphap=1 alphan=5 xo=0.11 eta=1
.func wp(V) = (xp - V)/(1 - xp) + 1
.func wn(V) = V/(1 - xn)
.func G(V) = IF(V <= Vp, IF(V >= -Vn, 0, -An*(exp(-V) - exp(Vn))), Ap*(exp(V) - exp(Vp)))
.func F(V1,V2) = IF(eta*V1 >= 0, IF(V2 >= xp, exp(-alphap*(V2 - xp))*wp(V2), 1),
+ IF(V2 <= (1 - xn), exp(alphan*(V2 + xn - 1))*wn(V2), 1))
.func IV(V1,V2) = IF(V1 >= 0, a1*V2*sinh(b*V1), a2*V2*sinh(b*V1))
Cx XSV 0 {1}
.ic V(XSV) = xo
Gx 0 XSV value = {eta*F(V(TE,BE),V(XSV,0))*G(V(TE,BE))}
Gm TE BE value = {IV(V(TE,BE),V(XSV,0))}
.ENDS cell
)";

/// Biolek et al., Radioengineering 18 (2009) 210, PSpice: PARAMS:, signs in names, a current that
/// the state integrates; Joglekar's window.
constexpr const char* kBiolek = R"(* HP
.SUBCKT cell in+ in- x PARAMS: Ron=1K Roff=100K Rinit=80K D=10N uv=10F p=10
Gx 0 x value={ I(Emem)*uv*Ron/D^2*f(V(x),p) }
Cx x 0 1 IC={(Roff-Rinit)/(Roff-Ron)}
Raux x 0 1T
Emem in+ aux value={-I(Emem)*V(x)*(Roff-Ron)}
Roff aux in- {Roff}
.func f(x,p)={1-(2*x-1)^(2*p)}
.ENDS cell
)";

struct Traced {
  Eigen::VectorXd time, current, state;
};

/// parameters: of the .subckt line.
Traced run(const char* text,
           const std::map<std::string, double>& parameters,
           const device::Drive& drive,
           const TemporaryFolder& folder) {
  write_file(folder.path() / "cell.sub", text);
  std::string card = "model = \"cell\"\nname = \"card\"\n";
  for (const auto& [name, value] : parameters) {
    card += '[' + name + "]\nvalue = " + to_text(value) + "\nsource = \"paper\"\n";
  }
  write_file(folder.path() / "card.toml", card);
  const auto device = config::device_under_test(
      config::load_model_card("cell", (folder.path() / "card.toml").string()));
  const auto engine = testing::one_worker();
  const device::Trace trace = periphery::trace_in_spice(device, {.drive = drive}, *engine);
  INFO(trace.summary.message);
  REQUIRE(trace.ok());
  return {trace.time, trace.current, trace.state};
}

/// The same times, dx/dt = rate(v(t), x) by Dormand and Prince.
template <typename Rate>
Eigen::VectorXd integrate(const Eigen::VectorXd& time, double x, double longest, Rate rate) {
  namespace odeint = boost::numeric::odeint;
  const auto stepper =
      odeint::make_controlled<odeint::runge_kutta_dopri5<double>>(1e-10, 1e-10, longest);
  Eigen::VectorXd states(time.size());
  for (Eigen::Index k = 0; k < time.size(); ++k) {
    if (k > 0) {
      odeint::integrate_adaptive(
          stepper,
          [&](const double& at, double& slope, double t) { slope = rate(t, at); },
          x,
          time(k - 1),
          time(k),
          longest);
    }
    states(k) = x;
  }
  return states;
}

double largest_relative(const Eigen::VectorXd& found, const Eigen::VectorXd& wanted) {
  return (found - wanted).cwiseAbs().maxCoeff() / wanted.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("Yakopcic's device in LTspice's words is its equations", "[device][foreign]") {
  const TemporaryFolder folder;
  const device::Drive drive{.amplitude = 0.45, .frequency = 100.0};
  const auto v = [](double t) { return 0.45 * std::sin(2.0 * M_PI * 100.0 * t); };
  const auto rate = [&](double t, double x) {
    const double G = v(t) > 0.16    ? 4000.0 * (std::exp(v(t)) - std::exp(0.16))
                     : v(t) < -0.15 ? -4000.0 * (std::exp(-v(t)) - std::exp(0.15))
                                    : 0.0;
    if (v(t) >= 0.0) {
      return G * (x >= 0.3 ? std::exp(-(x - 0.3)) * ((0.3 - x) / 0.7 + 1.0) : 1.0);
    }
    return G * (x <= 0.5 ? std::exp(5.0 * (x - 0.5)) * x / 0.5 : 1.0);
  };
  const Traced traced = run(kYakopcic, {}, drive, folder);
  const Eigen::VectorXd x = integrate(traced.time, 0.11, 1e-5, rate);
  CHECK(x.maxCoeff() > 0.8);  // it switches
  CHECK(largest_relative(traced.state, x) < 1e-3);
  Eigen::VectorXd current(x.size());
  for (Eigen::Index k = 0; k < x.size(); ++k) {
    current(k) = 0.17 * x(k) * std::sinh(0.05 * v(traced.time(k)));
  }
  CHECK(largest_relative(traced.current, current) < 1e-3);
}

TEST_CASE("Biolek's device in PSpice's words is its equations", "[device][foreign]") {
  const TemporaryFolder folder;
  const device::Drive drive{.amplitude = 1.0, .frequency = 1.0};
  const auto v = [](double t) { return std::sin(2.0 * M_PI * t); };
  const auto resistance = [](double x) { return 1e5 - x * (1e5 - 1e3); };
  const auto rate = [&](double t, double x) {
    const double i = v(t) / resistance(x);
    return i * 1e-14 * 1e3 / 1e-16 * (1.0 - std::pow(2.0 * x - 1.0, 20.0));
  };
  const Traced traced =
      run(kBiolek,
          {{"ron", 1e3}, {"roff", 1e5}, {"rinit", 8e4}, {"d", 1e-8}, {"uv", 1e-14}, {"p", 10}},
          drive,
          folder);
  const Eigen::VectorXd x = integrate(traced.time, (1e5 - 8e4) / (1e5 - 1e3), 1e-3, rate);
  CHECK(x.maxCoeff() - x.minCoeff() > 0.1);  // it moves
  CHECK(largest_relative(traced.state, x) < 1e-3);
  Eigen::VectorXd current(x.size());
  for (Eigen::Index k = 0; k < x.size(); ++k) current(k) = v(traced.time(k)) / resistance(x(k));
  CHECK(largest_relative(traced.current, current) < 1e-3);
}
