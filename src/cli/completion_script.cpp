#include <algorithm>
#include <array>

#include "base/names.hpp"
#include "base/text.hpp"
#include "cli/program_pages.hpp"

namespace memspice::cli {
namespace {

using config::KeyDeclaration;

/// Each character of `special` behind a backslash.
std::string escaped(const std::string& text, const std::string& special) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string::npos) result += '\\';
    result += c;
  }
  return result;
}

/// In single quotes for bash and zsh.
std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + '\'';
}

/// "array.wire= array.driver= ...": what --set takes. Names of the user's choice are no words.
std::string key_words(const std::vector<KeyDeclaration>& keys) {
  std::vector<std::string> words;
  for (const KeyDeclaration& key : keys) {
    const bool is_own = key.table == "variant" || key.table.ends_with("NAME") || key.key == "LAYER";
    if (!is_own) words.push_back(key.full_name() + '=');
  }
  return join(words, " ");
}

std::string table_words(const std::vector<KeyDeclaration>& keys) {
  std::vector<std::string> words;
  for (const KeyDeclaration& key : keys) {
    const bool is_new = std::ranges::find(words, key.table) == words.end();
    if (!key.table.empty() && is_new) words.push_back(key.table);
  }
  return join(words, " ");
}

/// Its subcommands and the names of its options.
std::string words_of(const Command& command) {
  std::vector<std::string> words;
  for (const Command& inner : command.commands) {
    words.push_back(inner.name.substr(inner.name.rfind(' ') + 1));
  }
  for (const Argument& option : command.all_arguments()) {
    if (!option.is_positional()) words.push_back(option.name);
  }
  return join(words, " ");
}

bool has_positional(const Command& command, const std::string& name) {
  return std::ranges::find(command.arguments, name, &Argument::name) != command.arguments.end();
}

std::vector<const Command*> all_commands(const Command& program) {
  std::vector<const Command*> all;
  for (const Command& command : program.commands) {
    all.push_back(&command);
    for (const Command& inner : command.commands) all.push_back(&inner);
  }
  return all;
}

/// Options whose value is no path and no key: nothing completes them.
std::string bare_values(const Command& program) {
  std::vector<std::string> names;
  for (const Command* command : leaves_of(program)) {
    for (const Argument& option : command->all_arguments()) {
      const bool is_bare = !option.is_positional() && !option.value.empty() &&
                           !option.takes_path() && option.name != "--set";
      if (is_bare && std::ranges::find(names, option.name) == names.end()) {
        names.push_back(option.name);
      }
    }
  }
  return join(names, " | ");
}

std::string bash_script(const Command& program, const std::vector<KeyDeclaration>& keys) {
  std::vector<std::string> paths;
  std::string cases;
  for (const Command* command : all_commands(program)) {
    paths.push_back("'" + (command->name.find(' ') == std::string::npos ? " " : std::string()) +
                    command->name + "'");
    std::string words = words_of(*command);
    if (has_positional(*command, "TABLE")) words += ' ' + table_words(keys);
    cases += "    '" + command->name + "') words='" + words + "' ;;\n";
  }
  return "# bash completion of memspice: memspice completion bash > "
         "~/.local/share/bash-completion/completions/memspice\n"
         "_memspice() {\n"
         "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
         "  local command='' words='' k\n"
         "  for ((k = 1; k < COMP_CWORD; ++k)); do\n"
         "    case \"$command ${COMP_WORDS[k]}\" in\n"
         "      " +
         join(paths, " | ") +
         ")\n"
         "        command=\"${command:+$command }${COMP_WORDS[k]}\" ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$previous\" in\n"
         "    --set)\n"
         "      compopt -o nospace\n"
         "      COMPREPLY=($(compgen -W '" +
         key_words(keys) +
         "' -- \"$current\"))\n"
         "      return ;;\n"
         "    " +
         bare_values(program) +
         ") return ;;\n"
         "  esac\n"
         "  case \"$command\" in\n"
         "    '') words='" +
         words_of(program) + "' ;;\n" + cases +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "  [[ $command == '' || $current == -* ]] ||\n"
         "    COMPREPLY+=($(compgen -f -- \"$current\"))\n"
         "}\n"
         "complete -o filenames -F _memspice memspice\n";
}

/// "'--out[Results folder]:DIR:_files'".
std::string zsh_option(const Argument& option, const std::string& tables) {
  const std::string value = escaped(option.value, ":");
  const std::string text = escaped(option.text, "[]:");
  if (option.is_positional()) {
    const std::string action = option.name == "TABLE" ? '(' + tables + ')' : "_files";
    return shell_quoted("*:" + value + ':' + action);
  }
  if (option.value.empty()) return shell_quoted(option.name + '[' + text + ']');
  const std::string action = option.name == "--set" ? "_memspice_keys"
                             : option.takes_path()  ? "_files"
                                                    : " ";
  const std::string many = option.name == "--set" ? "*" : "";
  return shell_quoted(many + option.name + '[' + text + "]:" + value + ':' + action);
}

