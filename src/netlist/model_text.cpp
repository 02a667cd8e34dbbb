#include "netlist/model_text.hpp"

#include <algorithm>
#include <array>

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/visible_text.hpp"
#include "circuit/name.hpp"
#include "netlist/braces.hpp"
#include "netlist/foreign_spelling.hpp"
#include "netlist/function_growth.hpp"
#include "netlist/function_text.hpp"
#include "netlist/line.hpp"
#include "netlist/model_lines.hpp"

namespace memspice::netlist {
namespace {

constexpr std::string_view kElements = "rclbefghvidqmjswx";
constexpr std::string_view kAllowedText =
    "allowed are .subckt .ends .model .param .func .ic and the elements R C L B E F G H V I D Q M "
    "J S W X";

/// Model types of ngspice's own devices; code models (which may read files) are not among them.
bool is_model_type(std::string_view type) {
  constexpr std::array<std::string_view, 15> kTypes = {"r",
                                                       "c",
                                                       "l",
                                                       "sw",
                                                       "csw",
                                                       "d",
                                                       "npn",
                                                       "pnp",
                                                       "njf",
                                                       "pjf",
                                                       "nmf",
                                                       "pmf",
                                                       "nmos",
                                                       "pmos",
                                                       "vdmos"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

/// Commands of ngspice whose first letter is an element's. In a deck they would be elements, yet
/// whoever writes one means no element.
bool is_command(std::string_view word) {
  constexpr std::array<std::string_view, 17> kCommands = {"shell",
                                                          "source",
                                                          "codemodel",
                                                          "osdi",
                                                          "load",
                                                          "quit",
                                                          "write",
                                                          "wrdata",
                                                          "echo",
                                                          "cd",
                                                          "set",
                                                          "run",
                                                          "save",
                                                          "let",
                                                          "exit",
                                                          "system",
                                                          "reset"};
  return std::find(kCommands.begin(), kCommands.end(), word) != kCommands.end();
}

bool is_node(std::string_view word) {
  return !word.empty() && word.size() <= circuit::kMaxNameLength &&
         std::all_of(word.begin(), word.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

/// Reads the logical lines one after another.
class DefinitionReader {
 public:
  DefinitionReader(std::vector<ModelLine> lines, std::string_view place)
      : lines_(std::move(lines)), place_(place) {}

  circuit::Definition read() {
    if (lines_.empty()) {
      refuse_model(place_, 0, "", "holds no model", "write one .subckt or one .model");
    }
    for (const ModelLine& line : lines_) check_files(line);
    require_bounded_functions(lines_, place_);
    const std::string& card = lines_.front().words.front();
    if (card == ".model") {
      read_model(lines_.front());
      definition_.name = lines_.front().words[1];
      if (lines_.size() > 1) refuse(lines_[1], "follows the one .model", "keep one model a file");
    } else if (card == ".subckt") {
      read_subcircuit();
    } else {
      refuse(lines_.front(),
             "must stand inside a .subckt; " + std::string(kAllowedText),
             "begin with .subckt or .model");
    }
    for (const ModelLine& line : lines_) definition_.text += render(line);
    return std::move(definition_);
  }

 private:
  void read_subcircuit() {
    read_header(lines_.front());
    std::size_t at = 1;
    while (at < lines_.size() && lines_[at].words.front() != ".ends") read_inner(lines_[at++]);
    if (at == lines_.size()) {
      refuse(lines_.front(), "has no .ends", "close the .subckt with .ends");
    }
    const std::vector<std::string>& ends = lines_[at].words;
    if (ends.size() > 2 || (ends.size() == 2 && ends[1] != definition_.name)) {
      refuse(lines_[at], "does not end " + definition_.name, "write .ends " + definition_.name);
    }
    if (at + 1 < lines_.size()) {
      refuse(lines_[at + 1], "follows the .ends", "keep one .subckt a file and nothing beside it");
    }
    if (at == 1) refuse(lines_.front(), "holds no element", "give the subcircuit its elements");
  }

  /// `.subckt name port... [params:] [name=value...]`
  void read_header(const ModelLine& line) {
    if (line.words.size() < 2) refuse(line, "has no name", "write .subckt name port port");
    definition_.name = checked_name(line, line.words[1]);
    std::size_t k = 2;
    for (; k < line.words.size() && is_port(line.words[k]); ++k) add_port(line, line.words[k]);
    if (definition_.ports.empty()) refuse(line, "has no port", "write .subckt name port port");
    if (k < line.words.size() && line.words[k] == "params:") ++k;
    for (; k < line.words.size(); ++k) check_assignment(line, line.words[k]);
  }

  static bool is_port(const std::string& word) {
    return word != "params:" && word.find('=') == std::string::npos;
  }

  void add_port(const ModelLine& line, const std::string& word) {
    const auto& ports = definition_.ports;
    const bool is_taken = std::find(ports.begin(), ports.end(), word) != ports.end();
    if (is_taken || !is_node(word) || word == "0" || word == "gnd") {
      refuse_model(place_, line.number, word, "is no port: taken, ground or no name", "rename it");
    }
    definition_.ports.push_back(word);
  }

  void read_inner(const ModelLine& line) {
    const std::string& first = line.words.front();
    if (first == ".model") return read_model(line);
    if (first == ".param" || first == ".func") return read_assignments(line);
    if (first == ".ic") return read_initial_voltages(line);
    if (first == ".subckt") refuse(line, "is nested in another .subckt", "write it flat");
    if (kElements.find(first.front()) == std::string_view::npos || !is_node(first) ||
        is_command(first)) {
      refuse(line, "is not allowed in a model; " + std::string(kAllowedText), "remove this line");
    }
    const std::size_t least = first.front() == 'x' ? 3 : 4;
    if (line.words.size() < least) {
      refuse(line, "is too short for an element", "write its name, nodes and value");
    }
    if (first.front() == 'x' && instantiates(line) == definition_.name) {
      refuse(line, "instantiates the subcircuit that it stands in", "name another one");
    }
    // The two nodes that every element of this list begins with; X alone may have one.
    for (std::size_t k = 1; k + 1 < least; ++k) {
      if (!is_node(line.words[k]))
        refuse(line,
               "has no node \"" + line.words[k] + "\"",
               "name the nodes with letters, digits and _");
    }
  }

  /// The subcircuit that an X element names: its last word that is no parameter.
  static std::string instantiates(const ModelLine& line) {
    std::string name;
    for (const std::string& word : line.words) {
      if (word == "params:" || word.find('=') != std::string::npos) break;
      name = word;
    }
    return name;
  }

  /// `.model name type [parameters]`
  void read_model(const ModelLine& line) {
    if (line.words.size() < 3) refuse(line, "has no name or type", "write .model name type (...)");
    checked_name(line, line.words[1]);
    const std::string type = line.words[2].substr(0, line.words[2].find('('));
    if (is_model_type(type)) return;
    refuse_model(place_,
                 line.number,
                 type,
                 "is no model type that is allowed",
                 "use r c l sw csw d npn pnp njf pjf nmf pmf nmos pmos vdmos");
  }

  /// `.param name=value ...` or `.func name(arguments) {expression}`
  void read_assignments(const ModelLine& line) {
    if (line.words.size() < 2) refuse(line, "defines nothing", "write a name and its value");
    if (line.words.front() == ".func") return check_function(line);
    for (std::size_t k = 1; k < line.words.size(); ++k) check_assignment(line, line.words[k]);
  }

  void check_function(const ModelLine& line) const {
    if (!split_function(line.words)) {
      refuse(line, "is no function", "write .func name(a,b) {body}");
    }
  }

  /// `.ic v(node)=value ...`
  void read_initial_voltages(const ModelLine& line) const {
    for (std::size_t k = 1; k < line.words.size(); ++k) {
      const std::string& word = line.words[k];
      const std::size_t close = word.find(")=");
      const bool is_whole = word.starts_with("v(") && close != std::string::npos &&
                            close + 2 < word.size() && is_node(word.substr(2, close - 2));
      if (!is_whole) refuse_model(place_, line.number, word, "is no v(node)=value", "write it so");
    }
    if (line.words.size() < 2) refuse(line, "states nothing", "write .ic v(node)=value");
  }

  void check_assignment(const ModelLine& line, const std::string& word) const {
    const std::size_t equals = word.find('=');
    if (equals != std::string::npos && equals + 1 < word.size() &&
        circuit::is_legal_name(word.substr(0, equals))) {
      return;
    }
    refuse_model(
        place_, line.number, word, "is no name=value", "write each parameter as name=value");
  }

  /// No word of a device names a file; those of sources and code models that read files do.
  void check_files(const ModelLine& line) const {
    for (const std::string& word : line.words) {
      if (word.find("file") == std::string::npos) continue;
      refuse_model(place_, line.number, word, "a model reads no files", "rename or remove it");
    }
  }

  std::string checked_name(const ModelLine& line, const std::string& word) const {
    return circuit::checked_name(word, std::string(place_) + ":" + std::to_string(line.number));
  }

  [[noreturn]] void refuse(const ModelLine& line,
                           const std::string& rule,
                           const std::string& remedy) const {
    refuse_model(place_, line.number, line.words.front(), rule, remedy);
  }

  static std::string render(const ModelLine& line) {
    const std::vector<std::string> words = with_sound_braces(line.words);
    Line out(words.front());
    for (std::size_t k = 1; k < words.size(); ++k) out.add(words[k]);
    return out.str();
  }

  std::vector<ModelLine> lines_;
  std::string_view place_;
  circuit::Definition definition_;
};

}  // namespace

circuit::Definition read_definition(std::string_view text, std::string_view place) {
  if (text.size() > kMaxModelText) {
    refuse_model(place,
                 0,
                 "",
                 "is longer than " + std::to_string(kMaxModelText) + " bytes",
                 "a device model is a few lines; check the file");
  }
  return DefinitionReader(
             in_own_words(read_model_lines(without_byte_order_mark(text), place), place), place)
      .read();
}

circuit::Definition read_definition_file(const std::string& path) {
  return read_definition(read_file(path, kMaxModelText), path);
}

}  // namespace memspice::netlist
