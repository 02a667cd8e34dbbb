#include "device/current_table.hpp"

#include <math.h>  // isnan, which Boost 1.74's pchip takes from no namespace

#include <algorithm>
#include <boost/math/interpolators/pchip.hpp>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::device {
namespace {

std::vector<double> listed(const Eigen::VectorXd& values) {
  return {values.begin(), values.end()};
}

/// Pieces of a state: straight, as many cubics as gaps, straight.
std::vector<CubicPiece> cubic_pieces(const Eigen::VectorXd& v, const Eigen::VectorXd& I) {
  const boost::math::interpolators::pchip spline(listed(v), listed(I));
  const auto slope = [&](Eigen::Index k) { return spline.prime(v(k)); };
  const Eigen::Index last = v.size() - 1;
  std::vector<CubicPiece> pieces = {{.from = v(0), .a = {I(0), slope(0), 0.0, 0.0}}};
  for (Eigen::Index k = 0; k < last; ++k) {
    const double h = v(k + 1) - v(k), rise = (I(k + 1) - I(k)) / h;
    const double d_0 = slope(k), d_1 = slope(k + 1);
    pieces.push_back(
        {.from = v(k),
         .a = {I(k), d_0, (3.0 * rise - 2.0 * d_0 - d_1) / h, (d_0 + d_1 - 2.0 * rise) / (h * h)}});
  }
  pieces.push_back({.from = v(last), .a = {I(last), slope(last), 0.0, 0.0}});
  return pieces;
}

[[noreturn]] void reject_table(std::string_view place,
                               const std::string& key,
                               const std::string& value,
                               const char* rule,
                               const char* remedy) {
  reject(std::string(place) + '.' + key, value, rule, remedy);
}

void require_voltages(const Eigen::VectorXd& v, std::string_view place) {
  for (Eigen::Index k = 1; k < v.size(); ++k) {
    if (v(k) > v(k - 1)) continue;
    reject_table(place, "voltage", to_text(v(k)) + " V", "must rise from one to the next", "sort");
  }
  const bool has_zero = std::find(v.begin(), v.end(), 0.0) != v.end();
  if (v.size() >= 4 && has_zero) return;
  reject_table(place,
               "voltage",
               std::to_string(v.size()) + " voltages",
               "must be four at least, 0 V among them",
               "measure more of them");
}

void require_rising(const CurrentTable& table, Eigen::Index state, std::string_view place) {
  const std::string key = "state_" + std::to_string(state + 1);
  for (Eigen::Index k = 0; k < table.v.size(); ++k) {
    const double I = table.I(state, k);
    const std::string value = to_text(I) + " A at " + to_text(table.v(k)) + " V";
    if (table.v(k) == 0.0 && I != 0.0) {
      reject_table(place, key, value, "must be 0 A: a memristor stores no energy", "take it off");
    }
    if (k > 0 && I < table.I(state, k - 1)) {
      reject_table(place, key, value, "falls where the voltage rises", "smooth the data first");
    }
  }
}

}  // namespace

void CurrentTable::validate(std::string_view place) const {
  require_voltages(v, place);
  for (Eigen::Index state = 0; state < I.rows(); ++state) require_rising(*this, state, place);
}

double CubicPiece::value(double v) const noexcept {
  const double u = v - from;
  return a[0] + u * (a[1] + u * (a[2] + u * a[3]));
}

double CubicPiece::slope(double v) const noexcept {
  const double u = v - from;
  return a[1] + u * (2.0 * a[2] + 3.0 * u * a[3]);
}

TableCurrents::TableCurrents(CurrentTable table) : table_(std::move(table)) {
  table_.validate("table");
  for (Eigen::Index state = 0; state < table_.I.rows(); ++state) {
    pieces_.push_back(cubic_pieces(table_.v, table_.I.row(state)));
    G_.push_back(piece_at(pieces_.size() - 1, 0.0).slope(0.0));
    if (G_.back() > (state == 0 ? 0.0 : G_[G_.size() - 2])) continue;
    reject_table("table",
                 "state_" + std::to_string(state + 1),
                 to_text(G_.back()) + " S at 0 V",
                 "must conduct at 0 V, and more than the state before",
                 "sort the states, and leave out what does not conduct");
  }
}

const CubicPiece& TableCurrents::piece_at(std::size_t state, double v) const noexcept {
  const std::vector<CubicPiece>& all = pieces_[state];
  const auto above = std::upper_bound(
      all.begin() + 1, all.end(), v, [](double at, const CubicPiece& p) { return at < p.from; });
  return *(above - 1);
}

TableCurrents::Mix TableCurrents::mix_of(double G) const noexcept {
  const std::size_t last = G_.size() - 1;
  if (G <= G_.front()) return {0, 0, G / G_.front(), 0.0};
  if (G >= G_.back()) return {last, last, G / G_.back(), 0.0};
  const auto high =
      static_cast<std::size_t>(std::upper_bound(G_.begin(), G_.end(), G) - G_.begin());
  const double w = (G - G_[high - 1]) / (G_[high] - G_[high - 1]);
  return {high - 1, high, 1.0 - w, w};
}

double TableCurrents::current(double G, double v) const noexcept {
  const Mix mix = mix_of(G);
  return mix.of_low * piece_at(mix.low, v).value(v) + mix.of_high * piece_at(mix.high, v).value(v);
}

double TableCurrents::conductance(double G, double v) const noexcept {
  const Mix mix = mix_of(G);
  return mix.of_low * piece_at(mix.low, v).slope(v) + mix.of_high * piece_at(mix.high, v).slope(v);
}

ConductanceWindow TableCurrents::window() const noexcept {
  return {.g_min = G_.front(), .g_max = G_.back(), .levels = static_cast<int>(G_.size())};
}

}  // namespace memspice::device
