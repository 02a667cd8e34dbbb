// What [converters] made of each layer's converters.

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/numbers.hpp"
#include "study/converters.hpp"
#include "study/study_list.hpp"

namespace memspice::study {
namespace {

using Json = nlohmann::ordered_json;

std::string lsb(double value) {
  return report::fixed(value, value < 0.1 ? 3 : 2);
}

std::vector<std::string> row_of(const std::string& layer,
                                const std::string& kind,
                                const ConverterErrors& errors) {
  return {layer,
          kind,
          report::with_thousands(errors.count),
          lsb(errors.inl),
          lsb(errors.dnl),
          report::with_thousands(errors.missing),
          lsb(errors.offset),
          report::error_percent(errors.gain_error)};
}

Json json_of(const ConverterErrors& errors) {
  return {{"count", errors.count},
          {"max_inl_lsb", errors.inl},
          {"max_dnl_lsb", errors.dnl},
          {"missing_codes", errors.missing},
          {"rms_offset_lsb", errors.offset},
          {"rms_gain_error", errors.gain_error}};
}

class ConvertersStudy final : public Study {
 public:
  void run(const Bench& bench, report::RunReport& report) const override {
    if (!bench.converters) return;
    const DrawnConverters& drawn = *bench.converters;
    report::Table table{{"layer", "kind", "count", "INL", "DNL", "missing", "offset", "gain error"},
                        {}};
    Json layers = Json::array();
    for (std::size_t l = 0; l < drawn.layers.size(); ++l) {
      const std::string& name = bench.mapped->plan.layers[l].name;
      Json layer{{"layer", name}};
      if (drawn.adcs[l].count > 0) table.rows.push_back(row_of(name, "ADC", drawn.adcs[l]));
      if (drawn.dacs[l].count > 0) table.rows.push_back(row_of(name, "DAC", drawn.dacs[l]));
      layer["adc"] = json_of(drawn.adcs[l]);
      layer["dac"] = json_of(drawn.dacs[l]);
      layers.push_back(std::move(layer));
    }
    report.sections.push_back(
        {.title = "Converters that are not ideal",
         .lead = "Largest INL and DNL, codes that no input gives, and the root mean square of "
                 "offsets and gain errors over a layer's converters, in LSB; outputs that share an "
                 "ADC: " +
                 std::to_string(drawn.outputs_per_adc) + ". Ladders with mismatch are " +
                 (drawn.ladders == Ladders::Ngspice ? "measured in ngspice." : "solved.") +
                 " What they cost stands in the ladder of accuracies.",
         .tables = {{.table = std::move(table), .text_columns = 2}},
         .key = "converters",
         .json = report::share(Json{{"ladders", std::string(to_text(drawn.ladders))},
                                    {"outputs_per_adc", drawn.outputs_per_adc},
                                    {"layers", std::move(layers)}})});
  }
};

/// "mismatch 0.01, offset 1 LSB"; empty: nothing.
std::string text_of(const ConverterSpread& spread, double noise) {
  std::vector<std::string> words;
  const auto add = [&](const char* name, double value, const char* unit) {
    if (value > 0.0) words.push_back(std::string(name) + ' ' + to_text_rounded(value, 4) + unit);
  };
  add("mismatch", spread.mismatch, "");
  add("offset", spread.offset, " LSB");
  add("gain error", spread.gain_error, "");
  add("noise", noise, " LSB");
  return join(words, ", ");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> describe(const ConverterErrorOptions& options) {
  std::vector<std::pair<std::string, std::string>> described;
  if (options.of_adcs()) {
    described.emplace_back("ADC errors", text_of(options.adc, options.adc_noise));
  }
  if (options.of_dacs()) described.emplace_back("DAC errors", text_of(options.dac, 0.0));
  return described;
}

std::unique_ptr<const Study> make_converters_study() {
  return std::make_unique<ConvertersStudy>();
}

}  // namespace memspice::study
