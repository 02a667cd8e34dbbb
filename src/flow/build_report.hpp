#pragma once

#include <optional>

#include "flow/plan.hpp"
#include "flow/tile_answers.hpp"
#include "report/run_report.hpp"
#include "study/network_periphery.hpp"

namespace memspice::flow {

/// What a run's report is made of, its studies' parts excepted.
struct RunFacts {
  const OpenedRun* run = nullptr;
  const study::Bench* bench = nullptr;
  const TileAnswers* answers = nullptr;
  const std::optional<study::NetworkPeriphery>& periphery;  ///< measured, where it was asked for
};
/// Fills what the studies left open in `report`, its times excepted.
void complete_report(const RunFacts& facts, report::RunReport& report);

/// What shaped a run's results, by name, with units.
std::map<std::string, std::string> settings_of(const mapping::Options& mapping,
                                               const mapping::ConverterOptions& converters,
                                               const device::ConductanceWindow& window,
                                               const tile::Array& array);

/// "resnet20", or "resnet20: half pruned" for a variant.
std::string title_of(const std::string& flow, const std::string& variant);

/// "t10k-images-idx3-ubyte.gz"; of numbered pairs the folder: "em-membrane/image".
std::string name_of(const network::DatasetOptions& data);

}  // namespace memspice::flow
