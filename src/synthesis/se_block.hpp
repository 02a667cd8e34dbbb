#pragma once
// Squeeze-and-excitation: z_c = mean u_c, s = sigmoid(W2 relu(W1 z + b1) + b2), out_c = s_c x_c.
//
//   u[c,i,j] --/\/\--+--|averaging summer|-- -z_c --|array W1|--|ReLU|--|array W2|--|sigmoid|-- s_c
//   (held)     R     |       R/(H W)                  pairs                pairs             |
//                   ...                                                                      |
//   x_c (one pixel after the other) --------------------------------------------|multiplier|-+
//                                                                                    |
//                                                                                   out_c
//
// One multiplier per channel, as METHODS section 6 has it: the whole plane u is held at the
// summers, while the pixels to be scaled pass the multipliers one after the other. A stimulus of
// the block is the held planes and one pixel of every channel.
// Source: Hu, Shen, Sun, Squeeze-and-excitation networks, CVPR 2018.

#include "synthesis/weight_array.hpp"

namespace memspice::synthesis {

struct SeSpec {
  std::string name = "se_block";
  Plane plane{8, 6, 6};
  Eigen::MatrixXd W1;                                 ///< (C/r) x C
  Eigen::MatrixXd W2;                                 ///< C x (C/r)
  Eigen::VectorXd b1, b2;                             ///< C/r and C values; empty: none
  Realisation realisation = Realisation::Transistor;  ///< of neurons and multipliers
  WeightArrayOptions array{.signed_inputs = false};   ///< of both arrays; u is within 0 .. signal
  /// Throws InputError naming the block.
  void validate() const;
};

/// Inputs: the planes u (C H W), then a pixel x_c of each channel (C). Outputs: s_c x_c (C).
/// Throws InputError for shapes that do not fit, and when the arrays' gain would leave less than
/// 20 mV for an argument of 1 at the sigmoid.
AnalogBlock build_se_block(const SeSpec& spec, const device::AnalogFigures& figures);

/// The block's stimuli for one plane u [V]: (C H W + C) x (H W), pixel after pixel.
Eigen::MatrixXd se_slots(const Plane& plane, const Eigen::VectorXd& u);

/// Random weights as after training with normal initialisation: N(0, 2/C) and N(0, 2 r/C).
SeSpec random_se_spec(const Plane& plane, int reduction, std::uint64_t seed);

}  // namespace memspice::synthesis
