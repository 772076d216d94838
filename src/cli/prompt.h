// Questions to the user of a command: on standard error, with the answer on standard input, which
// may be a pipe.
#pragma once

#include "base/secret.h"

#include <string>

namespace cli {

// A line that a terminal does not show while it is typed. The terminal is as before afterwards,
// also if a signal ends the process.
base::Secret ask_secret(std::string const& question);

// True for "y" or "yes".
bool ask_yes(std::string const& question);

}  // namespace cli
