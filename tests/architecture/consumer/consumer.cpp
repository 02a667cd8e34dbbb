// What a user of the installed library writes: one cell of 50 uS behind a driver of 10 kOhm.
#include <crossbar/crossbar.hpp>
#include <iostream>

static_assert(__cplusplus >= 202002L, "the targets ask for C++20");
// A matrix that the library aligns and its user does not would be a crash.
static_assert(EIGEN_MAX_ALIGN_BYTES == 64, "the targets carry Eigen's alignment");

int main() {
  const Eigen::MatrixXd G = Eigen::MatrixXd::Constant(1, 1, 50e-6);
  const auto response = memspice::crossbar::solve_response(G, {.driver = 10e3});
  std::cout << response.G_eff(0, 0) << " S\n";
}
