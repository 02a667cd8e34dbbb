#include "synthesis/pooling.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "synthesis/analog_draft.hpp"

namespace memspice::synthesis {
namespace {

using circuit::NetId;

constexpr double kDiodeDrop = 0.7;  // [V], of the loop's swing

/// Defaults filled in and checked.
PoolingSpec completed(PoolingSpec spec,
                      const std::string& kind,
                      const device::AnalogFigures& figures) {
  if (spec.name.empty()) {
    spec.name = kind + '_' + std::to_string(spec.window);
    if (spec.realisation == Realisation::Behavioural) spec.name += "_behavioural";
  }
  if (spec.range == 0) spec.range = figures.signal.value;
  spec.validate();
  const double swing = figures.vdd.value - figures.op_amp.headroom.value - kDiodeDrop;
  if (spec.range > swing) {
    throw InputError({.place = spec.name + ".range",
                      .value = to_text(spec.range) + " V",
                      .rule = "is beyond the " + to_text(swing) + " V that op-amp and diode give",
                      .remedy = "lower it"});
  }
  return spec;
}

AnalogBlock finish(AnalogDraft& draft, NetId out, const PoolingSpec& spec) {
  AnalogBlock block = draft.finish({out});
  block.low.setConstant(-spec.range);
  block.high.setConstant(spec.range);
  block.full_scale = spec.range;
  return block;
}

/// "f(f(v(in_0),v(in_1)),v(in_2))"
std::string nested(const std::string& f, int count) {
  std::string text = "v(in_0)";
  for (int k = 1; k < count; ++k) text = f + '(' + text + ",v(in_" + std::to_string(k) + "))";
  return text;
}

std::string mean_of(int count) {
  std::string text = "(v(in_0)";
  for (int k = 1; k < count; ++k) text += "+v(in_" + std::to_string(k) + ')';
  return text + ")/" + std::to_string(count);
}

//   in_0 --R--+
//   in_1 --R--+--|+\                 Equal resistors into a follower: no current is left over at
//   in_n --R--+  |  >--+-- out       the node, so that it stands at the mean.
//              +-|-/   |
//              +-------+
NetId add_average(AnalogDraft& draft) {
  const NetId node = draft.net("mean");
  for (int k = 0; k < draft.inputs(); ++k) {
    draft.resistor("r_" + std::to_string(k), draft.in(k), node, draft.figures().resistor.value);
  }
  return draft.follower("out_0", node);
}

//   in_0 --|+\  .
//          |  >--|>|--+            One op-amp with its diode per input, all closing their loops at
//        +-|-/        |            one node that R pulls down: the highest input holds it, the
//        +------------+            others' diodes are off. A follower drives the output.
//   in_1 --|+\        |
//          |  >--|>|--+--|+\       .
//        +-|-/        |  |  >-+-- out
//        +------------+  +-/--+
//                     +--/\/\-- vss
NetId add_maximum(AnalogDraft& draft) {
  const NetId node = draft.net("max");
  for (int k = 0; k < draft.inputs(); ++k) {
    const std::string number = std::to_string(k);
    const NetId drive = draft.net("drive_" + number);
    draft.op_amp("u_" + number, draft.in(k), node, drive);
    draft.diode("d_" + number, drive, node);
  }
  draft.resistor("r_max", node, draft.vss(), draft.figures().resistor.value);
  return draft.follower("out_0", node);
}

}  // namespace

void PoolingSpec::validate() const {
  const auto reject = [&](const char* key, const std::string& value, const char* rule) {
    throw InputError({.place = name + '.' + key,
                      .value = value,
                      .rule = rule,
                      .remedy = "choose another value"});
  };
  if (window < 1 || window > 4096) {
    reject("window", std::to_string(window), "must be 1 to 4096 inputs");
  }
  if (!std::isfinite(range) || range <= 0) reject("range", to_text(range), "must be above 0 V");
}

AnalogBlock build_average_pool(const PoolingSpec& given, const device::AnalogFigures& figures) {
  const PoolingSpec spec = completed(given, "average_pool", figures);
  AnalogDraft draft(spec.name, figures, spec.window);
  NetId out;
  if (spec.realisation == Realisation::Behavioural) {
    out = draft.net("out_0");
    draft.behaviour("f", out, mean_of(spec.window));
  } else {
    out = add_average(draft);
  }
  AnalogBlock block = finish(draft, out, spec);
  block.ideal = [](const Eigen::VectorXd& in) { return Eigen::VectorXd::Constant(1, in.mean()); };
  return block;
}

AnalogBlock build_max_pool(const PoolingSpec& given, const device::AnalogFigures& figures) {
  const PoolingSpec spec = completed(given, "max_pool", figures);
  AnalogDraft draft(spec.name, figures, spec.window);
  NetId out;
  if (spec.realisation == Realisation::Behavioural) {
    out = draft.net("out_0");
    draft.behaviour("f", out, nested("max", spec.window));
  } else {
    out = add_maximum(draft);
  }
  AnalogBlock block = finish(draft, out, spec);
  block.ideal = [](const Eigen::VectorXd& in) {
    return Eigen::VectorXd::Constant(1, in.maxCoeff());
  };
  return block;
}

}  // namespace memspice::synthesis
