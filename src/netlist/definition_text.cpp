#include "netlist/definition_text.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "netlist/function_text.hpp"
#include "netlist/line.hpp"
#include "netlist/model_lines.hpp"
#include "netlist/model_text.hpp"

namespace memspice::netlist {
namespace {

using Words = std::vector<std::string>;

/// Blank-free words from `first` on as one text.
std::string joined(const Words& words, std::size_t first) {
  std::string text;
  for (std::size_t k = first; k < words.size(); ++k) text += words[k];
  return text;
}

/// "sw(vt=1 vh=0)" -> type "sw" and its assignments.
struct ModelCard {
  std::string name, type;
  std::map<std::string, std::string> values;
};

ModelCard read_card(const ModelLine& line, const std::string& place) {
  std::string text;
  for (std::size_t k = 2; k < line.words.size(); ++k) text += line.words[k] + " ";
  std::replace(text.begin(), text.end(), '(', ' ');
  std::replace(text.begin(), text.end(), ')', ' ');
  ModelCard card{line.words[1], "", {}};
  for (const std::string& word : split(text, ' ')) {
    const std::size_t equals = word.find('=');
    if (word.empty()) continue;
    if (card.type.empty()) {
      card.type = word;
    } else if (equals != std::string::npos) {
      card.values[word.substr(0, equals)] = word.substr(equals + 1);
    } else {
      refuse_model(place, line.number, word, "is no name=value", "write model parameters as such");
    }
  }
  return card;
}

double number_of(const ModelCard& card, const char* key, double otherwise, const std::string& at) {
  const auto value = card.values.find(key);
  if (value == card.values.end()) return otherwise;
  const auto number = parse_double(value->second);
  if (number) return *number;
  refuse_model(at, 0, value->second, "is no plain number", "give the switch plain numbers");
}

SwitchModel switch_of(const ModelCard& card, const std::string& place) {
  return {.threshold = number_of(card, "vt", 0, place),
          .hysteresis = number_of(card, "vh", 0, place),
          .r_on = number_of(card, "ron", 1, place),
          .r_off = number_of(card, "roff", 1e12, place)};
}

std::optional<SwitchModel> switch_in(const std::vector<ModelLine>& lines,
                                     const std::string& name,
                                     const std::string& place) {
  for (const ModelLine& line : lines) {
    if (line.words.size() < 3 || line.words[0] != ".model" || line.words[1] != name) continue;
    const ModelCard card = read_card(line, place);
    if (card.type == "sw") return switch_of(card, place);
  }
  return std::nullopt;
}

class DefinitionSpeller {
 public:
  DefinitionSpeller(const circuit::Definition& definition, const Spelling& spelling)
      : lines_(read_model_lines(read_definition(definition.text, definition.name).text,
                                definition.name)),
        spelling_(spelling),
        place_(definition.name) {}

  std::string text() {
    for (const ModelLine& line : lines_) {
      if (line.words[0] == ".func") read_function(line.words);
    }
    std::string text;
    for (const ModelLine& line : lines_) {
      text += translated(line);
      if (text.size() > kLongestText) {
        refuse_model(place_,
                     line.number,
                     "",
                     "makes a text of more than " + std::to_string(kLongestText) +
                         " bytes with its .func calls written out",
                     "use fewer calls, or export for ngspice");
      }
    }
    return text;
  }

 private:
  bool is_xyce() const { return spelling_.dialect == Dialect::Xyce; }

  std::string quoted(const std::string& expression) const {
    const Term term = inline_calls(parse_term(expression, place_), functions_, place_);
    return spell_quoted(term, spelling_, place_);
  }

  /// `.func name(a,b) {body}`
  void read_function(const Words& words) {
    auto text = split_function(words);
    const std::size_t body = text ? text->body.find('{') : std::string::npos;
    if (body == std::string::npos) {
      refuse_model(place_, 0, joined(words, 1), "is no function", "write .func name(a,b) {body}");
    }
    functions_[text->name] = {std::move(text->arguments),
                              parse_term(text->body.substr(body), place_)};
  }

  std::string translated(const ModelLine& line) const {
    const std::string& first = line.words.front();
    if (first == ".func") return "";
    if (first == ".ends") return first + " " + place_ + "\n";
    if (first == ".model") return model(line);
    if (first == ".subckt" || first.front() == 'x') return with_parameters(line.words);
    switch (first.front()) {
      case 'b':
        return behavioural(line, joined(line.words, 3));
      case 'e':
      case 'g':
        return controlled(line);
      case 's':
        return is_xyce() ? plain(line.words) : hspice_switch(line);
      case 'w':
        if (is_xyce()) break;
        refuse_model(place_, line.number, first, "HSPICE has no such switch", "export for ngspice");
      default:
        break;
    }
    return plain(line.words);
  }

  /// Names and numbers as they are; what stands in braces is an expression.
  std::string word(const std::string& text) const {
    const std::size_t brace = text.find('{');
    if (brace == std::string::npos) return text;
    const std::size_t end = text.rfind('}');
    return text.substr(0, brace) + quoted(text.substr(brace, end - brace + 1)) +
           text.substr(end + 1);
  }

