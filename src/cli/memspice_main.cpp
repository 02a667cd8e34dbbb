#include "cli/program.hpp"

int main(int argc, char** argv) {
  return memspice::cli::run_program(argc, argv);
}
