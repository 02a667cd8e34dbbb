#include "crossbar/join.hpp"

namespace memspice::crossbar {

Join join_sides(const std::array<int, 4>& first, const std::array<int, 4>& second, bool stacked) {
  Join join;
  join.stacked = stacked;
  const Side shared = stacked ? BottomSide : RightSide;
  const Side facing = stacked ? TopSide : LeftSide;
  join.n_shared = first[shared];
  join.size[facing] = first[facing];
  join.size[shared] = second[shared];
  for (const Side side :
       stacked ? std::array{LeftSide, RightSide} : std::array{TopSide, BottomSide}) {
    join.size[side] = first[side] + second[side];
    join.second_offset[side] = first[side];
  }
  return join;
}

}  // namespace memspice::crossbar
