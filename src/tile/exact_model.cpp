#include "tile/exact_model.hpp"

#include <map>
#include <vector>

namespace memspice::tile {
namespace {

/// The columns of V that differ, and which of them each column is.
struct DistinctVectors {
  Eigen::MatrixXd V;                ///< word lines x distinct vectors [V]
  std::vector<Eigen::Index> place;  ///< of each column among them
};

DistinctVectors distinct_vectors(const Eigen::Ref<const FloatMatrix>& V) {
  DistinctVectors found;
  std::map<std::vector<float>, Eigen::Index> places;
  std::vector<float> column(static_cast<std::size_t>(V.rows()));
  std::vector<Eigen::Index> firsts;
  for (Eigen::Index k = 0; k < V.cols(); ++k) {
    for (Eigen::Index i = 0; i < V.rows(); ++i) column[static_cast<std::size_t>(i)] = V(i, k);
    const auto next = static_cast<Eigen::Index>(firsts.size());
    const auto [place, is_new] = places.emplace(column, next);
    if (is_new) firsts.push_back(k);
    found.place.push_back(place->second);
  }
  found.V.resize(V.rows(), static_cast<Eigen::Index>(firsts.size()));
  for (Eigen::Index k = 0; k < found.V.cols(); ++k) {
    found.V.col(k) = V.col(firsts[static_cast<std::size_t>(k)]).cast<double>();
  }
  return found;
}

class Exact final : public Model {
 public:
  Exact(const Array& array, const Eigen::MatrixXd& G)
      : array_(array), memristors_(array.memristors(G)) {}

  void respond(const Eigen::Ref<const FloatMatrix>& V, FloatMatrix& D) const override {
    const DistinctVectors vectors = distinct_vectors(V);
    const FloatMatrix answers = array_.outputs(array_.solve(memristors_, vectors.V)).cast<float>();
    D.resize(answers.rows(), V.cols());
    for (Eigen::Index k = 0; k < V.cols(); ++k) {
      D.col(k) = answers.col(vectors.place[static_cast<std::size_t>(k)]);
    }
  }

 private:
  Array array_;
  Eigen::MatrixXd memristors_;  ///< as they lie in the array [S]
};

}  // namespace

std::unique_ptr<Model> make_exact(const Array& array, const Eigen::MatrixXd& G) {
  return std::make_unique<Exact>(array, G);
}

Eigen::MatrixXd answer_exact(const Array& array,
                             const Eigen::MatrixXd& G,
                             const Eigen::MatrixXd& V) {
  return array.outputs(array.solve(array.memristors(G), V));
}

}  // namespace memspice::tile
