#include "synthesis/pulse_samples.hpp"

#include <algorithm>
#include <vector>

namespace memspice::synthesis {
namespace {

/// Samples between the ends of a pulse. With one, states end within 1e-6 of their motion of where
/// the coupled reference has them.
constexpr int kInnerSamples = 1;
/// A current that goes a shorter way than this share of itself needs none of them.
constexpr double kStillCurrent = 1e-3;

/// Points of the path that part the way of its current evenly.
std::vector<Eigen::Index> part_evenly(const Eigen::VectorXd& I) {
  const Eigen::Index points = I.size();
  std::vector<Eigen::Index> chosen{0};
  const Eigen::VectorXd step = (I.tail(points - 1) - I.head(points - 1)).cwiseAbs();
  const double way = step.sum();
  const bool is_still = way <= kStillCurrent * I.cwiseAbs().maxCoeff();
  double gone = 0.0;
  int parts = 1;
  for (Eigen::Index k = 1; !is_still && k + 1 < points; ++k) {
    gone += step(k - 1);
    if (gone * (kInnerSamples + 1) < way * parts) continue;
    chosen.push_back(k);
    parts = static_cast<int>(gone * (kInnerSamples + 1) / way) + 1;
  }
  chosen.push_back(points - 1);
  return chosen;
}

/// Mean of (I - I_a) / (I_b - I_a) over the time from point a to b.
double mean_share(const CellPath& path, Eigen::Index a, Eigen::Index b) {
  const double whole = path.I(b) - path.I(a);
  if (whole == 0.0) return 0.5;
  double area = 0.0;
  for (Eigen::Index k = a; k < b; ++k) {
    const double mean = 0.5 * (path.I(k) + path.I(k + 1)) - path.I(a);
    area += mean * (path.t(k + 1) - path.t(k));
  }
  return std::clamp(area / (whole * (path.t(b) - path.t(a))), 0.0, 1.0);
}

PulseSamples samples_at(const CellPath& path, const std::vector<Eigen::Index>& chosen) {
  const auto count = static_cast<Eigen::Index>(chosen.size());
  PulseSamples samples{.t = path.t(chosen), .late = Eigen::VectorXd(count - 1)};
  for (std::size_t k = 0; k + 1 < chosen.size(); ++k) {
    samples.late(static_cast<Eigen::Index>(k)) = mean_share(path, chosen[k], chosen[k + 1]);
  }
  return samples;
}

}  // namespace

Eigen::MatrixXd PulseSamples::integrals(const Eigen::MatrixXd& rate) const {
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(rate.rows(), count());
  for (Eigen::Index k = 0; k + 1 < count(); ++k) {
    const Eigen::VectorXd mean = (1.0 - late(k)) * rate.col(k) + late(k) * rate.col(k + 1);
    sum.col(k + 1) = sum.col(k) + (t(k + 1) - t(k)) * mean;
  }
  return sum;
}

PulseSamples two_samples(double width) {
  return {.t = Eigen::Vector2d{0.0, width}, .late = Eigen::VectorXd::Constant(1, 0.5)};
}

PulseSamples choose_samples(const CellPath& selected) {
  return samples_at(selected, part_evenly(selected.I));
}

PulseSamples nearest_samples(const CellPath& selected, const Eigen::VectorXd& t) {
  std::vector<Eigen::Index> chosen;
  for (const double time : t) {
    const Eigen::Index k = selected.nearest(time);
    if (chosen.empty() || k > chosen.back()) chosen.push_back(k);
  }
  return samples_at(selected, chosen);
}

Eigen::MatrixXd at_times(const Eigen::MatrixXd& values,
                         const Eigen::VectorXd& times,
                         const Eigen::VectorXd& wanted) {
  Eigen::MatrixXd found(values.rows(), wanted.size());
  for (Eigen::Index k = 0; k < wanted.size(); ++k) {
    const auto next = std::lower_bound(times.begin() + 1, times.end() - 1, wanted(k));
    const Eigen::Index b = next - times.begin();
    const double share =
        std::clamp((wanted(k) - times(b - 1)) / (times(b) - times(b - 1)), 0.0, 1.0);
    found.col(k) = (1.0 - share) * values.col(b - 1) + share * values.col(b);
  }
  return found;
}

}  // namespace memspice::synthesis