std::string zsh_commands(const Command& command, const std::string& indent) {
  std::string text = indent + "local -a commands=(";
  for (const Command& inner : command.commands) {
    const std::string name = inner.name.substr(inner.name.rfind(' ') + 1);
    text += '\n' + indent + "  " + shell_quoted(name + ':' + escaped(inner.text, ":"));
  }
  return text + ")\n" + indent + "_describe command commands\n";
}

std::string zsh_script(const Command& program, const std::vector<KeyDeclaration>& keys) {
  std::string text =
      "#compdef memspice\n"
      "# zsh completion of memspice: memspice completion zsh > a folder of $fpath/_memspice\n"
      "_memspice_keys() {\n"
      "  local -a keys=(" +
      key_words(keys) +
      ")\n"
      "  compadd -S '' -- $keys\n"
      "}\n"
      "_memspice() {\n"
      "  if (( CURRENT == 2 )); then\n" +
      zsh_commands(program, "    ") +
      "    return\n"
      "  fi\n";
  for (const Command& command : program.commands) {
    if (command.commands.empty()) continue;
    text += "  if [[ ${words[2]} == " + command.name + " ]] && (( CURRENT == 3 )); then\n" +
            zsh_commands(command, "    ") + "    return\n  fi\n";
  }
  text += "  case \"${words[2]} ${words[3]}\" in\n";
  for (const Command* command : leaves_of(program)) {
    const bool is_inner = command->name.find(' ') != std::string::npos;
    text += "    " + shell_quoted(is_inner ? command->name : command->name + ' ') + "*)\n" +
            "      _arguments";
    for (const Argument& option : command->all_arguments()) {
      text += " \\\n        " + zsh_option(option, table_words(keys));
    }
    text += " ;;\n";
  }
  return text + "  esac\n}\n_memspice \"$@\"\n";
}

std::string fish_quoted(const std::string& text) {
  return '\'' + escaped(text, "\\'") + '\'';
}

std::string fish_option(const Command& command, const Argument& option) {
  std::string seen = "__fish_seen_subcommand_from " + command.name;
  const auto blank = command.name.find(' ');
  if (blank != std::string::npos) {
    seen = "__fish_seen_subcommand_from " + command.name.substr(0, blank) +
           "; and __fish_seen_subcommand_from " + command.name.substr(blank + 1);
  }
  std::string line = "complete -c memspice -n '" + seen + "' -l " + option.name.substr(2);
  if (option.name == "--set") {
    line += " -x -a \"$__memspice_keys\"";
  } else if (!option.value.empty()) {
    line += option.takes_path() ? " -r -F" : " -x";
  }
  return line + " -d " + fish_quoted(option.text) + '\n';
}

std::string fish_script(const Command& program, const std::vector<KeyDeclaration>& keys) {
  std::string text =
      "# fish completion of memspice: memspice completion fish > "
      "~/.config/fish/completions/memspice.fish\n"
      "set -g __memspice_keys " +
      key_words(keys) + '\n';
  for (const Command* command : all_commands(program)) {
    const auto blank = command->name.find(' ');
    const bool is_inner = blank != std::string::npos;
    const std::string when =
        is_inner ? "'__fish_seen_subcommand_from " + command->name.substr(0, blank) + '\''
                 : "__fish_use_subcommand";
    text += "complete -c memspice -n " + when + " -a " +
            command->name.substr(is_inner ? blank + 1 : 0) + " -d " + fish_quoted(command->text) +
            '\n';
  }
  for (const Command* command : leaves_of(program)) {
    for (const Argument& option : command->all_arguments()) {
      if (!option.is_positional()) text += fish_option(*command, option);
      if (option.name != "TABLE") continue;
      text += "complete -c memspice -f -n '__fish_seen_subcommand_from " + command->name +
              "' -a '" + table_words(keys) + "'\n";
    }
  }
  return text;
}

}  // namespace

std::vector<const Command*> leaves_of(const Command& program) {
  std::vector<const Command*> leaves;
  for (const Command* command : all_commands(program)) {
    if (command->commands.empty()) leaves.push_back(command);
  }
  return leaves;
}

std::string completion_script(const Command& program,
                              const std::vector<KeyDeclaration>& keys,
                              const std::string& shell) {
  constexpr Names<3> names{"bash", "zsh", "fish"};
  constexpr std::array scripts{bash_script, zsh_script, fish_script};
  const auto at =
      parse_choice<std::size_t>(names, shell, "memspice completion", "is no shell known here");
  return scripts[at](program, keys);
}

}  // namespace memspice::cli
