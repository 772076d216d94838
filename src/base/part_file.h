// A file that is written beside its place and gets its name when it is whole: no reader finds half
// of it there, and an earlier file stays until then.
//
// Links are followed: the link's target is written, the link stays. During writing the file is
// called NAME.part, or NAME.<letters>.part if a foreign NAME.part is there: only free names are
// taken, and a file that a process of this program left when it died.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace base {

class PartFile {
 public:
  enum class Existing : std::uint8_t { refuse, replace };

  // Error{conflict}, or {forbidden} without permission: the path exists and is not to be replaced,
  // is a folder, or is being written by another process.
  PartFile(std::string const& path, Existing existing);
  ~PartFile();  // removes the file unless keep() was called
  PartFile(PartFile const&) = delete;
  PartFile& operator=(PartFile const&) = delete;

  int descriptor() const { return descriptor_; }
  void write(std::string_view bytes);
  // Gives the file its name, and the mode of the file that it replaces; it is on the disk by then.
  void keep();

 private:
  void open_part();
  bool take_over_left_part();

  std::string const shown_;  // the path as the caller wrote it
  std::string const path_;   // the path that links lead to
  Existing const existing_;
  std::string part_path_;
  int descriptor_ = -1;
};

// The path that links lead to, where there may be no file; the path itself if it is no link.
// Error{conflict} for links in a circle.
std::string follow_links(std::string const& path);

// True for a path that is neither a regular file nor a folder: a device, a FIFO, a socket. The
// program writes to it and does not replace it.
bool is_special_file(std::string const& path);

}  // namespace base
