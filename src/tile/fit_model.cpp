#include "tile/fit_model.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>

namespace memspice::tile {
namespace {

/// The largest conductance that the fit sees [S].
double largest_conductance(const std::vector<Sample>& samples) {
  double largest = 0.0;
  for (const Sample& sample : samples) {
    if (sample.fit_count() > 0) largest = std::max(largest, sample.G_eff.maxCoeff());
  }
  return largest > 0.0 ? largest : 1.0;
}

/// Columns of the system: what each coefficient adds to the currents, those of q = 0 first. Rows: a
/// tile's fitted currents.
Eigen::MatrixXd columns_of(const Sample& sample,
                           const Eigen::MatrixXd& V,
                           const std::vector<int>& powers,
                           double read_voltage,
                           int terms,
                           double G_scale) {
  const auto count = static_cast<Eigen::Index>(powers.size());
  Eigen::MatrixXd columns(sample.D.rows() * V.cols(), count * terms);
  for (int q = 0; q < terms; ++q) {
    const Eigen::MatrixXd G = weighed_by_conductance(sample.G_eff, G_scale, q);
    for (Eigen::Index p = 0; p < count; ++p) {
      const Eigen::MatrixXd power =
          read_voltage *
          (V.array() / read_voltage).pow(powers[static_cast<std::size_t>(p)]).matrix();
      columns.col(q * count + p) = respond(G, power).reshaped();
    }
  }
  return columns;
}

}  // namespace

double rms(const Eigen::MatrixXd& D) {
  return D.size() == 0 ? 0.0 : std::sqrt(D.squaredNorm() / static_cast<double>(D.size()));
}

Calibration fit_model(const std::vector<Sample>& samples, const Array& array, int terms) {
  Calibration calibration{.read_voltage = array.spec().read_voltage,
                          .coefficients = {},
                          .powers = array.powers(),
                          .by_conductance = {},
                          .G_scale = largest_conductance(samples)};
  const auto count = static_cast<Eigen::Index>(calibration.powers.size());
  Eigen::Index rows = 0;
  for (const Sample& sample : samples) rows += sample.D.rows() * sample.fit_count();
  Eigen::MatrixXd A(rows, count * terms);
  Eigen::VectorXd b(rows);
  Eigen::Index row = 0;
  for (const Sample& sample : samples) {
    if (sample.fit_count() == 0) continue;
    const Eigen::MatrixXd V = sample.measurement->V.leftCols(sample.fit_count());
    const Eigen::MatrixXd D = sample.D.leftCols(sample.fit_count());
    const double weight = rms(D) > 0.0 ? 1.0 / rms(D) : 0.0;
    b.segment(row, D.size()) = (weight * (D - respond(sample.G_eff, V))).reshaped();
    A.middleRows(row, D.size()) =
        weight *
        columns_of(
            sample, V, calibration.powers, calibration.read_voltage, terms, calibration.G_scale);
    row += D.size();
  }
  const Eigen::VectorXd found = A.colPivHouseholderQr().solve(b);
  calibration.coefficients = found.head(count);
  calibration.by_conductance = found.tail(count * (terms - 1)).reshaped(count, terms - 1);
  return calibration;
}

}  // namespace memspice::tile
