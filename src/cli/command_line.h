// The command line: a command, with its settings.
#pragma once

namespace cli {

// Runs the command that the arguments name; gives the process's exit code (base/error.h has them).
int run_command_line(int argument_count, char const* const* arguments,
                     char const* const* environment);

}  // namespace cli
