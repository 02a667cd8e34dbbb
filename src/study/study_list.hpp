#pragma once
// Every study there is. Another one is a class, its factory here, and a line in study_list.cpp.

#include <optional>

#include "network/dataset.hpp"
#include "study/bitstream.hpp"
#include "study/kernel_first.hpp"
#include "study/network_periphery.hpp"
#include "study/programming.hpp"
#include "study/sequence_work.hpp"
#include "study/spectral.hpp"
#include "study/study.hpp"
#include "study/variability.hpp"
#include "study/verify.hpp"

namespace memspice::study {

/// Layers that the last pass runs in ngspice, against the behavioural fidelities on the same
/// inputs.
/// Accuracy class by class, and what is taken for what.
std::unique_ptr<const Study> make_classes_study();
/// Cells of the worst tile of each layer as pictures.
std::unique_ptr<const Study> make_tile_maps_study();
std::unique_ptr<const Study> make_against_spice_study();

/// How far the converters of each layer are off ideal ones; nothing where they are not.
std::unique_ptr<const Study> make_converters_study();

/// Dice of every pass, and the grey threshold to compare with, chosen on all training slices;
/// nothing where images have one label each.
std::unique_ptr<const Study> make_segmentation_study(network::DatasetOptions training,
                                                     network::DatasetOptions test);

/// What every study is asked for.
struct StudyOptions {
  VariabilityOptions variability;
  ProgrammingOptions programming;
  std::optional<WritingEngine> programming_in_spice = {};  ///< where [programming] is compared
  VerifyOptions verify;
  BitstreamOptions bitstream;
  SpectralStudyOptions spectral;
  SequenceWorkOptions sequences = {};
  const NetworkPeriphery* periphery = nullptr;  ///< characterized; null: none is asked for
  network::DatasetOptions training, test;
};
Studies make_studies(const StudyOptions& options);
/// Those that need no image scored.
Studies make_unscored_studies(const StudyOptions& options);

}  // namespace memspice::study
