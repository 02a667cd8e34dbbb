#include "device/trace.hpp"

#include "device/small_ublas.hpp"  // before Boost.Odeint

#include <boost/math/tools/roots.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/rosenbrock4.hpp>
#include <boost/numeric/odeint/stepper/rosenbrock4_controller.hpp>
#include <boost/numeric/ublas/matrix.hpp>
#include <boost/numeric/ublas/vector.hpp>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "device/smooth.hpp"

namespace memspice::device {
namespace {

namespace odeint = boost::numeric::odeint;
using Vector = boost::numeric::ublas::vector<double>;
using Matrix = boost::numeric::ublas::matrix<double>;

/// d(x, t)/dt of the driven device, and its derivatives by central differences: a wrong digit in
/// them costs steps, not accuracy, since the step error is controlled. Time is a second state: the
/// terms that Boost 1.74's stepper has for a rate that depends on t leave it of first order.
class StateEquation {
 public:
  StateEquation(const Memristor& memristor, const TraceOptions& options)
      : memristor_(memristor),
        options_(options),
        fastest_(kSwitchesPerTransient / options.drive.duration()) {}

  double rate(double level, double x) const {
    const double v = device_voltage(memristor_, level, options_.series, x);
    return limited(memristor_.state_rate(v, x), x, fastest_);
  }

  void operator()(const Vector& y, Vector& dydt, double) const {
    dydt(0) = rate(options_.drive.voltage(y(1)), y(0));
    dydt(1) = 1.0;
  }

  void jacobian(const Vector& y, Matrix& J, double, Vector& dfdt) const {
    constexpr double kStep = 1e-6;  // about the cube root of the rounding error
    const double x = y(0);
    const double level = options_.drive.voltage(y(1));
    const double dv = kStep * std::abs(options_.drive.amplitude);
    J(0, 0) = (rate(level, x + kStep) - rate(level, x - kStep)) / (2.0 * kStep);
    J(0, 1) = (rate(level + dv, x) - rate(level - dv, x)) / (2.0 * dv) * options_.drive.slope(y(1));
    J(1, 0) = J(1, 1) = 0.0;
    dfdt(0) = dfdt(1) = 0.0;
  }

 private:
  const Memristor& memristor_;
  const TraceOptions& options_;
  double fastest_;  // [1/s]
};

/// Carries (t, x) forward with a step that adapts.
class Integrator {
 public:
  Integrator(const Memristor& memristor, const TraceOptions& options)
      : equation_(memristor, options),
        options_(options),
        stepper_(odeint::make_controlled(
            options.absolute_tolerance, options.relative_tolerance, odeint::rosenbrock4<double>())),
        y_(2),
        dt_(options.drive.duration() / (100.0 * options.points)) {
    y_(0) = memristor.initial_state();
    y_(1) = 0.0;
  }

  double x() const { return y_(0); }

  /// Integrates to `stop`; false when the summary says why it could not.
  bool advance_to(double stop, TraceSummary& summary) {
    // Times nearer than this are one: the sum of steps carries rounding errors.
    const double resolution = 1e-14 * options_.drive.duration();
    while (stop - t_ > resolution) {
      if ((summary.steps + summary.rejected) % 4096 == 0) throw_if_interrupted();
      const double wanted = dt_;
      dt_ = std::min(dt_, stop - t_);
      const bool is_cut = dt_ < wanted;
      if (!step(summary)) return false;
      if (is_cut && t_ >= stop - resolution) dt_ = std::max(dt_, wanted);
    }
    t_ = y_(1) = stop;
    return true;
  }

 private:
  bool step(TraceSummary& summary) {
    using Termination = TraceSummary::Termination;
    const auto jacobian = [this](const Vector& x, Matrix& J, double t, Vector& dfdt) {
      equation_.jacobian(x, J, t, dfdt);
    };
    const auto result =
        stepper_.try_step(std::make_pair(std::cref(equation_), jacobian), y_, t_, dt_);
    const bool is_accepted = result == odeint::success;
    ++(is_accepted ? summary.steps : summary.rejected);
    if (!std::isfinite(y_(0))) return fail(summary, Termination::NotFinite, "is not finite");
    if (summary.steps + summary.rejected >= options_.max_steps) {
      return fail(summary, Termination::TooManySteps, "needs more steps than max_steps");
    }
    if (!is_accepted && !(dt_ > 1e-18 * options_.drive.duration())) {
      return fail(summary, Termination::StepTooSmall, "needs steps below any resolution");
    }
    return true;
  }