  std::string plain(const Words& words) const {
    Line line(words.front());
    for (std::size_t k = 1; k < words.size(); ++k) line.add(word(words[k]));
    return line.str();
  }

  /// Xyce parts ports from parameters by a word.
  std::string with_parameters(const Words& words) const {
    Line line(words.front());
    bool is_marked = false;
    for (std::size_t k = 1; k < words.size(); ++k) {
      if (words[k] == "params:") continue;
      const bool is_parameter = words[k].find('=') != std::string::npos;
      if (is_parameter && !is_marked && is_xyce()) line.add("params:");
      is_marked = is_marked || is_parameter;
      line.add(word(words[k]));
    }
    return line.str();
  }

  /// `i=expression` or `v=expression` after the two nodes.
  std::string behavioural(const ModelLine& line, const std::string& text) const {
    const std::size_t equals = text.find('=');
    const std::string key = text.substr(0, equals);
    if (equals == std::string::npos || (key != "i" && key != "v")) {
      refuse_model(place_, line.number, text, "is no v= or i=", "write the source that way");
    }
    const bool is_voltage = key == "v";
    const std::string letter = is_xyce() ? "" : (is_voltage ? "e" : "g");
    Line out(letter + line.words[0]);
    out.add(line.words[1]).add(line.words[2]);
    const std::string hspice_key = is_voltage ? "vol=" : "cur=";
    return out.add((is_xyce() ? key + "=" : hspice_key) + quoted(text.substr(equals + 1))).str();
  }

  /// E and G: a gain over two control nodes, or an expression.
  std::string controlled(const ModelLine& line) const {
    const std::string text = joined(line.words, 3);
    const bool is_voltage = line.words[0].front() == 'e';
    for (const char* key : {"value=", "vol=", "cur="}) {
      if (!text.starts_with(key)) continue;
      const std::string expression = quoted(text.substr(std::string_view(key).size()));
      Line out(line.words[0]);
      out.add(line.words[1]).add(line.words[2]);
      const std::string hspice_key = is_voltage ? "vol=" : "cur=";
      return out.add((is_xyce() ? "value=" : hspice_key) + expression).str();
    }
    if (line.words.size() == 6) return plain(line.words);
    refuse_model(place_,
                 line.number,
                 text,
                 "is neither a gain nor an expression",
                 "write E and G with two control nodes and a gain, or with value={...}");
  }

  std::string model(const ModelLine& line) const {
    const ModelCard card = read_card(line, place_);
    if (card.type != "sw" && card.type != "csw") return plain(line.words);
    if (!is_xyce()) return "";  // HSPICE's controlled resistors carry the values themselves
    if (card.type == "csw") {
      refuse_model(place_, line.number, "csw", "is written for ngspice alone", "use a sw model");
    }
    const SwitchModel of = switch_of(card, place_);
    Line out(".model");
    out.add(card.name).add("vswitch(").add("von", of.on_above()).add("voff", of.off_below());
    return out.add("ron", of.r_on).add("roff", of.r_off).add(")").str();
  }

  std::string hspice_switch(const ModelLine& line) const {
    const Words& w = line.words;
    const auto model = w.size() >= 6 ? switch_in(lines_, w[5], place_) : std::nullopt;
    if (!model) {
      refuse_model(place_, line.number, w[0], "names no sw model of this text", "add the .model");
    }
    return Line("g" + w[0])
        .add(w[1])
        .add(w[2])
        .add(hspice_switch_words(*model, w[3] + " " + w[4]))
        .str();
  }

  static constexpr std::size_t kLongestText = std::size_t{1} << 24;
  std::vector<ModelLine> lines_;
  const Spelling& spelling_;
  std::string place_;
  Functions functions_;
};

constexpr double kJumpHalfWidth = 1e-3;  // [V]

}  // namespace

double SwitchModel::off_below() const {
  return threshold - (hysteresis == 0 ? kJumpHalfWidth : std::abs(hysteresis));
}

double SwitchModel::on_above() const {
  return threshold + (hysteresis == 0 ? kJumpHalfWidth : std::abs(hysteresis));
}

std::string spell_definition(const circuit::Definition& definition, const Spelling& spelling) {
  return DefinitionSpeller(definition, spelling).text();
}

SwitchModel find_switch_model(std::span<const circuit::Definition> definitions,
                              const std::string& name,
                              const std::string& place) {
  for (const circuit::Definition& definition : definitions) {
    const auto lines = read_model_lines(definition.text, definition.name);
    if (const auto model = switch_in(lines, name, place)) return *model;
  }
  throw InputError({.place = place,
                    .value = name,
                    .rule = "is no sw model that this dialect can say",
                    .remedy = "give the switch a .model of type sw with plain numbers"});
}

std::string hspice_switch_words(const SwitchModel& model, const std::string& control) {
  return "vcr pwl(1) " + control + " " + to_text(model.off_below()) + "," + to_text(model.r_off) +
         " " + to_text(model.on_above()) + "," + to_text(model.r_on);
}

}  // namespace memspice::netlist
