#pragma once
// A cell known by what was measured: currents of some states at some voltages, monotone in between.
//
//   I_s(v)   cubic between neighbouring voltages, slopes after Fritsch and Butland, so that it
//   rises
//            wherever the data rise and never overshoots; straight beyond the ends, through I(0) =
//            0
//   G_s      = dI_s/dv at v = 0
//   I(G, v)  = (1 - w) I_s(v) + w I_t(v),  w = (G - G_s) / (G_t - G_s)     G_s <= G <= G_t
//            = G / G_s I_s(v) below the lowest state and above the highest
//
// so that dI/dv at v = 0 is G throughout. Source: Fritsch, Carlson, SIAM J. Numer. Anal. 17 (1980)
// 238; Fritsch, Butland, SIAM J. Sci. Stat. Comput. 5 (1984) 300 (Boost.Math's pchip).

#include <Eigen/Core>
#include <string_view>
#include <vector>

#include "device/conductance_window.hpp"

namespace memspice::device {

struct CurrentTable {
  Eigen::VectorXd v;  ///< rising, 0 among them, four at least [V]
  Eigen::MatrixXd I;  ///< states x voltages, G rising from row to row; 0 at v = 0 [A]
  /// Throws InputError naming `place`.voltage or `place`.state_K.
  void validate(std::string_view place) const;
};

/// a_0 + a_1 u + a_2 u^2 + a_3 u^3,  u = v - `from`; of a state, from there to the next piece.
struct CubicPiece {
  double from = 0.0;                   ///< [V]
  double a[4] = {0.0, 0.0, 0.0, 0.0};  ///< [A], [A/V], ...
  double value(double v) const noexcept;
  double slope(double v) const noexcept;
};

class TableCurrents {
 public:
  /// Throws InputError as CurrentTable::validate with place "table".
  explicit TableCurrents(CurrentTable table);

  double current(double G, double v) const noexcept;      ///< I [A] at v [V] of a cell of G [S]
  double conductance(double G, double v) const noexcept;  ///< dI/dv [S]

  const CurrentTable& table() const noexcept { return table_; }
  const std::vector<double>& G() const noexcept { return G_; }  ///< of the states, rising [S]
  /// From the lowest state to the highest, as many levels as states.
  ConductanceWindow window() const noexcept;
  /// Of a state, rising: the first holds below its `from` too, the last without end.
  const std::vector<CubicPiece>& pieces(std::size_t state) const { return pieces_[state]; }

 private:
  struct Mix {
    std::size_t low, high;  // states
    double of_low, of_high;
  };
  Mix mix_of(double G) const noexcept;
  const CubicPiece& piece_at(std::size_t state, double v) const noexcept;

  CurrentTable table_;
  std::vector<std::vector<CubicPiece>> pieces_;
  std::vector<double> G_;
};

}  // namespace memspice::device
