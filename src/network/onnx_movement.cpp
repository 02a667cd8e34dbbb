#include "network/onnx_movement.hpp"

#include <algorithm>
#include <numeric>

namespace memspice::network {
namespace {

Constant places_of(const Shape& shape) {
  std::vector<std::int64_t> places(static_cast<std::size_t>(element_count(shape)));
  std::iota(places.begin(), places.end(), 0);
  return {shape, std::move(places)};
}

/// The values of `x` at `places`.
Constant take_values(const Constant& x, const Constant& places, float fill) {
  const auto& from = std::get<1>(places.values);
  const auto take = [&](const auto& values) {
    std::decay_t<decltype(values)> taken;
    using Value = typename std::decay_t<decltype(values)>::value_type;
    taken.reserve(from.size());
    for (const auto k : from) {
      taken.push_back(k < 0 ? static_cast<Value>(fill) : values[static_cast<std::size_t>(k)]);
    }
    return Constant{places.shape, std::move(taken)};
  };
  return std::visit(take, x.values);
}

bool stays(const Constant& places) {
  const auto& from = std::get<1>(places.values);
  for (std::size_t k = 0; k < from.size(); ++k) {
    if (from[k] != static_cast<std::int64_t>(k)) return false;
  }
  return true;
}

Places all_places(std::int64_t length, int before, int behind) {
  Places places(static_cast<std::size_t>(before), -1);
  for (std::int64_t k = 0; k < length; ++k) places.push_back(k);
  places.insert(places.end(), static_cast<std::size_t>(behind), -1);
  return places;
}

}  // namespace

void emit_moved(OnnxNode& node, const Move& move, float fill) {
  const Shape from = node.shape(0);
  node.require_room(element_count(from));
  Constant places = move(places_of(from));
  if (node.is_constant(0)) return node.emit(take_values(node.constant(0), places, fill));
  if (places.count() == 0) {
    node.reject(to_text(from) + " to " + to_text(places.shape), "a tensor without elements");
  }
  if (places.shape.empty() || places.shape[0] != 1) {
    node.reject(to_text(from) + " to " + to_text(places.shape),
                "mixes the images of a batch",
                "export the network with a batch of 1");
  }
  const bool keeps_count = places.count() == element_count(from);
  if (keeps_count && places.shape == from && stays(places)) return node.forward(0);
  const auto& values = std::get<1>(places.values);
  node.emit(Selection{places.shape, {values.begin(), values.end()}, fill});
}

Constant take_places(const Constant& x, const std::vector<Places>& places) {
  const std::size_t rank = x.shape.size();
  Shape shape = x.shape;
  std::vector<std::int64_t> strides(rank, 1);
  for (std::size_t k = 0; k < rank; ++k) {
    if (!places[k].empty()) shape[k] = static_cast<std::int64_t>(places[k].size());
    strides[k] = stride_of(x.shape, k);
  }
  const auto& from = std::get<1>(x.values);
  std::vector<std::int64_t> taken(static_cast<std::size_t>(element_count(shape)));
  for (std::size_t k = 0; k < taken.size(); ++k) {
    auto rest = static_cast<std::int64_t>(k);
    std::int64_t place = 0;
    for (std::size_t axis = rank; axis-- > 0; rest /= shape[axis]) {
      const auto i = rest % shape[axis];
      const auto at = places[axis].empty() ? i : places[axis][static_cast<std::size_t>(i)];
      if (at < 0) place = -1;
      if (place >= 0) place += at * strides[axis];
    }
    taken[k] = place < 0 ? -1 : from[static_cast<std::size_t>(place)];
  }
  return {std::move(shape), std::move(taken)};
}

std::int64_t padded_count(const Shape& shape, const std::array<int, 4>& padding) {
  Shape padded = shape;
  padded.back() += padding[1] + padding[3];
  if (shape.size() == 4) padded[2] += padding[0] + padding[2];
  return element_count(padded);
}

Selection pad_with_zeros(const Shape& shape, const std::array<int, 4>& padding) {
  std::vector<Places> places(shape.size());
  const std::size_t last = shape.size() - 1;
  places[last] = all_places(shape[last], padding[1], padding[3]);
  if (shape.size() == 4) places[2] = all_places(shape[2], padding[0], padding[2]);
  return select_places(shape, places);
}

Selection select_places(const Shape& shape, const std::vector<Places>& places) {
  const Constant taken = take_places(places_of(shape), places);
  const auto& from = std::get<1>(taken.values);
  return {taken.shape, {from.begin(), from.end()}, 0.0F};
}

}  // namespace memspice::network
