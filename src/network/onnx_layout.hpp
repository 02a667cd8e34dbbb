#pragma once
// The pass that carries transpositions along as views of the layers' outputs (onnx_layout.cpp).

#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "network/onnx_draft.hpp"
#include "network/onnx_view.hpp"

namespace memspice::network {

class LayoutPass {
 public:
  /// `input_axes`: what the file's input is of the network's, as in AxisView.
  LayoutPass(const Draft& old, const std::vector<int>& input_axes);
  Draft run();

 private:
  using View = AxisView;

  const View& view_of(int layer) const;
  const View& first(const DraftLayer& layer) const { return view_of(layer.inputs[0]); }
  const Shape& raw_shape(const View& view) const { return now_.shape_of(view.layer); }
  const Shape& seen_shape(const DraftLayer& layer, std::size_t k = 0) const;
  /// The axis of the operand's layer behind axis `axis` of its view, if there is one.
  std::optional<int> behind(const DraftLayer& layer, int axis) const;

  // ---- layers of the result
  View emit(const DraftLayer& layer, Operation operation, std::vector<int> inputs);
  View emit_settled(const DraftLayer& layer);  ///< as it is, on operands in the
                                               ///< order of the file
  /// On the operand's own axes; what it gives is seen as the operand was.
  View emit_behind(const DraftLayer& layer, Operation operation);
  int add(const View& view, Operation operation);
  int reshape(const View& view, Shape to);
  int settle(const View& view);  ///< a layer whose output is the view
  int add_settled(const View& view);

  // ---- one operand: what follows through a view; nothing where the operand
  // has to be settled
  View pass(const DraftLayer& layer);
  template <typename Other>
  std::optional<View> follow(const DraftLayer& /*layer*/, const Other& /*op*/) {
    return std::nullopt;
  }
  std::optional<View> follow(const DraftLayer& layer, const Transposition& op);
  std::optional<View> follow(const DraftLayer& layer, const Reshape& op);
  std::optional<View> follow(const DraftLayer& layer, const Function& op);
  std::optional<View> follow(const DraftLayer& layer, const Activation& op);
  std::optional<View> follow(const DraftLayer& layer, const FullyConnected& op);
  std::optional<View> follow(const DraftLayer& layer, const GlobalAverage& op);
  std::optional<View> follow(const DraftLayer& layer, const Reduction& op);
  std::optional<View> follow(const DraftLayer& layer, const Standardization& op);
  std::optional<View> follow(const DraftLayer& layer, const BatchNormalization& op);
  std::optional<View> follow(const DraftLayer& layer, const LocalResponse& op);
  std::optional<View> follow(const DraftLayer& layer, const Quantization& op);
  std::optional<View> follow(const DraftLayer& layer, const Elementwise& op);
  template <typename Joining>
  std::optional<View> follow_reduction(const DraftLayer& layer, Joining op);
  View join_row(const DraftLayer& layer, const Reshape& joined);

  // ---- several operands: they have to be seen alike
  View pass_joined(const DraftLayer& layer);
  std::vector<int> seen_alike(const DraftLayer& layer, const View& target);

  const Draft& old_;
  Draft now_;
  View input_;
  std::vector<View> views_;  ///< of the old layers' outputs
  std::map<std::tuple<int, std::vector<int>, std::vector<std::int32_t>>, int> settled_;
};

}  // namespace memspice::network
