#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/solve_command.hpp"

namespace memspice::cli {

std::string format_nodes(const crossbar::Operation& operation) {
  std::string out = "# vector,word_line,bit_line,word_line_voltage_V,bit_line_voltage_V\n";
  for (std::size_t k = 0; k < operation.word_line_voltage.size(); ++k) {
    const Eigen::MatrixXd& word = operation.word_line_voltage[k];
    const Eigen::MatrixXd& bit = operation.bit_line_voltage[k];
    for (Eigen::Index i = 0; i < word.rows(); ++i) {
      for (Eigen::Index j = 0; j < word.cols(); ++j) {
        out += std::to_string(k) + ',' + std::to_string(i) + ',' + std::to_string(j) + ',' +
               to_text(word(i, j)) + ',' + to_text(bit(i, j)) + '\n';
      }
    }
  }
  return out;
}

std::string describe_solve(const SolveTask& task, const SolveAnswer& answer) {
  std::string text = answer.engine + ": " + std::to_string(task.G.rows()) + " x " +
                     std::to_string(task.G.cols()) + " solved in " +
                     format_quantity(answer.seconds, Unit::Second, 3);
  if (answer.iterations > 0) text += ", " + std::to_string(answer.iterations) + " iterations";
  if (answer.residual) text += ", residual " + to_text_rounded(*answer.residual, 2);
  if (answer.certificate) {
    text += ", all output currents together within " +
            format_quantity(answer.certificate->bound, Unit::Ampere, 2) + " (" +
            to_text_rounded(answer.certificate->relative, 2) + " of the largest)";
  }
  return text + '\n';
}

}  // namespace memspice::cli
