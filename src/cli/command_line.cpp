#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"

namespace memspice::cli {
namespace {

/// A command beside the parser's view of it.
struct Named {
  const CLI::App* parser;
  const Command* command;
};

template <typename Value>
CLI::Option* add_value(CLI::App& parser, const Argument& argument, Value& value) {
  CLI::Option* option = parser.add_option(argument.name, value, argument.text);
  // --help shows a positional argument's name already.
  option->type_name(argument.value == argument.name ? "" : argument.value);
  if constexpr (std::is_same_v<Value, std::vector<std::string>>) {
    option->allow_extra_args(argument.is_positional());
  }
  if constexpr (std::is_same_v<Value, std::string> || std::is_same_v<Value, int>) {
    option->capture_default_str();
  }
  return option;
}

void declare(CLI::App& parser, const Argument& argument) {
  const auto add = [&](auto* value) {
    if constexpr (std::is_same_v<decltype(value), bool*>) {
      return parser.add_flag(argument.name, *value, argument.text);
    } else {
      return add_value(parser, argument, *value);
    }
  };
  CLI::Option* option = std::visit(add, argument.target);
  option->required(argument.need == Need::Required);
  for (const std::string& other : argument.excludes) option->excludes(parser.get_option(other));
}

void declare(CLI::App& parser, const Command& command) {
  // Before the commands within, which take it over.
  if (!command.examples.empty()) parser.footer(command.examples);
  for (const Argument& argument : command.arguments) declare(parser, argument);
  for (const Command& inner : command.commands) {
    declare(*parser.add_subcommand(inner.last_name(), inner.text), inner);
  }
  if (!command.commands.empty()) parser.require_subcommand(1);
}

/// The program and the commands within it that were named, outermost first.
std::vector<Named> named_commands(const CLI::App& parser, const Command& program) {
  std::vector<Named> named{{&parser, &program}};
  const CLI::App* outer = &parser;
  while (!outer->get_subcommands().empty()) {
    outer = outer->get_subcommands().front();
    const auto& inner = named.back().command->commands;
    named.push_back({outer, &*std::ranges::find(inner, outer->get_name(), &Command::last_name)});
  }
  return named;
}

std::string full_name(const Command& command, const Command& program) {
  return &command == &program ? program.name : program.name + ' ' + command.name;
}

/// All that may stand where an unknown word stood.
std::vector<std::string> known_words(const Command& command) {
  std::vector<std::string> words;
  for (const Argument& argument : command.all_arguments()) {
    if (!argument.is_positional()) words.push_back(argument.name);
  }
  for (const Command& inner : command.commands) words.push_back(inner.last_name());
  return words;
}

[[noreturn]] void reject_unknown(const std::string& place,
                                 const Command& command,
                                 const std::string& word) {
  const auto match = closest_match(word.substr(0, word.find('=')), known_words(command));
  const std::string what = word.starts_with('-') ? "unknown option" : "unexpected argument";
  reject(place,
         what + ' ' + in_quotes(word),
         {},
         match ? "did you mean " + in_quotes(*match) + '?' : "see " + place + " --help");
}

[[noreturn]] void reject_usage(const CLI::App& parser,
                               const Command& program,
                               const std::string& fault) {
  const std::vector<Named> named = named_commands(parser, program);
  for (auto at = named.rbegin(); at != named.rend(); ++at) {
    const auto unknown = at->parser->remaining();
    const std::string place = full_name(*at->command, program);
    if (!unknown.empty()) reject_unknown(place, *at->command, unknown.front());
  }
  const std::string place = full_name(*named.back().command, program);
  reject(place, {}, fault, "see " + place + " --help");
}

}  // namespace

bool Argument::takes_path() const {
  for (const char* word : {"FILE", "FOLDER", "DIR", "PATH", "FLOW"}) {
    if (value.find(word) != std::string::npos) return true;
  }
  return value.find('.') != std::string::npos && value.find('=') == std::string::npos;
}

void Command::add(const std::vector<Argument>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
}

std::vector<Argument> Command::all_arguments() const {
  std::vector<Argument> all{{"--help", "", {}, "Print this help message and exit"}};
  if (!version.empty()) {
    all.push_back({"--version", "", {}, "Display program version information and exit"});
  }
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

std::string Command::last_name() const {
  return name.substr(name.rfind(' ') + 1);
}

Action parse_command_line(const Command& program, int argc, const char* const* argv) {
  CLI::App parser(program.text, program.name);
  parser.set_version_flag("--version", program.version);
  declare(parser, program);
  try {
    parser.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return [text = parser.help()] { print(text); };
  } catch (const CLI::CallForVersion&) {
    return [text = program.version + '\n'] { print(text); };
  } catch (const CLI::ParseError& error) {
    reject_usage(parser, program, error.what());
  }
  return named_commands(parser, program).back().command->run;
}

}  // namespace memspice::cli
