#pragma once
// flows/networks/operators.md: which ONNX operators are read, and how their own cases fare.

#include <map>
#include <set>
#include <string>

#include "network/digital.hpp"
#include "network/graph.hpp"

namespace memspice::network {

/// Counts cases by the operator that they are about.
class OperatorTable {
 public:
  void add_run(const std::string& name) { ++rows_[name].run; }
  void add_other(const std::string& name, const std::string& because) {
    ++rows_[name].other;
    rows_[name].because.insert(because);
  }
  void add_refused(const std::string& name, const std::string& because) {
    ++rows_[name].refused;
    rows_[name].because.insert(because);
  }

  std::string page() const {
    std::string text =
        "# ONNX operators\n\n"
        "What `memspice` reads, and how ONNX's own cases of it fare (Debian's libonnx-testdata "
        "1.12): "
        "how many \"agree\" of \"all\"\nthat hold nothing but operators of this list. Operators "
        "younger "
        "than those cases have none. What is refused is refused\nwith a message. Functions, "
        "reductions, products of two computed tensors, the gates of recurrent layers and all "
        "that\nonly moves values stay digital: runs tell so, cost leaves them out, and circuits "
        "refuse them by name. The suite\n`network` holds this page to the cases; "
        "`MEMSPICE_BLESS=1 bin/network_test \"[conformance]\"` writes it.\n\n"
        "| operator | agree | all | the others |\n|---|---|---|---|\n";
    for (const std::string& name : supported_operators()) text += row(name);
    return text + row(kSeveral);
  }

  /// Cases of several nodes: functions spelled out, and small networks.
  static constexpr const char* kSeveral = "several together";

 private:
  struct Row {
    int run = 0, other = 0, refused = 0;
    std::set<std::string> because;
  };

  std::string row(const std::string& name) const {
    const auto found = rows_.find(name);
    if (found == rows_.end()) return "| " + name + " | - | - | |\n";
    const Row& row = found->second;
    std::string because;
    for (const std::string& reason : row.because) because += (because.empty() ? "" : "; ") + reason;
    return "| " + name + " | " + std::to_string(row.run) + " | " +
           std::to_string(row.run + row.other + row.refused) + " | " + because + " |\n";
  }

  std::map<std::string, Row> rows_;
};

}  // namespace memspice::network
