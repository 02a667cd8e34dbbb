#pragma once

#include <map>
#include <string>

#include "network/tensor.hpp"

namespace memspice::network {

/// What a user says of a network's file where the file alone leaves it open.
struct ImportOptions {
  /// Of one image, with a batch of 1; empty: as the file declares. Needed where the file has
  /// dynamic axes besides the batch.
  Shape input_shape = {};
  std::string input = {};   ///< name of the input that the data feeds; empty: the only one
  std::string output = {};  ///< name of a tensor of the file; empty: the only output
  std::map<std::string, double> constants = {};  ///< value of each element of other inputs, by name
};

}  // namespace memspice::network
