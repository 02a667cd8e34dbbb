#include "tile/stored_pinned.hpp"

#include "tile/row_check.hpp"
#include "tile/store_payload.hpp"

namespace memspice::tile {
namespace {

constexpr std::string_view kPinnedKind = "pinned";

/// Of solve_pinned: raise it when its results change beyond their bound.
constexpr std::string_view kMethodVersion = "/pinned-1";

/// One column: the certificate, then the currents point by point.
std::string encode(const PinnedSolution& solution) {
  const Certificate& certificate = solution.certificate;
  Eigen::VectorXd column(kCertificateRows + solution.I.size());
  column.head<kCertificateRows>() << certificate.bound, certificate.relative, certificate.residual,
      certificate.corrections, static_cast<double>(certificate.evaluations),
      certificate.monotone ? 1.0 : 0.0;
  column.tail(solution.I.size()) = solution.I.reshaped();
  return encode_npy(column);
}

PinnedSolution decode(const Eigen::VectorXd& column,
                      Eigen::Index bit_lines,
                      const std::string& version) {
  PinnedSolution solution;
  solution.certificate = {.bound = column[0],
                          .relative = column[1],
                          .residual = column[2],
                          .corrections = static_cast<int>(column[3]),
                          .evaluations = static_cast<long>(column[4]),
                          .monotone = column[5] != 0.0};
  const Eigen::Index size = column.size() - kCertificateRows;
  solution.I = column.tail(size).reshaped(bit_lines, size / bit_lines);
  solution.summary.message = "from the store, computed by " + version;
  solution.summary.attempts = 0;
  return solution;
}

std::string simulator_of(const std::string& row_version) {
  return row_version.substr(0, row_version.find('/'));
}

}  // namespace

std::string StoredPinned::row_version() {
  return inner_ == nullptr ? std::string() : inner_->version() + std::string(kMethodVersion);
}

std::string StoredPinned::version() {
  if (inner_ != nullptr) return inner_->version();
  const std::lock_guard lock(mutex_);
  if (version_used_.empty()) version_used_ = simulator_of(store_.newest_version(kPinnedKind));
  return version_used_.empty() ? "no simulator (offline, store empty)" : version_used_;
}

std::optional<PinnedSolution> StoredPinned::look_up(const std::string& key,
                                                    Eigen::Index bit_lines,
                                                    Eigen::Index points) {
  const std::lock_guard lock(mutex_);
  // Behind a row that is refused and deleted an older version's may stand.
  while (const auto row = store_.get(kPinnedKind, key, row_version())) {
    const auto column = decode_npy(row->payload);
    const std::string fault = fault_in_pinned(column, bit_lines, points);
    if (fault.empty()) {
      ++use_.hits;
      use_.seconds_saved += row->seconds;
      version_used_ = simulator_of(row->version);
      return decode(*column, bit_lines, version_used_);
    }
    store_.refuse(*row, fault);
    if (!store_.is_writable()) break;
  }
  ++use_.misses;
  return std::nullopt;
}

void StoredPinned::keep(const std::string& key,
                        const std::string& description,
                        const PinnedSolution& solution) {
  if (!solution.ok()) return;
  const bool kept = store_.put({.kind = std::string(kPinnedKind),
                                .key = key,
                                .version = row_version(),
                                .description = description,
                                .seconds = solution.summary.seconds,
                                .payload = encode(solution)});
  const std::lock_guard lock(mutex_);
  if (kept) ++use_.kept;
}

}  // namespace memspice::tile
