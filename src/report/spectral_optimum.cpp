#include "report/spectral_optimum.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/numbers.hpp"
#include "report/spectral_optimum_parts.hpp"
#include "report/text_table.hpp"

namespace memspice::report {
namespace {

bool is_trained(const SpectralCandidate& candidate) {
  return candidate.accuracy.has_value();
}

std::int64_t cost_of(const SpectralCandidate& candidate) {
  return candidate.candidate.cost.computation_and_memory();
}

/// Cheaper or as cheap, at least as right, and not the same in both.
bool dominates(const SpectralCandidate& a, const SpectralCandidate& b) {
  if (!is_trained(a) || cost_of(a) > cost_of(b) || *a.accuracy < *b.accuracy) return false;
  return cost_of(a) < cost_of(b) || *a.accuracy > *b.accuracy;
}

std::string rate(double images_per_second) {
  return with_thousands(std::llround(images_per_second)) + "/s";
}

std::string table_text(const Table& table, std::size_t left) {
  std::vector<TextTable::Column> columns;
  for (const std::string& title : table.titles) {
    columns.push_back({title, columns.size() < left ? Align::Left : Align::Right});
  }
  TextTable text(std::move(columns));
  for (const auto& row : table.rows) text.add(row);
  return text.str();
}

std::string command_lines(const SpectralOptimum& optimum) {
  constexpr int shown = 6;
  std::string text;
  int left = 0;
  for (const SpectralCandidate& candidate : optimum.candidates) {
    if (candidate.command.empty()) continue;
    if (++left > shown) continue;
    text += "  " + candidate.command + "\n";
  }
  if (left == 0) return "";
  return "\nNot trained yet (the original first; --json lists all " + std::to_string(left) +
         "):\n\n" + text;
}

}  // namespace

std::optional<double> SpectralOptimum::loss_of(const SpectralCandidate& candidate) const {
  if (candidates.empty() || !is_trained(candidates.front()) || !is_trained(candidate)) {
    return std::nullopt;
  }
  return *candidates.front().accuracy - *candidate.accuracy;
}

void rank(SpectralOptimum& optimum) {
  for (SpectralCandidate& candidate : optimum.candidates) {
    candidate.on_front =
        is_trained(candidate) && std::ranges::none_of(optimum.candidates, [&](const auto& other) {
          return dominates(other, candidate);
        });
  }
  optimum.chosen.reset();
  for (std::size_t k = 0; k < optimum.candidates.size(); ++k) {
    const auto loss = optimum.loss_of(optimum.candidates[k]);
    if (loss && *loss <= optimum.max_accuracy_loss) optimum.chosen = k;  // the dearest come first
  }
}

namespace {

std::vector<std::string> cells_of(const SpectralOptimum& optimum,
                                  const SpectralCandidate& candidate) {
  const auto& [shape, strategy, cost] = candidate.candidate;
  spectral::Counts counts = cost.total;
  counts += cost.classifier;
  const auto loss = optimum.loss_of(candidate);
  const auto& measured = candidate.throughput;
  const bool chosen = optimum.chosen && &candidate == &optimum.candidates[*optimum.chosen];
  return {shape.name,
          std::string(spectral::to_text(strategy)),
          with_thousands(counts.multiplications),
          with_thousands(counts.words()),
          with_thousands(cost.computation_and_memory()),
          format_quantity(candidate.energy, Unit::Joule, 3),
          candidate.accuracy ? percent(*candidate.accuracy) : "not trained",
          loss ? fixed(100.0 * *loss, 2) : "",
          measured ? rate(measured->batch) : "",
          measured ? rate(measured->single) : "",
          chosen               ? "chosen"
          : candidate.on_front ? "front"
                               : ""};
}

}  // namespace

Table candidate_table(const SpectralOptimum& optimum) {
  Table table{{"network",
               "strategy",
               "multiplications",
               "words",
               "both kinds",
               "energy",
               "accuracy",
               "loss",
               "batch",
               "single",
               ""},
              {}};
  for (const SpectralCandidate& candidate : optimum.candidates) {
    table.rows.push_back(cells_of(optimum, candidate));
  }
  return table;
}

Table gain_table(const SpectralOptimum& optimum) {
  Table table{{"", "batch", "single image", "gain batch", "gain single", "both kinds", "energy"},
              {}};
  if (!optimum.chosen || !optimum.original_fused || !optimum.original_unfused) return table;
  const SpectralCandidate& chosen = optimum.candidates[*optimum.chosen];
  const SpectralCandidate& original = optimum.candidates.front();
  const auto add =
      [&](const std::string& name, const Throughput& t, std::int64_t cost, double energy) {
        table.rows.push_back({name,
                              rate(t.batch),
                              rate(t.single),
                              fixed(chosen.throughput->batch / t.batch, 1) + " x",
                              fixed(chosen.throughput->single / t.single, 1) + " x",
                              with_thousands(cost),
                              format_quantity(energy, Unit::Joule, 3)});
      };
  add("original, unfused: all bins",
      *optimum.original_unfused,
      optimum.unfused.cost.computation_and_memory(),
      spectral_energy(optimum.unfused));
  add("original, fused", *optimum.original_fused, cost_of(original), original.energy);
  add("original, without unused bins", *original.throughput, cost_of(original), original.energy);
  add("chosen: " + chosen.candidate.architecture.name,
      *chosen.throughput,
      cost_of(chosen),
      chosen.energy);
  return table;
}

Table claim_table(const SpectralOptimum& optimum) {
  Table table{{"", "throughput, batch", "throughput, single", "accuracy lost"}, {}};
  table.rows.push_back({"Rizvi et al. 2023, LeNet-5", "up to 4.2 x", "up to 4.1 x", "at most 3 %"});
  table.rows.push_back({"Rizvi et al. 2023, AlexNet", "11.6 x", "5 x", "4.4 %"});
  const Table gains = gain_table(optimum);
  if (gains.rows.empty()) return table;
  const auto loss = optimum.loss_of(optimum.candidates[*optimum.chosen]);
  const std::string lost = fixed(100.0 * *loss, 2) + " points";
  table.rows.push_back({"here, against unfused", gains.rows[0][3], gains.rows[0][4], lost});
  table.rows.push_back({"here, against fused", gains.rows[1][3], gains.rows[1][4], lost});
  return table;
}

std::string optimum_remark(const SpectralOptimum& optimum) {
  return "Per image, fused; operations and words of layers and classifier rank the candidates. "
         "Throughput is images per second of processor time on one core, without the bins that "
         "reach no output, " +
         with_thousands(optimum.batch) + " images at a time or one. Energy by " +
         optimum.unfused.card.name + ", transform included.";
}

std::string spectral_optimum_text(const SpectralOptimum& optimum) {
  std::string text = "\n" + optimum.flow + "   " + with_thousands(optimum.images) +
                     " images   at most " + fixed(100.0 * optimum.max_accuracy_loss, 1) +
                     " points lost\n\n" + table_text(candidate_table(optimum), 2) + "  " +
                     optimum_remark(optimum) + "\n";
  const Table gains = gain_table(optimum);
  if (!gains.rows.empty()) {
    text +=
        "\nThe chosen network against the original, on this machine.\n\n" + table_text(gains, 1);
  }
  return text + "\nBeside what was published.\n\n" + table_text(claim_table(optimum), 1) +
         command_lines(optimum);
}

}  // namespace memspice::report
