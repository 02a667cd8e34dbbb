// Element types of weights, and the forms that constants and inputs have in files.

#include <bit>
#include <catch2/catch.hpp>

#include "network/model_builder.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

/// The network's output for `x`, here a product of 1 x 4 with a 4 x 1 weight.
float product(const Model& model, const std::vector<float>& x) {
  return run_graph(model.load(), Tensor({1, std::ssize(x)}, x)).data.at(0);
}

const std::vector<float> kOnes(4, 1.0F);

Model product_model() {
  Model model({1, 4});
  model.node("MatMul", {"x", "w"});
  return model;
}

onnx::TensorProto& stored(Model& model, int type, const std::string& raw) {
  auto& weight = *model.graph().add_initializer();
  weight.set_name("w");
  weight.set_data_type(type);
  weight.add_dims(4);
  weight.add_dims(1);
  weight.set_raw_data(raw);
  return weight;
}

template <typename Stored>
std::string raw_of(const std::vector<Stored>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Stored)};
}

}  // namespace

TEST_CASE("weights of half precision are widened", "[onnx][elements]") {
  // 1.5 = 0x3FC0 as bfloat16 (the upper half of its float) and 0x3E00 as float16.
  using Proto = onnx::TensorProto;
  for (const auto& [type, bits] : {std::pair<int, std::uint16_t>{Proto::BFLOAT16, 0x3FC0},
                                   std::pair<int, std::uint16_t>{Proto::FLOAT16, 0x3E00}}) {
    Model raw = product_model();
    stored(raw, type, raw_of(std::vector<std::uint16_t>(4, bits)));
    CHECK(product(raw, kOnes) == 6.0F);
    Model typed = product_model();
    auto& weight = stored(typed, type, "");
    weight.clear_raw_data();
    for (int k = 0; k < 4; ++k) weight.add_int32_data(bits);
    CHECK(product(typed, kOnes) == 6.0F);
  }
}

TEST_CASE("weights of double precision and of integers are read", "[onnx][elements]") {
  using Proto = onnx::TensorProto;
  const auto sum = [](int type, const std::string& raw) {
    Model model = product_model();
    stored(model, type, raw);
    return product(model, {1.0F, 10.0F, 100.0F, 1000.0F});
  };
  CHECK(sum(Proto::DOUBLE, raw_of<double>({1, 2, 3, 4})) == 4321.0F);
  CHECK(sum(Proto::INT8, raw_of<std::int8_t>({-1, 2, -3, 4})) == 3719.0F);
  CHECK(sum(Proto::UINT8, raw_of<std::uint8_t>({0, 255, 0, 0})) == 2550.0F);
  CHECK(sum(Proto::INT16, raw_of<std::int16_t>({-300, 0, 0, 0})) == -300.0F);
  CHECK(sum(Proto::UINT16, raw_of<std::uint16_t>({65535, 0, 0, 0})) == 65535.0F);
  CHECK(sum(Proto::INT32, raw_of<std::int32_t>({-70000, 0, 0, 0})) == -70000.0F);
  CHECK(sum(Proto::UINT32, raw_of<std::uint32_t>({70000, 0, 0, 0})) == 70000.0F);
  CHECK(sum(Proto::UINT64, raw_of<std::uint64_t>({5, 0, 0, 0})) == 5.0F);
}

TEST_CASE("integers of 4 and 2 bits are packed from the lowest bits on", "[onnx][elements]") {
  // Codes 21, 22 and 26 of the specification; 4 bits: -1, 2, -3, 4; 2 bits: 1, -1, -2, 0.
  const auto sum = [](int type, const std::string& raw) {
    Model model = product_model();
    stored(model, type, raw);
    return product(model, {1.0F, 10.0F, 100.0F, 1000.0F});
  };
  CHECK(sum(22, std::string("\x2F\x4D", 2)) == 3719.0F);
  CHECK(sum(21, std::string("\x2F\x4D", 2)) == 15.0F + 20.0F + 1300.0F + 4000.0F);
  CHECK(sum(26, std::string("\x2D", 1)) == 1.0F - 10.0F - 200.0F);
  Model longer = product_model();
  stored(longer, 22, std::string(3, '\0'));
  CHECK_THROWS_WITH(longer.load(), Contains("the data does not fill the shape"));
}

TEST_CASE("an element type that is not read is named with those that are", "[onnx][elements]") {
  Model model = product_model();
  stored(model, 17, std::string(4, '\0'));  // float8e4m3fn
  CHECK_THROWS_WITH(model.load(),
                    Contains("\"w\"") && Contains("element type 17") && Contains("bfloat16"));
}

