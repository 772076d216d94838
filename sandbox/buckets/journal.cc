#include "sandbox/buckets/journal.h"

#include "base/text.h"

#include <fcntl.h>

namespace sandbox {

std::vector<std::string> Journal::read() {
  std::string const text = read_text(path_);
  std::vector<std::string> lines;
  std::string_view const whole = std::string_view(text).substr(0, text.rfind('\n') + 1);
  for (std::string_view const line : base::split(whole, '\n')) {
    if (!line.empty()) lines.emplace_back(line);
  }
  if (whole.size() < text.size()) rewrite(whole);
  return lines;
}

void Journal::rewrite(std::string_view text) {
  replace_text(path_, text);
  file_ = File();
}

void Journal::append(std::string_view line) {
  if (!file_) file_ = File(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  if (!file_) throw_file_error("open", path_.native());
  write_all(file_, line);
}

}  // namespace sandbox
