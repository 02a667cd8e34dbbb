#include "tile/model.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "network/vector_kernels.hpp"
#include "tile/array.hpp"
#include "tile/exact_model.hpp"

namespace memspice::tile {
namespace {

/// Columns 2j minus columns 2j+1, transposed: outputs x word lines [S].
FloatMatrix differential(const Eigen::MatrixXd& G) {
  FloatMatrix Gd(G.cols() / 2, G.rows());
  for (Eigen::Index j = 0; j < Gd.rows(); ++j) {
    Gd.row(j) = (G.col(2 * j) - G.col(2 * j + 1)).transpose().cast<float>();
  }
  return Gd;
}

/// D = Gd^T V.
class Linear : public Model {
 public:
  explicit Linear(const Eigen::MatrixXd& G) : Gd_(differential(G)) {}
  void respond(const Eigen::Ref<const FloatMatrix>& V, FloatMatrix& D) const override {
    D.resize(Gd_.rows(), V.cols());
    D.noalias() = Gd_ * V;
  }

 private:
  FloatMatrix Gd_;  ///< outputs x word lines [S]
};

/// sum_p c_p U (V/U)^p as V (factors[0] + factors[1] V + ...).
class Polynomial {
 public:
  /// has_identity: and V itself.
  Polynomial(const Calibration& calibration,
             const Eigen::Ref<const Eigen::VectorXd>& coefficients,
             bool has_identity) {
    const int top = calibration.powers.empty() ? 1 : calibration.powers.back();
    factors_.assign(static_cast<std::size_t>(top), 0.0F);
    factors_[0] = has_identity ? 1.0F : 0.0F;
    for (std::size_t k = 0; k < calibration.powers.size(); ++k) {
      const int p = calibration.powers[k];
      factors_[static_cast<std::size_t>(p - 1)] += static_cast<float>(
          coefficients[static_cast<Eigen::Index>(k)] / std::pow(calibration.read_voltage, p - 1));
    }
  }

  /// By Horner's rule.
  void apply(const Eigen::Ref<const FloatMatrix>& V, FloatMatrix& f) const {
    f.setConstant(V.rows(), V.cols(), factors_.back());
    for (std::size_t p = factors_.size() - 1; p-- > 0;) {
      f.array() = f.array() * V.array() + factors_[p];
    }
    f.array() *= V.array();
  }

 private:
  std::vector<float> factors_;
};

/// D = sum_q (Gd_eff (G_eff / G_scale)^q)^T f_q(V) for any powers.
class CalibratedByPowers : public Model {
 public:
  CalibratedByPowers(const Eigen::MatrixXd& G_eff, const Calibration& calibration) {
    terms_.push_back(
        {differential(G_eff), Polynomial(calibration, calibration.coefficients, true)});
    for (Eigen::Index q = 0; q < calibration.by_conductance.cols(); ++q) {
      const Eigen::MatrixXd G =
          weighed_by_conductance(G_eff, calibration.G_scale, static_cast<int>(q) + 1);
      terms_.push_back(
          {differential(G), Polynomial(calibration, calibration.by_conductance.col(q), false)});
    }
  }

  void respond(const Eigen::Ref<const FloatMatrix>& V, FloatMatrix& D) const override {
    thread_local FloatMatrix f;
    D.setZero(terms_.front().Gd.rows(), V.cols());
    for (const Term& term : terms_) {
      term.f.apply(V, f);
      D.noalias() += term.Gd * f;
    }
  }

 private:
  struct Term {
    FloatMatrix Gd;  ///< outputs x word lines [S]
    Polynomial f;
  };
  std::vector<Term> terms_;
};

/// D = Gd_eff^T f(V) for the powers 3 and 5, which most arrays need.
class Calibrated : public Model {
 public:
  Calibrated(const Eigen::MatrixXd& G_eff, const Calibration& calibration)
      : linear_(G_eff), a3_(coefficient(calibration, 0, 2)), a5_(coefficient(calibration, 1, 4)) {}

  void respond(const Eigen::Ref<const FloatMatrix>& V, FloatMatrix& D) const override {
    thread_local FloatMatrix f;
    f.resize(V.rows(), V.cols());
    const auto length = static_cast<std::size_t>(V.cols());
    for (Eigen::Index i = 0; i < V.rows(); ++i) {
      network::bend(a3_, a5_, {V.row(i).data(), length}, {f.row(i).data(), length});
    }
    linear_.respond(f, D);
  }

 private:
  /// a_p / U^(p-1) [1/V^(p-1)], so that f needs no division.
  static float coefficient(const Calibration& calibration, Eigen::Index p, int power) {
    if (p >= calibration.coefficients.size()) return 0.0F;
    return static_cast<float>(calibration.coefficients[p] /
                              std::pow(calibration.read_voltage, power));
  }