TEST_CASE("constants may stand in nodes, in every form", "[onnx][elements]") {
  const auto shift = [](const auto& set) {
    Model model({1, 2});
    auto& attribute = *model.node("Constant", {}, "c").add_attribute();
    set(attribute);
    model.node("Add", {"x", "c"});
    return run_graph(model.load(), Tensor({1, 2}, {10.0F, 20.0F})).data;
  };
  using Attribute = onnx::AttributeProto;
  using Values = std::vector<float>;
  CHECK(shift([](Attribute& a) {
          a.set_name("value_float");
          a.set_type(Attribute::FLOAT);
          a.set_f(0.5F);
        }) == Values{10.5F, 20.5F});
  CHECK(shift([](Attribute& a) {
          a.set_name("value_floats");
          a.set_type(Attribute::FLOATS);
          a.add_floats(1.0F);
          a.add_floats(2.0F);
        }) == Values{11.0F, 22.0F});
  CHECK(shift([](Attribute& a) {
          a.set_name("value_int");
          a.set_type(Attribute::INT);
          a.set_i(-3);
        }) == Values{7.0F, 17.0F});
  CHECK(shift([](Attribute& a) {
          a.set_name("value_ints");
          a.set_type(Attribute::INTS);
          a.add_ints(1);
          a.add_ints(2);
        }) == Values{11.0F, 22.0F});
  CHECK(shift([](Attribute& a) {
          a.set_name("sparse_value");
          a.set_type(Attribute::SPARSE_TENSOR);
          auto& sparse = *a.mutable_sparse_tensor();
          sparse.add_dims(2);
          sparse.mutable_values()->set_data_type(onnx::TensorProto::FLOAT);
          sparse.mutable_values()->add_dims(1);
          sparse.mutable_values()->add_float_data(4.0F);
          sparse.mutable_indices()->set_data_type(onnx::TensorProto::INT64);
          sparse.mutable_indices()->add_dims(1);
          sparse.mutable_indices()->add_int64_data(1);
        }) == Values{10.0F, 24.0F});
}

TEST_CASE("sparse weights are filled with zeros", "[onnx][elements]") {
  const auto sparse_model = [](const std::vector<std::int64_t>& indices, bool by_axis) {
    Model model = product_model();
    auto& sparse = *model.graph().add_sparse_initializer();
    sparse.add_dims(4);
    sparse.add_dims(1);
    auto& values = *sparse.mutable_values();
    values.set_name("w");
    values.set_data_type(onnx::TensorProto::FLOAT);
    values.add_dims(2);
    values.add_float_data(2.0F);
    values.add_float_data(3.0F);
    auto& stored = *sparse.mutable_indices();
    stored.set_data_type(onnx::TensorProto::INT64);
    stored.add_dims(2);
    if (by_axis) stored.add_dims(2);
    for (const auto index : indices) stored.add_int64_data(index);
    return model;
  };
  const std::vector<float> digits{1.0F, 10.0F, 100.0F, 1000.0F};
  CHECK(product(sparse_model({1, 3}, false), digits) == 3020.0F);
  CHECK(product(sparse_model({1, 0, 3, 0}, true), digits) == 3020.0F);
  CHECK_THROWS_WITH(sparse_model({1, 4}, false).load(), Contains("lies outside 4x1"));
  CHECK_THROWS_WITH(sparse_model({1, 0, 0, 1}, true).load(), Contains("lies outside 4x1"));
  CHECK_THROWS_WITH(sparse_model({-1, 0}, false).load(), Contains("lies outside"));
  Model large = sparse_model({1, 3}, false);
  large.graph().mutable_sparse_initializer(0)->set_dims(1, 1 << 25);
  CHECK_THROWS_WITH(large.load(), Contains("sparse weight \"w\"") && Contains("memory"));
}

TEST_CASE("weights may be listed as inputs, as in files before IR 4", "[onnx][elements]") {
  Model model({1, 4});
  model.proto().set_ir_version(3);
  model.declare_input("w", {4, 1});
  model.weight("w", {4, 1}, {1.0F, 2.0F, 3.0F, 4.0F});
  model.node("MatMul", {"x", "w"});
  CHECK(product(model, kOnes) == 10.0F);
}

TEST_CASE("Cast takes constants to every type", "[onnx][elements]") {
  const auto cast = [](const std::vector<float>& values, int to) {
    Model model({1, std::ssize(values)});
    model.weight("w", {std::ssize(values)}, values);
    set_integer(model.node("Cast", {"w"}, "c"), "to", to);
    model.node("Add", {"x", "c"});
    return run_graph(model.load(), Tensor({1, std::ssize(values)})).data;
  };
  using Proto = onnx::TensorProto;
  using Values = std::vector<float>;
  CHECK(cast({-1.5F, 2.7F}, Proto::INT8) == Values{-1.0F, 2.0F});
  CHECK(cast({0.0F, 0.5F}, Proto::BOOL) == Values{0.0F, 1.0F});
  CHECK(cast({0.25F, -0.25F}, Proto::FLOAT16) == Values{0.25F, -0.25F});
  CHECK_THROWS_WITH(cast({300.0F, 0.0F}, Proto::UINT8), Contains("fits uint8"));
  CHECK_THROWS_WITH(cast({0.0F, 0.0F}, Proto::STRING), Contains("to 8"));
}

TEST_CASE("files of IR versions before 3 mean opset 1", "[onnx][elements]") {
  Model model({1, 2});
  model.proto().clear_opset_import();
  model.node("Relu", {"x"});
  CHECK_THROWS_WITH(model.load(), Contains("opset 0"));
  model.proto().set_ir_version(1);
  CHECK(run_graph(model.load(), Tensor({1, 2}, {-1.0F, 2.0F})).data ==
        std::vector<float>{0.0F, 2.0F});
}
