#include "crossbar/access_law.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::crossbar {
namespace {

/// The state of every cell's search for w.
struct Search {
  std::vector<double> w, low, high;

  explicit Search(std::span<const double> v) : w(v.size(), 0.0), low(v.size()), high(v.size()) {
    for (std::size_t k = 0; k < v.size(); ++k) {
      low[k] = std::min(0.0, v[k]);
      high[k] = std::max(0.0, v[k]);
    }
  }

  /// One step for cell k; false once w has settled.
  bool step(std::size_t k, double v, double I_m, double slope_m, const device::Access& access) {
    const device::Conduction through = device::conduct(access, v - w[k]);
    const double excess = I_m - through.I;
    (excess > 0.0 ? high[k] : low[k]) = w[k];
    double next = w[k] - excess / (slope_m + through.slope);
    if (!(next > low[k] && next < high[k])) next = 0.5 * (low[k] + high[k]);
    const bool moves = std::abs(next - w[k]) > 4e-16 * std::abs(w[k]);
    w[k] = next;
    return moves;
  }
};

/// A law that holds the memristor's.
class WholeCell final : public CellLaw {
 public:
  WholeCell(double alpha, const device::Access& access)
      : memristor_(alpha), law_(memristor_, access) {}
  WholeCell(const WholeCell&) = delete;
  WholeCell& operator=(const WholeCell&) = delete;
  void evaluate(std::span<const double> G,
                std::span<const double> v,
                std::span<double> I,
                std::span<double> slope) const override {
    law_.evaluate(G, v, I, slope);
  }

 private:
  SinhLaw memristor_;
  AccessLaw law_;
};

}  // namespace

void AccessLaw::evaluate(std::span<const double> G,
                         std::span<const double> v,
                         std::span<double> I,
                         std::span<double> slope) const {
  if (std::holds_alternative<std::monostate>(access_)) return law_.evaluate(G, v, I, slope);
  Search search(v);
  constexpr int most_steps = 400;  // Newton takes about 30; halvings alone about 100
  for (int step = 0; step < most_steps; ++step) {
    law_.evaluate(G, search.w, I, slope);
    bool moves = false;
    for (std::size_t k = 0; k < v.size(); ++k) {
      if (G[k] > 0.0 && v[k] != 0.0) moves |= search.step(k, v[k], I[k], slope[k], access_);
    }
    if (!moves) break;
  }
  law_.evaluate(G, search.w, I, slope);
  for (std::size_t k = 0; k < v.size(); ++k) {
    const double access_slope = device::conduct(access_, v[k] - search.w[k]).slope;
    slope[k] = G[k] == 0.0 ? 0.0 : slope[k] * access_slope / (slope[k] + access_slope);
  }
}

std::shared_ptr<const CellLaw> make_cell_law(double alpha, const device::Access& access) {
  if (std::holds_alternative<std::monostate>(access)) {
    return std::make_shared<const SinhLaw>(alpha);
  }
  return std::make_shared<const WholeCell>(alpha, access);
}

double memristor_behind(double G, double V, double alpha, const device::Access& access) {
  const double I = G * V;
  const double drop = device::voltage_for(access, I, std::abs(V));
  const double w = V - drop;
  if (G == 0.0) return 0.0;
  // A hair below the limit the memristor would have to be a short circuit.
  if (std::isfinite(drop) && std::abs(w) > 1e-9 * std::abs(V)) {
    return I * (alpha > 0.0 ? alpha / std::sinh(alpha * w) : 1.0 / w);
  }
  throw InputError({.place = "cell conductance",
                    .value = to_text(G) + " S read at " + to_text(V) + " V",
                    .rule = "is more than the " + std::string(device::cell_name(access)) +
                            " cell's access device carries",
                    .remedy = "lower device.g_max, or raise array.read_voltage"});
}

Eigen::MatrixXd memristors_behind(const Eigen::MatrixXd& G,
                                  double V,
                                  double alpha,
                                  const device::Access& access) {
  if (std::holds_alternative<std::monostate>(access)) return G;
  return G.unaryExpr([&](double g) { return memristor_behind(g, V, alpha, access); });
}

Eigen::MatrixXd whole_cells(const Eigen::MatrixXd& G,
                            double V,
                            double alpha,
                            const device::Access& access) {
  if (std::holds_alternative<std::monostate>(access)) return G;
  const SinhLaw memristor(alpha);
  const Eigen::MatrixXd v = Eigen::MatrixXd::Constant(G.rows(), G.cols(), V);
  Eigen::MatrixXd I(G.rows(), G.cols()), slope(G.rows(), G.cols());
  const auto cells = static_cast<std::size_t>(G.size());
  AccessLaw(memristor, access)
      .evaluate({G.data(), cells}, {v.data(), cells}, {I.data(), cells}, {slope.data(), cells});
  return I / V;
}

}  // namespace memspice::crossbar
