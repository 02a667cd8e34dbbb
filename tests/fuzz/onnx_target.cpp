// ONNX files: damaged bytes, and whole files whose fields do not fit each other.

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <limits>

#include "mutate.hpp"
#include "network/graph.hpp"
#include "sample_files.hpp"
#include "target.hpp"

namespace memspice::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// A message and one of its fields that is set.
struct Place {
  Message* message;
  const FieldDescriptor* field;
};

/// All set fields of a message and of those within it.
void collect(Message& message, std::vector<Place>& places) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    places.push_back({&message, field});
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const auto& reflection = *message.GetReflection();
    if (!field->is_repeated()) {
      collect(*reflection.MutableMessage(&message, field), places);
      continue;
    }
    for (int k = 0; k < reflection.FieldSize(message, field); ++k) {
      collect(*reflection.MutableRepeatedMessage(&message, field, k), places);
    }
  }
}

std::int64_t some_integer(RandomStream& random) {
  constexpr std::int64_t values[] = {0,
                                     1,
                                     2,
                                     3,
                                     -1,
                                     -2,
                                     7,
                                     64,
                                     1000,
                                     100'000,
                                     1 << 20,
                                     1LL << 31,
                                     -(1LL << 31),
                                     1LL << 40,
                                     (1LL << 62) + 1,
                                     std::numeric_limits<std::int64_t>::max(),
                                     std::numeric_limits<std::int64_t>::min()};
  return values[random.below(std::size(values))];
}

float some_float(RandomStream& random) {
  constexpr float values[] = {0.0F,
                              -0.0F,
                              1.0F,
                              -1.0F,
                              1e-30F,
                              1e30F,
                              std::numeric_limits<float>::infinity(),
                              std::numeric_limits<float>::quiet_NaN(),
                              std::numeric_limits<float>::max()};
  return values[random.below(std::size(values))];
}

std::string some_text(const std::string& former, RandomStream& random) {
  static const std::vector<std::string> operators = network::supported_operators();
  static const std::vector<std::string> words = {"",
                                                 "x",
                                                 "y",
                                                 "a",
                                                 "b",
                                                 "w1",
                                                 "shape",
                                                 "axis",
                                                 "axes",
                                                 "pads",
                                                 "strides",
                                                 "group",
                                                 "value",
                                                 "kernel_shape",
                                                 "dilations",
                                                 "perm",
                                                 "auto_pad",
                                                 "SAME_UPPER",
                                                 "NOTSET",
                                                 "alpha",
                                                 "transB",
                                                 "\x1b[2J",
                                                 "\xff\xfe",
                                                 "../../etc/passwd",
                                                 "weights.bin",
                                                 "location",
                                                 "offset",
                                                 "qonnx.custom_op.general",
                                                 "com.microsoft",
                                                 std::string(5000, 'n')};
  if (random.chance(0.4)) return pick(operators, random);
  if (random.chance(0.6)) return pick(words, random);
  return mutate_bytes(former, random);
}

void change_single(const Place& place, RandomStream& random) {
  Message& message = *place.message;
  const auto& reflection = *message.GetReflection();
  switch (place.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(
          &message, place.field, static_cast<std::int32_t>(some_integer(random)));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(&message, place.field, some_integer(random));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.SetFloat(&message, place.field, some_float(random));
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(&message, place.field, static_cast<int>(random.below(20)));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(
          &message, place.field, some_text(reflection.GetString(message, place.field), random));
    default:
      return reflection.ClearField(&message, place.field);
  }
}

void change_element(const Place& place, int k, RandomStream& random) {
  Message& message = *place.message;
  const auto& reflection = *message.GetReflection();
  switch (place.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetRepeatedInt64(&message, place.field, k, some_integer(random));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.SetRepeatedFloat(&message, place.field, k, some_float(random));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetRepeatedString(
          &message,
          place.field,
          k,
          some_text(reflection.GetRepeatedString(message, place.field, k), random));
    default:
      return;
  }
}

/// Adds a copy of element `k` at the end.
void repeat_element(const Place& place, int k) {
  Message& message = *place.message;
  const auto& reflection = *message.GetReflection();
  switch (place.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      reflection.AddMessage(&message, place.field);
      reflection
          .MutableRepeatedMessage(
              &message, place.field, reflection.FieldSize(message, place.field) - 1)
          ->CopyFrom(reflection.GetRepeatedMessage(message, place.field, k));
      return;
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.AddInt64(
          &message, place.field, reflection.GetRepeatedInt64(message, place.field, k));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.AddString(
          &message, place.field, reflection.GetRepeatedString(message, place.field, k));
    default:
      return;
  }
}

void change_repeated(const Place& place, RandomStream& random) {
  Message& message = *place.message;
  const auto& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, place.field);
  if (size == 0) return;
  const int k = static_cast<int>(random.below(static_cast<std::uint64_t>(size)));
  switch (random.below(5)) {
    case 0:
      return reflection.RemoveLast(&message, place.field);
    case 1:
      return reflection.SwapElements(&message, place.field, k, size - 1);
    case 2:
      return repeat_element(place, k);
    case 3:
      return reflection.ClearField(&message, place.field);
    default:
      return change_element(place, k, random);
  }
}

/// One field of a whole file gets another value; bytes that are no model are left alone.
std::string change_field(std::string input, RandomStream& random) {
  onnx::ModelProto model;
  if (!model.ParseFromString(input)) return mutate_bytes(std::move(input), random);
  std::vector<Place> places;
  collect(model, places);
  if (places.empty()) return input;
  const Place place = places[random.below(places.size())];
  if (place.field->is_repeated()) {
    change_repeated(place, random);
  } else {
    change_single(place, random);
  }
  return model.SerializeAsString();
}

/// A network that is small enough to be run on an image.
bool is_small(const network::Graph& graph) {
  double elements = static_cast<double>(network::element_count(graph.input_shape()));
  for (int k = 0; k < graph.layer_count(); ++k) {
    elements += static_cast<double>(network::element_count(graph.shape_of({k})));
  }
  return elements < 1e5;
}

void run(const std::filesystem::path& file) {
  const network::Graph graph = network::load_onnx(file);
  if (!is_small(graph)) return;
  network::Tensor image;
  image.shape = graph.input_shape();
  image.data.assign(static_cast<std::size_t>(network::element_count(image.shape)), 0.5F);
  network::run_graph(graph, image);
}

}  // namespace

Target onnx_target() {
  return {.name = "onnx",
          .file = "net.onnx",
          .seeds = sample_networks(),
          .tokens = network::supported_operators(),
          .own_mutator = change_field,
          .prepare =
              [](const std::filesystem::path& folder) {
                write_quickly(folder / kWeightFile, std::string(64, '\x3c'));
              },
          .run = run};
}

}  // namespace memspice::fuzz