  Linear linear_;
  float a3_, a5_;
};

Eigen::MatrixXd pairs_of(const ModelInputs& inputs) {
  return inputs.array->topology().pairs_of(*inputs.G);
}

Eigen::MatrixXd answer_calibrated(const ModelInputs& inputs, const Eigen::MatrixXd& V) {
  const Calibration& calibration = *inputs.calibration;
  const Eigen::MatrixXd& G_eff = *inputs.G_eff;
  Eigen::MatrixXd D = respond(G_eff, V.unaryExpr([&](double v) { return calibration.apply(v); }));
  const double U = calibration.read_voltage;
  for (Eigen::Index q = 0; q < calibration.by_conductance.cols(); ++q) {
    Eigen::MatrixXd f = Eigen::MatrixXd::Zero(V.rows(), V.cols());
    for (std::size_t k = 0; k < calibration.powers.size(); ++k) {
      f.array() += calibration.by_conductance(static_cast<Eigen::Index>(k), q) * U *
                   (V.array() / U).pow(calibration.powers[k]);
    }
    D += respond(weighed_by_conductance(G_eff, calibration.G_scale, static_cast<int>(q) + 1), f);
  }
  return D;
}

// Adding a model is its class and a line here.
constexpr std::array kModels{
    ModelKind{.name = "ideal",
              .meaning = "crossbars: levels and converters",
              .tiles = "ideal tiles",
              .make = [](const ModelInputs& of) { return make_ideal(pairs_of(of)); },
              .answer = [](const ModelInputs& of,
                           const Eigen::MatrixXd& V) { return respond(pairs_of(of), V); }},
    ModelKind{.name = "mesh",
              .meaning = "with line resistance, exact",
              .tiles = "line resistance exact",
              .needs_response = true,
              .make = [](const ModelInputs& of) { return make_mesh(*of.G_eff); },
              .answer = [](const ModelInputs& of,
                           const Eigen::MatrixXd& V) { return respond(*of.G_eff, V); }},
    ModelKind{
        .name = "calibrated",
        .meaning = "with curvature fitted to ngspice",
        .tiles = "calibrated tiles",
        .needs_response = true,
        .needs_calibration = true,
        .make = [](const ModelInputs& of) { return make_calibrated(*of.G_eff, *of.calibration); },
        .answer = answer_calibrated},
    ModelKind{
        .name = "exact",
        .meaning = "the non-linear arrays solved, no fit",
        .tiles = "non-linear arrays solved",
        .needs_law = true,
        .make = [](const ModelInputs& of) { return make_exact(*of.array, *of.G); },
        .answer = [](const ModelInputs& of,
                     const Eigen::MatrixXd& V) { return answer_exact(*of.array, *of.G, V); }}};

}  // namespace

std::span<const ModelKind> model_kinds() noexcept {
  return kModels;
}

const ModelKind* find_model(std::string_view name) noexcept {
  const auto found = std::ranges::find(kModels, name, &ModelKind::name);
  return found == kModels.end() ? nullptr : &*found;
}

Eigen::MatrixXd weighed_by_conductance(const Eigen::MatrixXd& G_eff, double G_scale, int q) {
  return G_eff.cwiseProduct((G_eff / G_scale).array().pow(q).matrix());
}

Eigen::MatrixXd respond(const Eigen::MatrixXd& G, const Eigen::MatrixXd& V) {
  const Eigen::MatrixXd I = G.transpose() * V;
  Eigen::MatrixXd D(I.rows() / 2, I.cols());
  for (Eigen::Index j = 0; j < D.rows(); ++j) D.row(j) = I.row(2 * j) - I.row(2 * j + 1);
  return D;
}

double Calibration::apply(double v) const noexcept {
  const double square = (v / read_voltage) * (v / read_voltage);
  double factor = 0.0;
  if (powers == std::vector<int>{3, 5}) {
    for (Eigen::Index p = coefficients.size(); p-- > 0;) {
      factor = (factor + coefficients[p]) * square;
    }
    return v * (1.0 + factor);
  }
  for (Eigen::Index k = 0; k < coefficients.size(); ++k) {
    factor += coefficients[k] * std::pow(v / read_voltage, powers[static_cast<std::size_t>(k)] - 1);
  }
  return v * (1.0 + factor);
}

std::unique_ptr<Model> make_ideal(const Eigen::MatrixXd& G) {
  return std::make_unique<Linear>(G);
}

std::unique_ptr<Model> make_mesh(const Eigen::MatrixXd& G_eff) {
  return std::make_unique<Linear>(G_eff);
}

std::unique_ptr<Model> make_calibrated(const Eigen::MatrixXd& G_eff,
                                       const Calibration& calibration) {
  if (calibration.powers != std::vector<int>{3, 5} || calibration.by_conductance.size() > 0) {
    return std::make_unique<CalibratedByPowers>(G_eff, calibration);
  }
  return std::make_unique<Calibrated>(G_eff, calibration);
}

}  // namespace memspice::tile
