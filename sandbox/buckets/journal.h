// The bucket's journal: a text file to which one line is appended for each object that is put or
// deleted. A last line that was cut when the process was killed counts as never written.
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

  // All whole lines, without their ends. A cut line is removed.
  std::vector<std::string> read();
  // Replaces the whole journal with `text`, which is whole lines.
  void rewrite(std::string_view text);
  void append(std::string_view line);

 private:
  std::filesystem::path const path_;
  File file_;
};

}  // namespace sandbox
