#pragma once
// Cells that carry a state along a sequence. x is what an ordinary product with a bias gives of
// each step's input; the product of weight R with the state is the recurrence's own. Gates and
// state are digital. Notation and order of the gates are ONNX's (operators RNN, GRU, LSTM):
//
//   Plain  h' = f(x + s)                                                  s = R h + b
//   Gru    z, r = f(x_z + s_z), f(x_r + s_r);  n = g(x_n + r s_n)         Cho et al. 2014
//          h' = (1 - z) n + z h;  reset before: s_n = R_n (r h) + b_n, r no factor then
//   Lstm   i, o, f = f(x + s + p c);  c' = f c + i g(x_c + s_c);  h' = o h(c')
//          Hochreiter and Schmidhuber 1997, Gers et al. 2000; p: peepholes, o's of c'

#include <array>
#include <functional>
#include <span>

#include "network/activation.hpp"
#include "network/digital.hpp"
#include "network/tensor.hpp"

namespace memspice::network {

/// What a gate applies to each value: a line of the table of functions, or an activation.
struct GateFunction {
  Activation activation;
  Function function = {};  ///< without an entry: the activation counts
};

/// Input N x ... x steps x (gates n), output N x ... x steps x n: the state behind each step.
/// Further operands, each N x ... x n: the first state and the first cell, where `takes_` says so.
struct Recurrence {
  enum class Cell { Plain, Gru, Lstm };
  Cell cell = Cell::Plain;
  Tensor weight;                               ///< R: (gates n) x n
  Tensor bias = {};                            ///< b: gates n, or empty
  std::array<GateFunction, 3> functions = {};  ///< f, g, h
  Tensor first_state = {}, first_cell = {};    ///< rows of an image x n; empty: zeros
  bool takes_state = false, takes_cell = false;
  bool is_reverse = false;             ///< the last step comes first
  bool resets_before_product = false;  ///< Gru: two products a step
  bool couples_gates = false;          ///< Lstm: f = 1 - i
  bool gives_cell = false;             ///< Lstm: the output is h and behind it c, 2 n values
  float clip = 0.0F;                   ///< bound of what functions are applied to; 0: none
  Tensor peepholes = {};               ///< Lstm, of i, o and f: 3 n, or empty

  std::int64_t size() const { return weight.shape[1]; }  ///< n
  std::int64_t gates() const { return weight.shape[0] / size(); }
  int products_per_step() const { return resets_before_product ? 2 : 1; }
};

/// R h + b of states (rows x n), rows x (gates n). `product`: its number within an image's, from 0.
using StateProduct = std::function<Tensor(const Tensor& states, std::int64_t product)>;

/// The reference.
Tensor multiply_states(const Recurrence& recurrence, const Tensor& states);

/// The output for inputs in operand order, with `product` in the place of multiply_states.
Tensor run_recurrence(const Recurrence& recurrence,
                      std::span<const Tensor* const> inputs,
                      const StateProduct& product);

/// All states that the products see: N x (products of an image) x rows of an image x n.
Tensor states_of(const Recurrence& recurrence, std::span<const Tensor* const> inputs);

}  // namespace memspice::network
