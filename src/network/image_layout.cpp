#include "network/image_layout.hpp"

#include <algorithm>

#include "network/apply.hpp"

namespace memspice::network {
namespace {

/// An image's axes that are longer than 1.
Shape long_axes_of(const Shape& shape) {
  Shape found(shape.begin() + 1, shape.end());
  std::erase(found, 1);
  return found;
}

/// Is an image of shape `found` one of shape `input` with its axes turned by one place?
bool is_turned(const Shape& found, const Shape& input, const std::vector<int>& axes) {
  Shape turned;
  for (const int axis : axes) turned.push_back(input[static_cast<std::size_t>(axis)]);
  return long_axes_of(turned) == long_axes_of(found);
}

void turn(const std::vector<int>& axes, const Shape& wanted, Tensor& images) {
  Shape before;
  Transposition back{std::vector<int>(axes.size())};
  for (std::size_t k = 0; k < axes.size(); ++k) {
    before.push_back(wanted[static_cast<std::size_t>(axes[k])]);
    back.axes[static_cast<std::size_t>(axes[k])] = static_cast<int>(k);
  }
  images.shape = before;
  images = apply(back, images, wanted);
}

}  // namespace

void fit_images(const Shape& input_shape, Tensor& images) {
  Shape wanted = input_shape;
  wanted.front() = images.shape.front();
  if (element_count(wanted) != images.size() || images.shape == wanted) return;
  const Shape found = long_axes_of(images.shape);
  // A row of values is an image row by row; with several channels there are two ways to write one.
  const bool is_row = found.size() == 1 && long_axes_of(wanted).size() == 2;
  if (wanted.size() == 2 || is_row || found == long_axes_of(wanted)) {
    images.shape = wanted;
    return;
  }
  if (wanted.size() < 3) return;
  std::vector<int> axes(wanted.size());
  for (std::size_t k = 0; k < axes.size(); ++k) axes[k] = static_cast<int>(k);
  for (const std::ptrdiff_t first : {std::ptrdiff_t{1}, std::ssize(axes) - 2}) {
    std::vector<int> turned = axes;  // channels last, then channels first
    std::rotate(turned.begin() + 1, turned.begin() + 1 + first, turned.end());
    if (is_turned(images.shape, wanted, turned)) return turn(turned, wanted, images);
  }
}

}  // namespace memspice::network
