#include "mapping/converter_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/vector_kernels.hpp"

namespace memspice::mapping {
namespace {

constexpr double kMostBins = 1 << 20;  // 16 bits and sixteen times their range

void require_rising(const Eigen::VectorXd& begins) {
  for (Eigen::Index k = 0; k < begins.size(); ++k) {
    if (std::isfinite(begins[k]) && (k == 0 || begins[k] >= begins[k - 1])) continue;
    reject("begin of code " + std::to_string(k + 1) + " of a converter",
           memspice::to_text(begins[k]) + " LSB",
           "must be finite and not below that of the code before",
           "give them in the order of their codes");
  }
  if (begins.size() > 0 && begins[begins.size() - 1] - begins[0] < kMostBins) return;
  reject("codes of a converter",
         std::to_string(begins.size()) + " begins",
         "must be at least one, and all within 2^20 LSB",
         "lower the mismatch of its ladder");
}

bool is_even(Eigen::Index code) {
  return code % 2 == 0;
}

}  // namespace

Eigen::VectorXd ideal_begins(const Converter& converter) {
  const double low = converter.lowest();
  const double high = converter.steps();
  return Eigen::VectorXd::LinSpaced(static_cast<Eigen::Index>(high - low), low + 0.5, high - 0.5);
}

AdcTable::AdcTable(int lowest, const Eigen::VectorXd& begins)
    : lowest_(lowest), codes_(static_cast<int>(begins.size()) + 1) {
  require_rising(begins);
  for (Eigen::Index k = 0; k < begins.size(); ++k) {
    const auto begin = static_cast<float>(begins[k]);
    // The search asks for what lies above a begin: one step below it lets an even code have it.
    const bool takes_ties = is_even(lowest + k + 1);
    begins_.push_back(takes_ties ? std::nextafter(begin, -std::numeric_limits<float>::infinity())
                                 : begin);
  }
  for (std::size_t k = begins_.size() - 1; k > 0; --k) {  // of codes that begin together
    begins_[k - 1] = std::min(begins_[k - 1], begins_[k]);
  }
  base_ = static_cast<int>(std::floor(begins_.front()));
  const int last = static_cast<int>(std::floor(begins_.back()));
  std::vector<std::int32_t> counts(static_cast<std::size_t>(last - base_) + 2, 0);
  for (const float begin : begins_) {
    ++counts[static_cast<std::size_t>(static_cast<int>(std::floor(begin)) - base_)];
  }
  std::int32_t below = 0;
  for (const std::int32_t count : counts) {
    first_.push_back(below);
    below += count;
  }
  deepest_ = *std::ranges::max_element(counts);
  begins_.insert(begins_.end(), deepest_, std::numeric_limits<float>::infinity());
}

void AdcTable::apply(const Converter& converter,
                     const AdcErrors& errors,
                     std::span<float> values,
                     float scale) const noexcept {
  const float to_code = static_cast<float>(converter.steps()) / static_cast<float>(converter.range);
  network::find_codes({.to_code = to_code * static_cast<float>(errors.gain),
                       .offset = static_cast<float>(errors.offset),
                       .base = base_,
                       .bins = static_cast<std::int32_t>(first_.size()),
                       .deepest = deepest_,
                       .first = first_.data(),
                       .begins = begins_.data(),
                       .low = lowest_,
                       .to_value = converter.step(scale)},
                      values);
}

DacTable::DacTable(const Converter& converter, float lsb, const Eigen::VectorXd& levels)
    : to_code_(1.0F / lsb),
      lowest_(static_cast<float>(converter.lowest())),
      highest_(static_cast<float>(converter.steps())) {
  for (const double level : levels) levels_.push_back(static_cast<float>(level) * lsb);
}

void DacTable::apply(std::span<float> V) const noexcept {
  network::look_up_levels(
      {.to_code = to_code_, .low = lowest_, .high = highest_, .levels = levels_.data()}, V);
}

}  // namespace memspice::mapping
