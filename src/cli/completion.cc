#include "cli/completion.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/shell_text.h"

#include <cstdio>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace cli {
namespace {

struct Flag {
  std::vector<std::string> names;  // with their dashes
  std::string help;
  bool takes_value = false;
  std::vector<std::string> values;  // that it may have; empty if these are not known
};

struct Command {
  std::string path;  // "account create"; empty for the program itself
  std::vector<std::pair<std::string, std::string>> subcommands;  // name and help
  std::vector<std::string> arguments;                            // words that may follow
  std::vector<Flag> flags;
};

// CLI11 shows the words that are allowed as "TEXT:{key,bucket,folder}".
std::vector<std::string> allowed_words(CLI::Option const& option) {
  std::string const type = option.get_type_name();
  std::size_t const begin = type.find('{');
  std::size_t const end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return {};
  std::vector<std::string> words;
  for (std::string_view const word :
       base::split(std::string_view(type).substr(begin + 1, end - begin - 1), ','))
    words.emplace_back(word);
  return words;
}

Flag flag_of(CLI::Option const& option) {
  Flag flag;
  for (std::string const& name : option.get_snames()) flag.names.push_back("-" + name);
  for (std::string const& name : option.get_lnames()) flag.names.push_back("--" + name);
  flag.help = option.get_description();
  flag.takes_value = option.get_items_expected_max() > 0;
  flag.values = allowed_words(option);
  return flag;
}

void collect(CLI::App const& app, std::string const& path, std::vector<Command>& commands) {
  Command command{.path = path, .subcommands = {}, .arguments = {}, .flags = {}};
  for (CLI::Option const* const option : app.get_options()) {
    if (!option->get_positional()) {
      command.flags.push_back(flag_of(*option));
    } else if (auto words = allowed_words(*option); !words.empty()) {
      command.arguments = std::move(words);
    }
  }
  auto const all = [](CLI::App const* /*subcommand*/) { return true; };
  auto const subcommands = app.get_subcommands(all);
  for (CLI::App const* const subcommand : subcommands)
    command.subcommands.emplace_back(subcommand->get_name(), subcommand->get_description());
  commands.push_back(std::move(command));
  for (CLI::App const* const subcommand : subcommands) {
    std::string const& name = subcommand->get_name();
    collect(*subcommand, path.empty() ? name : path + " " + name, commands);
  }
}

// The case of bash and zsh that finds out which command the words before the cursor give.
std::string command_cases(std::vector<Command> const& commands) {
  std::string cases;
  for (Command const& command : commands) {
    if (command.path.empty()) continue;
    std::size_t const space = command.path.rfind(' ');
    std::string const before = space == std::string::npos ? "" : command.path.substr(0, space);
    std::string const name =
        space == std::string::npos ? command.path : command.path.substr(space + 1);
    cases += fmt::format("      {}) command={} ;;\n", in_shell_quotes(before + ":" + name),
                         in_shell_quotes(command.path));
  }
  return cases;
}

// The commands behind which a word of a known list follows, rather than a file's name: a pattern.
std::string pattern_of_listed(std::vector<Command> const& commands) {
  std::vector<std::string> paths;
  for (Command const& command : commands) {
    if (!command.subcommands.empty() || !command.arguments.empty())
      paths.push_back(in_shell_quotes(command.path));
  }
  return fmt::format("{}", fmt::join(paths, " | "));
}

std::string bash_script(std::vector<Command> const& commands) {
  std::string value_cases;
  std::string word_cases;
  for (Command const& command : commands) {
    std::string words;
    for (auto const& [name, help] : command.subcommands) words += name + " ";
    for (std::string const& word : command.arguments) words += word + " ";
    for (Flag const& flag : command.flags) {
      for (std::string const& name : flag.names) {
        words += name + " ";
        if (!flag.values.empty())
          value_cases +=
              fmt::format("    {}) words={} ;;\n", in_shell_quotes(command.path + ":" + name),
                          in_shell_quotes(fmt::format("{}", fmt::join(flag.values, " "))));
      }
    }
    word_cases += fmt::format("    {}) words={} ;;\n", in_shell_quotes(command.path),
                              in_shell_quotes(base::trim(words)));
  }
  return fmt::format(
      R"(# bash completion of s3zipper; made by: s3zipper completion bash
_s3zipper() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
  local command='' words='' listed='' word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$command:$word" in
{})"
      R"(    esac
  done
  case "$command:$previous" in
{})"
      R"(  esac
  case "$command" in
    {}) listed=yes ;;
  esac
  if [[ -z $words && ( $current == -* || -n $listed ) ]]; then
    case "$command" in
{})"
      R"(    esac
  fi
  COMPREPLY=()
  [[ -z $words ]] || mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}}
