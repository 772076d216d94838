// The bucket's journal: a text file to which one line is appended for each object that is put or
// deleted. The last line may be cut when the process is killed; it is then as if it had not been.
//
// Not thread-safe: the bucket's lock covers it.
#pragma once

#include "sandbox/files.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

class Journal {
 public:
  explicit Journal(std::filesystem::path path) : path_(std::move(path)) {}

  // All whole lines, without their ends. A cut one is removed.
  std::vector<std::string> read();
  // Puts `text`, whole lines, in place of all there is.
  void rewrite(std::string_view text);
  void append(std::string_view line);

 private:
  std::filesystem::path const path_;
  File file_;
};

}  // namespace sandbox
