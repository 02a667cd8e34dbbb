#pragma once
// Boost 1.74's uBLAS calls std::allocator::construct, which C++20 removed; Boost.Odeint's
// Rosenbrock stepper is written on uBLAS vectors. Their storage is replaced here by a fixed array,
// which a memristor's single state fits in and which needs no allocation. Include before
// Boost.Odeint.

#include <boost/numeric/ublas/storage.hpp>
#include <cstddef>
#include <memory>

namespace boost::numeric::ublas {

template <>
class unbounded_array<double, std::allocator<double>> : public bounded_array<double, 4> {
 public:
  using bounded_array<double, 4>::bounded_array;
};

template <>
class unbounded_array<std::size_t, std::allocator<std::size_t>>
    : public bounded_array<std::size_t, 4> {
 public:
  using bounded_array<std::size_t, 4>::bounded_array;
};

}  // namespace boost::numeric::ublas
