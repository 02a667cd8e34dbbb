#pragma once

namespace memspice::study {

/// Which of the scored images are drawn.
enum class Draw {
  Evenly,    ///< all alike
  ByMargin,  ///< half of them from the tenth whose two best scores are closest: labels turn there
};

/// [verify]: images that are run wholly in ngspice.
struct VerifyOptions {
  int images = 0;  ///< 0: none
  Draw draw = Draw::Evenly;
};

}  // namespace memspice::study
