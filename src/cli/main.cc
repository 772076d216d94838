// The program's one entry point.
#include "base/error.h"
#include "cli/command_line.h"

#include <csignal>
#include <unistd.h>

#include <sodium.h>

int main(int argument_count, char** arguments) {
  base::check(sodium_init() >= 0, "libsodium must start");
  // A client that leaves is an error code of a write, not the end of the program.
  std::signal(SIGPIPE, SIG_IGN);
  // A file that may not become larger (RLIMIT_FSIZE) is one, too.
  std::signal(SIGXFSZ, SIG_IGN);
  return cli::run_command_line(argument_count, arguments, environ);
}
