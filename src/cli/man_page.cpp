#include <algorithm>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/keys_text.hpp"
#include "cli/program_pages.hpp"

namespace memspice::cli {
namespace {

using config::KeyDeclaration;

/// Text that groff takes as it is: no escape, no request at the start of a line.
std::string plain(const std::string& text) {
  std::string result;
  bool starts_line = true;
  for (const char c : text) {
    if (starts_line && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
    starts_line = c == '\n';
  }
  return result;
}

std::string section(const std::string& title) {
  return ".SH " + title + '\n';
}

/// A term in bold and, on the lines below, what it means.
std::string entry(const std::string& term, const std::string& value, const std::string& text) {
  std::string line = ".TP\n\\fB" + plain(term) + "\\fR";
  if (!value.empty()) line += " \\fI" + plain(value) + "\\fR";
  return line + '\n' + plain(text) + '\n';
}

std::string verbatim(const std::string& text) {
  return ".PP\n.nf\n" + plain(text) + "\n.fi\n";
}

/// Options that every command has with the same words: told once.
std::vector<Argument> common_options(const Command& program) {
  const auto leaves = leaves_of(program);
  std::vector<Argument> common;
  for (const Argument& option : leaves.front()->all_arguments()) {
    const bool everywhere = std::ranges::all_of(leaves, [&](const Command* command) {
      return std::ranges::any_of(command->all_arguments(), [&](const Argument& other) {
        return other.name == option.name && other.text == option.text;
      });
    });
    if (everywhere) common.push_back(option);
  }
  return common;
}

std::string options_text(const std::vector<Argument>& options, const std::vector<Argument>& told) {
  std::string text;
  for (const Argument& option : options) {
    if (std::ranges::find(told, option.name, &Argument::name) != told.end()) continue;
    const bool is_positional = option.is_positional();
    text += entry(
        is_positional ? option.value : option.name, is_positional ? "" : option.value, option.text);
  }
  return text;
}

/// Of a command its own options; examples stand with the outermost one.
std::string command_text(const Command& command, const std::vector<Argument>& told) {
  std::string text = ".SS memspice " + command.name + '\n' + plain(command.text) + ".\n";
  if (command.commands.empty()) text += options_text(command.all_arguments(), told);
  if (!command.examples.empty()) text += verbatim(command.examples);
  for (const Command& inner : command.commands) text += command_text(inner, told);
  return text;
}

std::string keys_section(const std::vector<KeyDeclaration>& keys) {
  std::string text = section("FLOW FILES") +
                     "A flow file is TOML. Each key stands here as a flow would set it to its "
                     "default. Quantities are numbers in SI or strings with a unit.\n";
  std::string table = "-";
  for (const KeyDeclaration& key : keys) {
    if (key.table != table) {
      table = key.table;
      text += ".SS " + (table.empty() ? "At the top" : '[' + plain(table) + ']') + '\n';
    }
    text += entry(assignment_of(key), "", accepted_by(key) + ".\n" + key.meaning + '.');
  }
  return text;
}

std::string ending() {
  return section("ENVIRONMENT") +
         entry("MEMSPICE_DATA", "", "Folder of the data, before a flow's data.folder.") +
         entry("MEMSPICE_NGSPICE", "", "The libngspice to load, before a flow's spice.library.") +
         entry("MEMSPICE_SHARE", "", "Where device_models, netlists and flows lie.") +
         entry("MEMSPICE_VECTORS",
               "",
               "Vector instructions to keep to: avx3 (AVX-512), avx2, sse4.") +
         section("EXIT STATUS") + entry("0", "", "Done.") +
         entry("1", "", "The run failed: ngspice did not converge, a disk is full.") +
         entry("2", "", "Usage or input is at fault.") +
         entry("130", "", "Interrupted by Ctrl-C or SIGTERM.");
}

}  // namespace

std::string man_page(const Command& program, const std::vector<KeyDeclaration>& keys) {
  const auto told = common_options(program);
  std::string text =
      ".TH MEMSPICE 1 \"\" \"memspice " + std::string(version()) + "\"\n" + section("NAME") +
      "memspice \\- neural networks on memristor crossbars, calibrated against "
      "SPICE\n" +
      section("SYNOPSIS") + ".B memspice\n\\fICOMMAND\\fR [\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n" +
      section("DESCRIPTION") + plain(program.text) + '\n' + verbatim(program.examples) +
      section("COMMON OPTIONS") + "Every command takes these.\n" + options_text(told, {}) +
      section("COMMANDS");
  for (const Command& command : program.commands) text += command_text(command, told);
  return text + keys_section(keys) + ending();
}

}  // namespace memspice::cli
