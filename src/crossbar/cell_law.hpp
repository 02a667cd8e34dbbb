#pragma once
// The current of a cell as a function of the voltage across it.
//
//   ohmic   I = G v
//   sinh    I = G sinh(alpha v) / alpha          (static read model; alpha -> 0 is ohmic)

#include <span>

#include "crossbar/crossbar.hpp"

namespace memspice::crossbar {

/// Any law I(v) of cells that differ by one number, G. It need not be monotone.
class CellLaw {
 public:
  virtual ~CellLaw() = default;

  /// I[k] [A] and its slope dI/dv[k] [S] of the cell G[k] [S] under v[k] [V]; a cell with G = 0
  /// carries nothing. All spans have one length.
  virtual void evaluate(std::span<const double> G,
                        std::span<const double> v,
                        std::span<double> I,
                        std::span<double> slope) const = 0;

  /// Whether I = G v, so that one linear solve is the answer.
  virtual bool is_linear() const { return false; }
};

class OhmicLaw final : public CellLaw {
 public:
  void evaluate(std::span<const double> G,
                std::span<const double> v,
                std::span<double> I,
                std::span<double> slope) const override;
  bool is_linear() const override { return true; }
};

class SinhLaw final : public CellLaw {
 public:
  /// alpha [1/V], finite and >= 0; throws InputError otherwise.
  explicit SinhLaw(double alpha);
  void evaluate(std::span<const double> G,
                std::span<const double> v,
                std::span<double> I,
                std::span<double> slope) const override;
  bool is_linear() const override { return alpha_ == 0.0; }

 private:
  double alpha_;
};

/// solve_nonlinear for cells of any law. For a law that is not monotone the circuit may have
/// several states; the one found is the one that Newton's method reaches from the ideal array.
Operation solve_cells(const Eigen::MatrixXd& G,
                      const CellLaw& law,
                      const Wiring& wiring,
                      const Eigen::MatrixXd& V,
                      const VectorOptions& options = {});

}  // namespace memspice::crossbar