  bool fail(TraceSummary& summary, TraceSummary::Termination termination, const char* what) const {
    summary.termination = termination;
    summary.message = "the state equation " + std::string(what) + " at t = " + to_text(t_) +
                      " s, x = " + to_text(y_(0)) +
                      "; lower the amplitude, add a series resistor, or widen `smooth` and `edge`";
    return false;
  }

  StateEquation equation_;
  const TraceOptions& options_;
  decltype(odeint::make_controlled(0.0, 0.0, odeint::rosenbrock4<double>())) stepper_;
  Vector y_;  // x, t
  double t_ = 0.0;
  double dt_;
};

void record(
    const Memristor& memristor, const TraceOptions& options, Trace& trace, int k, double x) {
  const double level = options.drive.voltage(trace.time(k));
  const double v = device_voltage(memristor, level, options.series, x);
  trace.voltage(k) = v;
  trace.current(k) = memristor.current(v, x);
  trace.state(k) = x;
  trace.resistance(k) = resistance_at(memristor, v, trace.current(k), x);
}

void resize(Trace& trace, int points) {
  for (Eigen::VectorXd* column :
       {&trace.time, &trace.voltage, &trace.current, &trace.state, &trace.resistance}) {
    column->conservativeResize(points);
  }
}

}  // namespace

void TraceOptions::validate(std::string_view place) const {
  drive.validate(place);
  const auto require = [&](bool holds, const char* member, double value, const char* rule) {
    if (holds) return;
    throw InputError({.place = std::string(place) + '.' + member,
                      .value = to_text(value),
                      .rule = rule,
                      .remedy = "choose such a value"});
  };
  require(series >= 0.0 && series <= 1e15, "series", series, "must be a resistance, 0 or more");
  require(points >= 2 && points <= 2'000'000, "points", points, "must be 2 to 2000000");
}

double device_voltage(const Memristor& memristor, double level, double series, double x) {
  if (series == 0.0 || level == 0.0) return level;
  const auto equation = [&](double v) {
    return std::tuple(v + series * memristor.current(v, x) - level,
                      1.0 + series * memristor.conductance(v, x));
  };
  const double guess = level / (1.0 + series * memristor.conductance(0.0, x));
  std::uintmax_t iterations = 200;  // a bracketed Newton step at least halves the bracket
  return boost::math::tools::newton_raphson_iterate(
      equation, guess, std::min(level, 0.0), std::max(level, 0.0), 48, iterations);
}

double resistance_at(const Memristor& memristor, double v, double i, double x) {
  const double G = v != 0.0 && i != 0.0 ? i / v : memristor.conductance_of(x);
  return G == 0.0 ? std::numeric_limits<double>::infinity() : 1.0 / G;
}

Eigen::VectorXd uniform_times(double duration, int n) {
  return Eigen::VectorXd::LinSpaced(n, 0.0, duration);
}

Trace trace(const Memristor& memristor, const TraceOptions& options) {
  options.validate("trace");
  Trace trace;
  resize(trace, options.points);
  trace.time = uniform_times(options.drive.duration(), options.points);
  const std::vector<Corner> stops = corners(options.drive);
  auto stop = stops.begin();
  Integrator integrator(memristor, options);
  record(memristor, options, trace, 0, integrator.x());
  for (int k = 1; k < options.points; ++k) {
    bool is_running = true;
    for (; is_running && stop != stops.end() && stop->t < trace.time(k); ++stop) {
      is_running = integrator.advance_to(stop->t, trace.summary);
    }
    if (!is_running || !integrator.advance_to(trace.time(k), trace.summary)) {
      resize(trace, k);
      return trace;
    }
    record(memristor, options, trace, k, integrator.x());
  }
  return trace;
}

double loop_area(const Trace& trace) {
  double total = 0.0, lobe = 0.0;
  for (Eigen::Index k = 1; k < trace.time.size(); ++k) {
    lobe +=
        0.5 * (trace.current(k) + trace.current(k - 1)) * (trace.voltage(k) - trace.voltage(k - 1));
    const bool is_crossing = (trace.voltage(k) > 0.0) != (trace.voltage(k - 1) > 0.0);
    if (is_crossing || k + 1 == trace.time.size()) {
      total += std::abs(lobe);
      lobe = 0.0;
    }
  }
  return total;
}

}  // namespace memspice::device
