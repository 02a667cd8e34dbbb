#include "report/metrics.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/hardware.hpp"
#include "report/score_metrics.hpp"

namespace memspice::report {
namespace {

using Number = std::optional<double>;

using Reader = std::function<Number(const RunReport&)>;
using cost::NetworkCost;
using cost::Part;
using mapping::LayerSchemes;

/// Of layers mapped kernel first.
Reader kernel_first_of(std::function<double(const KernelFirstReport&)> read) {
  return [read](const RunReport& run) {
    return run.kernel_first ? Number(read(*run.kernel_first)) : Number();
  };
}

/// The power of all pairs while their layers work.
Reader pair_power_of(double PairPower::*power) {
  return [power](const RunReport& run) {
    const auto pairs = run.kernel_first ? run.kernel_first->power() : std::nullopt;
    return pairs ? Number((*pairs).*power) : Number();
  };
}

/// A figure of the hardware cost, where the technology card states costs.
Reader cost_of(std::function<double(const NetworkCost&)> read) {
  return [read](const RunReport& run) { return run.cost ? Number(read(*run.cost)) : Number(); };
}

/// Crossbars of all convolutions under one scheme; nothing where one does not fit.
Reader scheme_of(std::optional<mapping::SchemeCount> LayerSchemes::*scheme) {
  return [scheme](const RunReport& run) {
    if (run.schemes.empty()) return Number();
    double sum = 0.0;
    for (const LayerSchemes& layer : run.schemes) {
      if (!(layer.*scheme)) return Number();
      sum += static_cast<double>((layer.*scheme)->crossbars);
    }
    return Number(sum);
  };
}

/// A number that is there when it is not zero.
template <typename Value>
Reader number_of(Value RunReport::*member) {
  return [member](const RunReport& run) {
    const auto value = static_cast<double>(run.*member);
    return value > 0.0 ? Number(value) : Number();
  };
}

/// A figure of the units that compute the layers, whatever their paths.
Reader hardware(double Hardware::*figure) {
  return [figure](const RunReport& run) {
    const std::optional<Hardware> found = hardware_of(run);
    return found ? Number((*found).*figure) : Number();
  };
}

/// Input pixels that sub-images are fed more than once, over all convolutions.
Number overlap_of(const RunReport& run) {
  double pixels = 0.0, fed = 0.0;
  for (const LayerSchemes& layer : run.schemes) {
    if (!layer.sub_image) return std::nullopt;
    const double own = static_cast<double>(layer.shape.channels_in) * layer.shape.output[0] *
                       layer.shape.output[1];
    pixels += own;
    fed += own * (1.0 + layer.sub_image->overlap);
  }
  if (pixels == 0.0) return std::nullopt;
  return fed / pixels - 1.0;
}

/// The largest sub-image's side among the convolutions with a kernel of more than one pixel.
Number side_of(const RunReport& run) {
  int side = 0;
  for (const LayerSchemes& layer : run.schemes) {
    if (layer.sub_image && kernel_kind(layer.shape) != "1d")
      side = std::max(side, layer.sub_image->t);
  }
  if (side == 0) return std::nullopt;
  return side;
}

/// Solved in the run, or estimated with the cost of what is only counted.
Number array_energy(const RunReport& run) {
  if (run.array_energy > 0.0) return run.array_energy;
  return run.cost ? Number(run.cost->total.part(Part::Arrays).energy) : Number();
}

Number crossbars_of(const RunReport& run) {
  return static_cast<double>(crossbar_count(run));
}

using Q = Quantity;

std::vector<Metric> mapping_metrics() {
  return {
      // Crossbars as mapped, then those of the convolutions alone under each scheme.
      {"crossbars", "crossbars", "crossbars", Q::Count, crossbars_of},
      {"crossbars.im2col", "im2col", "crossbars", Q::Count, scheme_of(&LayerSchemes::im2col)},
      {"crossbars.channel_pair",
       "channel pair",
       "crossbars",
       Q::Count,
       scheme_of(&LayerSchemes::sub_image)},
      {"crossbars.full_depth",
       "full depth",
       "crossbars",
       Q::Count,
       scheme_of(&LayerSchemes::full_depth)},
      {"tiles", "tiles", "tiles", Q::Count, number_of(&RunReport::tiles)},
      {"sub_image.side", "sub-image", "side of a sub-image", Q::Count, side_of},
      {"sub_image.overlap", "overlap", "overlap of inputs", Q::Error, overlap_of},
      {"memristors", "memristors", "memristors", Q::Count, number_of(&RunReport::memristors)},
      {"parameters", "parameters", "parameters", Q::Count, number_of(&RunReport::parameters)},
      {"operations", "operations", "operations", Q::Count, cost_of([](const NetworkCost& c) {
         return static_cast<double>(c.total.operations);
       })},
  };
}

/// Kernel first: multiply-accumulates per image, and what the pairs take.
std::vector<Metric> kernel_first_metrics() {
  return {
      {"computations",
       "computations",
       "computations",
       Q::Count,
       kernel_first_of(
           [](const KernelFirstReport& k) { return static_cast<double>(k.computations()); })},
      {"computations.saved",
       "saved",
       "computations saved",
       Q::Share,
       kernel_first_of([](const KernelFirstReport& k) { return k.saved(); })},
      {"power_pairs_watt",
       "pairs",
       "power of the pairs",
       Q::Power,
       pair_power_of(&PairPower::power)},
      {"power_pairs_at_g_min_watt",
       "pruned at g_min",
       "power of the pairs",
       Q::Power,
       pair_power_of(&PairPower::power_at_g_min)},
  };
}

std::vector<Metric> cost_metrics() {
  return {
      {"area", "area", "area", Q::Area, cost_of([](const NetworkCost& c) {
         return c.total.sum().area;
       })},
      {"power_gated_average_watt", "average power", "power", Q::Power, average_power},
      {"power_static_watt", "static power", "power", Q::Power, static_power},
      // Of the units of every path that layers are on: crossbars, spectral, bitstream.
      {"energy_total_joule", "energy", "energy per image", Q::Energy, total_energy},
      {"energy_arrays_joule", "arrays", "energy per image", Q::Energy, array_energy},
      {"energy_arithmetic_joule",
       "arithmetic",
       "energy per image",
       Q::Energy,
       hardware(&Hardware::energy)},
      {"energy_words_joule", "memory", "energy per image", Q::Energy, hardware(&Hardware::words)},
      {"hardware.latency", "latency", "time per image", Q::Time, hardware(&Hardware::latency)},
      {"hardware.area", "area", "area", Q::Area, hardware(&Hardware::area)},
      {"latency", "latency", "time per image", Q::Time, cost_of([](const NetworkCost& c) {
         return c.total.latency;
       })},
      {"throughput", "images/s", "images per second", Q::Rate, cost_of([](const NetworkCost& c) {
         return c.total.throughput();
       })},
      {"tops_per_watt", "TOPS/W", "TOPS/W", Q::Ratio, cost_of([](const NetworkCost& c) {
         return c.tops_per_watt();
       })},
  };
}

std::vector<Metric> run_metrics() {
  return {
      {"images", "images", "images", Q::Count, number_of(&RunReport::images)},
      {"seconds.characterize",
       "characterized in",
       "wall time",
       Q::Time,
       number_of(&RunReport::seconds_characterize)},
      {"seconds.simulate",
       "simulated in",
       "wall time",
       Q::Time,
       number_of(&RunReport::seconds_simulate)},
  };
}

/// Every metric that a study may name as a column.
std::vector<Metric> list_metrics() {
  std::vector<Metric> list;
  for (const auto& family : {score_metrics(),
                             mapping_metrics(),
                             kernel_first_metrics(),
                             cost_metrics(),
                             run_metrics()}) {
    list.insert(list.end(), family.begin(), family.end());
  }
  return list;
}

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const Metric& metric : metrics()) names.emplace_back(metric.name);
  return names;
}

}  // namespace

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> all = list_metrics();
  return all;
}

simulate::Interval interval_of(const Metric& metric, const RunReport& report) {
  if (!metric.share) return {};
  const auto share = metric.share(report);
  return share ? share->interval : simulate::Interval{};
}

const Metric& find_metric(std::string_view name, std::string_view place) {
  for (const Metric& metric : metrics()) {
    if (metric.name == name) return metric;
  }
  throw InputError({.place = std::string(place),
                    .value = '"' + std::string(name) + '"',
                    .rule = "is no number of a run",
                    .remedy = suggest(name, metric_names())});
}

}  // namespace memspice::report
