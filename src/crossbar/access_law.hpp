#pragma once
// Cells with a device in series that gives access to the memristor (1T1R, 1S1R).
//
//   I = I_m(w) = I_a(v - w)      w: voltage across the memristor, between 0 and v
//
// Both laws rise with voltage, so there is one w; it is found by Newton's method kept in a bracket,
// to a relative accuracy that also holds where the memristor takes next to nothing of v.

#include <memory>

#include "crossbar/cell_law.hpp"
#include "device/access.hpp"

namespace memspice::crossbar {

/// A memristor of `law` in series with `access`. A transistor's bit-line end is taken to be at 0 V:
/// what its true potential adds is the square of a small quantity. `law` must outlive it, and its
/// current must not fall with voltage.
class AccessLaw final : public CellLaw {
 public:
  AccessLaw(const CellLaw& law, device::Access access) : law_(law), access_(access) {}
  void evaluate(std::span<const double> G,
                std::span<const double> v,
                std::span<double> I,
                std::span<double> slope) const override;
  bool is_linear() const override {
    return std::holds_alternative<std::monostate>(access_) && law_.is_linear();
  }

 private:
  const CellLaw& law_;
  device::Access access_;
};

/// Memristors I = G sinh(alpha v)/alpha, alpha [1/V], and what is in series with them.
std::shared_ptr<const CellLaw> make_cell_law(double alpha, const device::Access& access);

/// The conductance of a memristor I = G sinh(alpha v)/alpha that, read at V [V] through `access`,
/// carries G V: what write-verify leaves behind when it reads the whole cell. Throws InputError
/// when the access device cannot carry that current.
double memristor_behind(double G, double V, double alpha, const device::Access& access);
/// The same for every cell of an array; 0 stays 0.
Eigen::MatrixXd memristors_behind(const Eigen::MatrixXd& G,
                                  double V,
                                  double alpha,
                                  const device::Access& access);

/// The way back: what a read of each whole cell at V [V] shows of memristors G behind `access` [S].
Eigen::MatrixXd whole_cells(const Eigen::MatrixXd& G,
                            double V,
                            double alpha,
                            const device::Access& access);

}  // namespace memspice::crossbar
