#include "cli/prompt.h"

#include "base/text.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <termios.h>
#include <unistd.h>

namespace cli {
namespace {

constexpr std::size_t longest_answer = 256;

// The state that a signal handler needs; written before the handlers are in place.
termios shown_settings;

extern "C" void show_typing_and_end(int signal) {
  ::tcsetattr(STDIN_FILENO, TCSANOW, &shown_settings);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// While it lives the terminal does not show typed text.
class HiddenTyping {
 public:
  HiddenTyping() : is_hidden_(::tcgetattr(STDIN_FILENO, &shown_settings) == 0) {
    if (!is_hidden_) return;
    for (std::size_t i = 0; i < signals.size(); ++i)
      before_.at(i) = std::signal(signals.at(i), show_typing_and_end);
    termios hidden = shown_settings;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    hidden.c_lflag |= ECHONL;  // the line's end is shown
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  ~HiddenTyping() {
    if (!is_hidden_) return;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown_settings);
    for (std::size_t i = 0; i < signals.size(); ++i) std::signal(signals.at(i), before_.at(i));
  }
  HiddenTyping(HiddenTyping const&) = delete;
  HiddenTyping& operator=(HiddenTyping const&) = delete;

 private:
  static constexpr std::array signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  bool is_hidden_;
  std::array<void (*)(int), signals.size()> before_{};
};

// Reads byte by byte, as the buffers of stdio would keep the answer.
std::string read_line() {
  std::string line;
  line.reserve(longest_answer);  // growing would leave copies
  char c = 0;
  while (line.size() < longest_answer && ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') line += c;
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

base::Secret ask_secret(std::string const& question) {
  if (::isatty(STDIN_FILENO) == 0) return base::Secret(read_line());
  HiddenTyping const hidden;  // before the question: text that is typed at once is not shown either
  std::fputs(question.c_str(), stderr);
  return base::Secret(read_line());
}

bool ask_yes(std::string const& question) {
  std::fputs(question.c_str(), stderr);
  std::string const answer = read_line();
  return base::equals_ignoring_case(answer, "y") || base::equals_ignoring_case(answer, "yes");
}

}  // namespace cli
