// `s3zipper completion`: scripts that let a shell complete commands and flags, made of the command
// line's own tables.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace cli {

// `app` lives as long as the command runs.
void add_completion_command(CLI::App& app);

// `shell`: bash, zsh or fish.
std::string completion_script(CLI::App const& app, std::string_view shell);

}  // namespace cli
