// A file that is written beside its place and gets its name when it is whole, so that nobody finds
// half of it there and what was there before stays until then.
//
// Links are followed: what a link leads to is written, the link stays. While it is written it is
// called NAME.part, or NAME.<letters>.part where a NAME.part is there that is not ours: only names
// that were free are taken, and a file that a process of this program left when it died.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace base {

class PartFile {
 public:
  enum class Existing : std::uint8_t { refuse, replace };

  // Error{conflict}, or {forbidden} where permission is wanting: the path exists and is not to be
  // replaced, is a folder, or is being written by another process.
  PartFile(std::string const& path, Existing existing);
  ~PartFile();  // without keep() nothing is left
  PartFile(PartFile const&) = delete;
  PartFile& operator=(PartFile const&) = delete;

  int descriptor() const { return descriptor_; }
  void write(std::string_view bytes);
  // The file gets its name, and the mode of the one that it replaces; it is on the disk by then.
  void keep();

 private:
  void open_part();
  bool take_over_left_part();

  std::string const shown_;  // as the caller names it
  std::string const path_;   // where links lead
  Existing const existing_;
  std::string part_path_;
  int descriptor_ = -1;
};

// The path that links lead to, which may be one where nothing is; the path itself where it is none.
// Error{conflict} for links in a circle.
std::string follow_links(std::string const& path);

// Something is there that is neither a regular file nor a folder: a device, a FIFO, a socket. It is
// written to, not replaced.
bool is_special_file(std::string const& path);

}  // namespace base