complete -o default -F _s3zipper s3zipper
)",
      command_cases(commands), value_cases, pattern_of_listed(commands), word_cases);
}

// "name:help" for _describe; a colon in the name would end it.
std::string zsh_entry(std::string_view name, std::string_view help) {
  return in_shell_quotes(fmt::format("{}:{}", name, help));
}

std::string zsh_script(std::vector<Command> const& commands) {
  std::string cases;
  std::string value_cases;
  for (Command const& command : commands) {
    std::vector<std::string> entries;
    for (auto const& [name, help] : command.subcommands) entries.push_back(zsh_entry(name, help));
    for (std::string const& word : command.arguments) entries.push_back(in_shell_quotes(word));
    for (Flag const& flag : command.flags) {
      for (std::string const& name : flag.names) {
        entries.push_back(zsh_entry(name, flag.help));
        if (!flag.values.empty())
          value_cases +=
              fmt::format("    {}) compadd {}; return ;;\n",
                          in_shell_quotes(command.path + ":" + name), fmt::join(flag.values, " "));
      }
    }
    cases += fmt::format("    {}) entries=(\n      {}\n    ) ;;\n", in_shell_quotes(command.path),
                         fmt::join(entries, "\n      "));
  }
  return fmt::format(
      R"(#compdef s3zipper
# zsh completion of s3zipper; made by: s3zipper completion zsh
_s3zipper() {{
  local command='' listed='' word
  local -a entries
  for word in "${{(@)words[2,CURRENT-1]}}"; do
    case "$command:$word" in
{})"
      R"(    esac
  done
  case "$command:${{words[CURRENT-1]}}" in
{})"
      R"(  esac
  case "$command" in
{})"
      R"(  esac
  case "$command" in
    {}) listed=yes ;;
  esac
  if [[ ${{words[CURRENT]}} == -* || -n $listed ]]; then
    _describe -o 's3zipper' entries
  else
    _files
  fi
}}
if [[ $funcstack[1] == _s3zipper ]]; then
  _s3zipper "$@"
else
  compdef _s3zipper s3zipper
fi
)",
      command_cases(commands), value_cases, cases, pattern_of_listed(commands));
}

std::string fish_condition(std::string_view path) {
  if (path.empty()) return "__fish_use_subcommand";
  std::string condition;
  for (std::string_view const name : base::split(path, ' ')) {
    condition += condition.empty() ? "" : "; and ";
    condition += fmt::format("__fish_seen_subcommand_from {}", name);
  }
  return condition;
}

std::string fish_flag(Command const& command, Flag const& flag) {
  std::string line =
      fmt::format("complete -c s3zipper -n {}", in_shell_quotes(fish_condition(command.path)));
  for (std::string const& name : flag.names) {
    bool const is_long = name.starts_with("--");
    line += fmt::format(" -{} {}", is_long ? 'l' : 's', name.substr(is_long ? 2 : 1));
  }
  if (flag.takes_value) line += " -r";
  if (!flag.values.empty())
    line +=
        fmt::format(" -f -a {}", in_shell_quotes(fmt::format("{}", fmt::join(flag.values, " "))));
  return line + fmt::format(" -d {}\n", in_shell_quotes(flag.help));
}

std::string fish_script(std::vector<Command> const& commands) {
  std::string script = "# fish completion of s3zipper; made by: s3zipper completion fish\n";
  for (Command const& command : commands) {
    for (auto const& [name, help] : command.subcommands) {
      script +=
          fmt::format("complete -c s3zipper -f -n {} -a {} -d {}\n",
                      in_shell_quotes(fish_condition(command.path)), name, in_shell_quotes(help));
    }
    for (std::string const& word : command.arguments) {
      script += fmt::format("complete -c s3zipper -f -n {} -a {}\n",
                            in_shell_quotes(fish_condition(command.path)), word);
    }
    for (Flag const& flag : command.flags) script += fish_flag(command, flag);
  }
  return script;
}

}  // namespace

std::string completion_script(CLI::App const& app, std::string_view shell) {
  std::vector<Command> commands;
  collect(app, "", commands);
  if (shell == "bash") return bash_script(commands);
  if (shell == "zsh") return zsh_script(commands);
  base::check(shell == "fish", "a shell that is known");
  return fish_script(commands);
}

void add_completion_command(CLI::App& app) {
  auto const shell = std::make_shared<std::string>();
  CLI::App* const command =
      app.add_subcommand("completion", "Print a script that completes commands in a shell");
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([&app, shell] { std::fputs(completion_script(app, *shell).c_str(), stdout); });
}

}  // namespace cli
