#include "study/study_list.hpp"

namespace memspice::study {

Studies make_studies(const StudyOptions& options) {
  Studies studies;
  studies.push_back(make_against_spice_study());
  studies.push_back(make_classes_study());
  studies.push_back(make_converters_study());
  studies.push_back(make_verify_study(options.verify));
  studies.push_back(make_variability_study(options.variability));
  studies.push_back(make_programming_study(options.programming, options.programming_in_spice));
  studies.push_back(make_bitstream_study(options.bitstream));
  studies.push_back(make_spectral_study(options.spectral));
  studies.push_back(make_periphery_study(options.periphery));
  studies.push_back(make_segmentation_study(options.training, options.test));
  studies.push_back(make_kernel_first_study());
  studies.push_back(make_sequence_work_study(options.sequences));
  studies.push_back(make_tile_maps_study());
  return studies;
}

Studies make_unscored_studies(const StudyOptions& options) {
  Studies studies;
  studies.push_back(make_kernel_first_study());
  studies.push_back(make_sequence_work_study(options.sequences));
  return studies;
}

}  // namespace memspice::study
