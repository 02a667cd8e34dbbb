#include "tile/layer_tiles.hpp"

namespace memspice::tile {
namespace {

class BehaviouralTiles : public LayerTiles {
 public:
  explicit BehaviouralTiles(Models models) : models_(std::move(models)) {}

  void respond(std::span<const Request> requests, std::span<FloatMatrix> D) const override {
    for (std::size_t k = 0; k < requests.size(); ++k) {
      models_[requests[k].block][requests[k].tile]->respond(requests[k].V, D[k]);
    }
  }
  /// The voltages of one call stay in the second-level cache.
  std::size_t preferred_floats() const noexcept override { return 96 * 1024; }

 private:
  Models models_;
};

}  // namespace

std::unique_ptr<LayerTiles> make_behavioural_tiles(Models models) {
  return std::make_unique<BehaviouralTiles>(std::move(models));
}

}  // namespace memspice::tile
