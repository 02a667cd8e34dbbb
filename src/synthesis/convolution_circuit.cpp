#include "synthesis/convolution_circuit.hpp"

namespace memspice::synthesis {

LayerCircuit build_unrolled_convolution(const std::string& name,
                                        const network::Convolution& layer,
                                        const Plane& in,
                                        const WeightArrayOptions& options,
                                        const device::AnalogFigures& figures) {
  return build_layer_circuit(name, unrolled(layer, in, name), options, figures);
}

LayerCircuit build_sliding_convolution(const std::string& name,
                                       const network::Convolution& layer,
                                       const WeightArrayOptions& options,
                                       const device::AnalogFigures& figures) {
  return build_layer_circuit(name, at_one_window(layer), options, figures);
}

Eigen::MatrixXd window_slots(const network::Convolution& layer,
                             const Plane& in,
                             const Eigen::VectorXd& x) {
  const Plane out = output_plane(layer, in, "window_slots");
  const network::Window& w = layer.window;
  const int taps = w.kernel[0] * w.kernel[1];
  Eigen::MatrixXd slots = Eigen::MatrixXd::Zero(in.channels * taps, out.height * out.width);
  for (Eigen::Index slot = 0; slot < slots.cols(); ++slot) {
    const int p = static_cast<int>(slot) / out.width;
    const int q = static_cast<int>(slot) % out.width;
    for (Eigen::Index row = 0; row < slots.rows(); ++row) {
      const int channel = static_cast<int>(row) / taps;
      const int tap = static_cast<int>(row) % taps;
      const int i = p * w.stride[0] + tap / w.kernel[1] * w.dilation[0] - w.padding[0];
      const int j = q * w.stride[1] + tap % w.kernel[1] * w.dilation[1] - w.padding[1];
      if (i < 0 || i >= in.height || j < 0 || j >= in.width) continue;
      slots(row, slot) = x[(channel * in.height + i) * in.width + j];
    }
  }
  return slots;
}

Eigen::VectorXd plane_of_slots(const Eigen::MatrixXd& slots) {
  const Eigen::MatrixXd by_channel = slots.transpose();  // P Q x D: column-major is D x P x Q
  return by_channel.reshaped();
}

LayerCircuit build_fully_connected(const std::string& name,
                                   const network::FullyConnected& layer,
                                   const WeightArrayOptions& options,
                                   const device::AnalogFigures& figures) {
  return build_layer_circuit(name, unrolled(layer), options, figures);
}

}  // namespace memspice::synthesis
