#include "periphery/characterize.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "netlist/deck.hpp"
#include "periphery/answers.hpp"
#include "periphery/static_response.hpp"
#include "periphery/step_response.hpp"
#include "synthesis/block_bench.hpp"

namespace memspice::periphery {
namespace {

using synthesis::AnalogBlock;

constexpr double kDelay = 1e-9;        // [s] at rest before a step
constexpr int kLongerRuns = 2;         // each four times as long
constexpr double kStepsPerRun = 2500;  // bounds the step: 40 ps of 100 ns

/// One block, its stimuli and what is known of it so far.
struct Subject {
  AnalogBlock block;
  Eigen::MatrixXd inputs;
  PeripheryModel model;
};

/// A step of one subject that is to run.
struct Step {
  std::size_t subject = 0;
  bool is_up = true;
};

Subject prepare(const synthesis::BlockRequest& request,
                const device::AnalogFigures& figures,
                const Options& options) {
  Subject subject{synthesis::build_block(request, figures), {}, {}};
  const AnalogBlock& block = subject.block;
  subject.inputs = static_inputs(block, figures, options.points, options.seed);
  PeripheryModel& model = subject.model;
  model.name = block.body->name();
  model.circuit = request.circuit;
  model.size = synthesis::describe_sizes(request);
  model.realisation = request.realisation;
  model.devices = block.devices;
  model.inputs = block.inputs;
  model.outputs = block.outputs;
  model.full_scale = block.full_scale;
  return subject;
}

netlist::Deck step_deck(const AnalogBlock& block,
                        const device::AnalogFigures& figures,
                        bool is_up,
                        double duration) {
  StepEnds ends = find_step(block);
  if (!is_up) std::swap(ends.from, ends.to);
  const auto bench = synthesis::build_step_bench(
      block,
      figures,
      ends.from,
      ends.to,
      {.delay = kDelay, .duration = duration, .max_step = duration / kStepsPerRun});
  return netlist::write_deck(bench.circuit, bench.analysis);
}

/// Slower step wins; energy is that step's.
void keep_slower(const StepResponse& step, PeripheryModel& model) {
  if (step.time < model.settling_time) return;
  model.settling_time = step.time;
  model.energy = step.energy;
}

/// Whether the step settled; then its time and energy count.
bool take_step(const engine::Waveforms& waves,
               const device::AnalogFigures& figures,
               int bits,
               Subject& subject) {
  accept_answer(waves, "transient", subject.model);
  const double lsb = subject.block.full_scale / std::ldexp(1.0, bits);
  const StepResponse response = read_step(waves, subject.block.outputs, figures, kDelay, lsb / 2);
  if (response.has_settled) keep_slower(response, subject.model);
  return response.has_settled;
}

/// Runs `steps`; what has not settled within the duration is returned.
std::vector<Step> run_steps(const std::vector<Step>& steps,
                            std::vector<Subject>& subjects,
                            const device::AnalogFigures& figures,
                            engine::Engine& engine,
                            const Options& options) {
  std::vector<netlist::Deck> decks;
  for (const Step& step : steps) {
    decks.push_back(step_deck(subjects[step.subject].block, figures, step.is_up, options.duration));
  }
  const std::vector<engine::Waveforms> answers = engine.run_all(decks);
  std::vector<Step> unsettled;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const bool has_settled =
        take_step(answers[k], figures, options.bits, subjects[steps[k].subject]);
    if (!has_settled) unsettled.push_back(steps[k]);
  }
  return unsettled;
}

void run_static(std::vector<Subject>& subjects,
                const device::AnalogFigures& figures,
                engine::Engine& engine) {
  std::vector<StaticRun> runs;
  for (Subject& subject : subjects) {
    runs.push_back({&subject.block, &subject.inputs, &subject.model});
  }
  const auto answers = run_static_benches(runs, "static curve", figures, engine);
  for (std::size_t k = 0; k < subjects.size(); ++k) {
    Subject& subject = subjects[k];
    read_static(subject.block, figures, subject.inputs, answers[k], subject.model);
  }
}

void run_transients(std::vector<Subject>& subjects,
                    const device::AnalogFigures& figures,
                    engine::Engine& engine,
                    Options options) {
  std::vector<Step> steps;
  for (std::size_t k = 0; k < subjects.size(); ++k) {
    steps.push_back({k, true});
    steps.push_back({k, false});
  }
  for (int run = 0; run <= kLongerRuns && !steps.empty(); ++run) {
    steps = run_steps(steps, subjects, figures, engine, options);
    options.duration *= 4;
  }
  if (steps.empty()) return;
  throw RunError({.place = subjects[steps.front().subject].model.name,
                  .value = {},
                  .rule = "has not settled within " + to_text(options.duration / 4) + " s",
                  .remedy = "raise the duration, or leave the circuit out"});
}

}  // namespace

void Options::validate() const {
  const auto reject = [](const char* key, const std::string& value, const char* rule) {
    throw InputError({.place = std::string("periphery.") + key,
                      .value = value,
                      .rule = rule,
                      .remedy = "choose another value"});
  };
  if (points < 3 || points > 2000) reject("points", std::to_string(points), "must be 3 to 2000");
  if (!(duration > 0 && duration <= 1.0)) {
    reject("duration", to_text(duration), "must be above 0 s and at most 1 s");
  }
  if (bits < 1 || bits > 16) reject("bits", std::to_string(bits), "must be 1 to 16");
}

std::vector<PeripheryModel> characterize(std::span<const synthesis::BlockRequest> requests,
                                         const device::AnalogFigures& figures,
                                         engine::Engine& engine,
                                         const Options& options) {
  options.validate();
  std::vector<Subject> subjects;
  for (const synthesis::BlockRequest& request : requests) {
    subjects.push_back(prepare(request, figures, options));
  }
  run_static(subjects, figures, engine);
  run_transients(subjects, figures, engine, options);
  std::vector<PeripheryModel> models;
  for (Subject& subject : subjects) {
    subject.model.engine_version = engine.version();
    models.push_back(std::move(subject.model));
  }
  return models;
}

}  // namespace memspice::periphery
