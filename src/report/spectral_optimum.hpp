#pragma once
// What smaller spectral networks cost and give: the optimiser's table, Pareto front and page.

#include <optional>
#include <string>
#include <vector>

#include "report/spectral_cost.hpp"
#include "spectral/candidates.hpp"

namespace memspice::report {

/// Images per second of processor time on one core.
struct Throughput {
  double batch = 0.0;   ///< many images at a time
  double single = 0.0;  ///< one image at a time
};

struct SpectralCandidate {
  spectral::Candidate candidate;
  double energy = 0.0;  ///< per image, transform included [J]
  std::string file;     ///< its trained network, there or not; empty: none was named
  std::string command;  ///< what trains it; empty where it is trained
  std::optional<double> accuracy = {};        ///< of the trained network, 0 .. 1
  std::optional<Throughput> throughput = {};  ///< without the bins that reach no output
  bool on_front = false;  ///< no trained one is both cheaper and at least as right
};

struct SpectralOptimum {
  std::string flow;
  int images = 0;                                   ///< that accuracy was measured on
  int batch = 0;                                    ///< images of a batch in throughput
  double max_accuracy_loss = 0.0;                   ///< share
  SpectralCost unfused;                             ///< the original with all bins
  std::vector<SpectralCandidate> candidates = {};   ///< the dearest first; the first: the original
  std::optional<Throughput> original_unfused = {};  ///< measured where the original is trained
  std::optional<Throughput> original_fused = {};    ///< every bin that pooling keeps
  std::optional<std::size_t> chosen = {};           ///< the cheapest trained one within the loss

  /// Points of accuracy lost against the original, as a share; empty where either is untrained.
  std::optional<double> loss_of(const SpectralCandidate& candidate) const;
};

/// Marks the Pareto front of the trained candidates and chooses.
void rank(SpectralOptimum& optimum);

/// Terminal tables: candidates, chosen one against the original, published claims, commands.
std::string spectral_optimum_text(const SpectralOptimum& optimum);
std::string to_json(const SpectralOptimum& optimum);
/// One self-contained page with the Pareto plot.
std::string spectral_optimum_html(const SpectralOptimum& optimum);
/// Accuracy against operations and words of the trained candidates, front joined by a line; empty
/// where none is trained.
std::string plot_spectral_front(const SpectralOptimum& optimum);

}  // namespace memspice::report
