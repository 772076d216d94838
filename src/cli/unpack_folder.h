// The folder that `s3zipper get` unpacks into: files and folders by the names of entries, none of
// them outside of it, whatever the names say and whatever links are there. Files get their names
// when they are whole. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cli {

class UnpackFolder {
 public:
  enum class Existing : std::uint8_t { refuse, replace };

  // Makes the folder if it is missing. Error{conflict} if that does not work.
  UnpackFolder(std::string const& path, Existing existing);
  ~UnpackFolder();
  UnpackFolder(UnpackFolder const&) = delete;
  UnpackFolder& operator=(UnpackFolder const&) = delete;

  // A file that is being written; without keep() nothing of it is left.
  class File {
   public:
    File(int folder, std::string name, std::string shown, Existing existing, bool executable);
    ~File();
    File(File const&) = delete;
    File& operator=(File const&) = delete;

    void write(std::string_view bytes);
    void keep(std::optional<std::int64_t> modified);  // Unix seconds

   private:
    int folder_;  // owned
    std::string name_;
    std::string shown_;  // for messages
    std::string part_name_;
    Existing existing_;
    int descriptor_;
  };

  // Folders on the way are made. Error{conflict} names the entry: it leaves the folder, exists, or
  // a link or a file stands in its way.
  std::unique_ptr<File> create_file(std::string const& entry_name, bool executable) const;
  void make_folder(std::string const& entry_name) const;
  // Sets the time of a folder, once everything is in it.
  void set_time(std::string const& entry_name, std::int64_t modified) const;

 private:
  int open_folders(std::string const& entry_name, std::string_view path) const;

  std::string path_;
  Existing existing_;
  int folder_ = -1;
};

// Error{conflict} if an entry of this name does not lie below the folder that it is unpacked into:
// "/etc/passwd", "a/../../b".
void check_entry_name(std::string_view name);

}  // namespace cli
