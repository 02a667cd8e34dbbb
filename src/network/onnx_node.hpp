#pragma once
// One node of an ONNX graph as its reader sees it: operands, attributes, and where results go.

#include <array>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "network/onnx_state.hpp"

namespace onnx {
class AttributeProto;
class GraphProto;
class NodeProto;
}  // namespace onnx

namespace memspice::network {

class OnnxNode {
 public:
  OnnxNode(const onnx::NodeProto& node, ImportState& state);

  const std::string& place() const noexcept { return place_; }
  const std::string& operator_name() const;
  std::int64_t opset() const noexcept { return state_.opset; }
  std::int64_t batch() const noexcept { return state_.batch; }
  [[noreturn]] void reject(const std::string& value,
                           const std::string& rule,
                           const std::string& remedy = "export the network another way") const;

  // ---- operands
  int input_count() const;
  bool has_input(int k) const;                      ///< present and not left empty
  bool is_constant(int k) const;                    ///< an operand that is present and constant
  const Constant& constant(int k) const;            ///< rejects an operand that is computed
  std::vector<std::int64_t> integers(int k) const;  ///< a constant of integers
  float scalar(int k) const;                        ///< a constant of one value
  int source(int k);                                ///< the layer of an operand; rejects a constant
  const Shape& shape(int k);                        ///< of an operand; of a batch of 1 if computed

  /// The integers that operand k is in the file; null where it holds the values themselves. The
  /// reader that asks takes over; others but those that only move values reject such an operand.
  std::shared_ptr<const Quantization> codes(int k);
  /// Whether operand k is the network's input, and the file's has no axis for the batch.
  bool lacks_batch(int k) const;

  /// Zeros that a Pad node puts around operand 0: top, left, bottom, right. The reader that asks
  /// takes over; for any other a layer puts them there.
  std::array<int, 4> take_padding();
  void leave_padding() { takes_padding_ = false; }

  /// Reads the node as if each computed tensor had an axis for the images in front of the file's
  /// own (Value::is_whole), which shape() and axes then count. Rejects a file exported for a batch.
  void take_whole();
  bool is_whole() const noexcept { return is_whole_; }
  bool has_whole_operand() const;
  /// `axis` of the file among shape()'s; those counted from the end are the same.
  std::int64_t axis_of(std::int64_t axis) const noexcept { return axis + (is_whole_ && axis >= 0); }
  std::vector<std::int64_t> axes_of(std::vector<std::int64_t> axes) const;

  bool is_class(int k) const;  ///< an operand that is the number of a class

  // ---- attributes; each is of the stated type or rejected
  bool has_attribute(const char* name);
  std::int64_t integer(const char* name, std::int64_t otherwise);
  float number(const char* name, float otherwise);
  std::string text(const char* name, const std::string& otherwise);
  std::vector<std::int64_t> integer_list(const char* name);  ///< empty when absent
  std::vector<float> number_list(const char* name);
  const onnx::AttributeProto* attribute(const char* name);
  void ignore_attribute(const char* name) { read_.insert(name); }
  void reject_unread_attributes() const;

  // ---- memory
  /// Rejects a constant of `count` elements that the file's size does not warrant; call it before
  /// one is made that is larger than its operands.
  void require_room(std::int64_t count) const;

  // ---- results: exactly one of these for each output that is computed
  int output_count() const;
  bool has_output(int k) const;
  bool is_needed(int k) const;           ///< an output that the network's is computed from
  void write_to(int k) { output_ = k; }  ///< where the next result goes; 0 before
  int emit(Operation operation);         ///< fed by operand 0
  /// Fed by these layers; `suffix`: of the name of a layer that only serves the node's own.
  int emit(Operation operation, std::vector<int> inputs, const char* suffix = "");
  void emit(Constant constant);
  void forward(int k);                                  ///< the output is operand k
  void forward_values(int k);                           ///< ... and no integers any more
  void forward_padded(const std::array<int, 4>& more);  ///< operand 0 with zeros around it
  void become(const onnx::GraphProto& branch);          ///< its nodes are read in this node's place
  void forward_as_class();  ///< the class of operand 0's largest score, for the network's end
  void mark_codes(std::shared_ptr<const Quantization> codes);  ///< of the output just emitted
  void mark_padding(const std::array<int, 4>& zeros);          ///< around the output just emitted

 private:
  const Value& value(int k) const;
  void require_no_class(int k) const;
  void settle(int k);
  void settle_padding(int k);
  void settle_form(int k);
  bool passes_codes() const;
  void require_no_codes(int k) const;
  std::shared_ptr<const Quantization> passed_codes() const;
  void take_room(std::int64_t bytes);
  void bind(Value value);

  const onnx::NodeProto& node_;
  ImportState& state_;
  std::string place_;
  std::set<std::string> read_;  ///< attributes that the reader has looked at
  bool takes_padding_ = false;
  int output_ = 0;
  bool takes_codes_ = false;
  bool is_whole_ = false;
};

}  // namespace memspice::network
