// Where `s3zipper zip -o` leads: into a bucket, to a file that gets its name when it is whole, or
// through what takes bytes in order (standard output, a FIFO, a device), which is written to and
// never replaced.
#pragma once

#include <cstdint>
#include <string>

namespace cli {

struct ZipOutput {
  enum class Kind : std::uint8_t { bucket, file, in_order };

  Kind kind = Kind::file;
  std::string name;              // as it was given
  int own_descriptor = -1;       // of this process, such as standard output; -1: none
  bool is_block_device = false;  // whose content is lost

  bool is_stdout() const;
};

// By what the name says, and what is there: "-", "/dev/stdout", "s3://…", "out.zip".
ZipOutput find_output(std::string const& name);

// Open for writing, for as long as this lives. Of a FIFO it waits until somebody reads.
class OutputDescriptor {
 public:
  // Of one that takes bytes in order. Error{conflict} names what cannot be opened; UsageError for a
  // terminal, which is no place for a zip.
  explicit OutputDescriptor(ZipOutput const& output);
  ~OutputDescriptor();
  OutputDescriptor(OutputDescriptor const&) = delete;
  OutputDescriptor& operator=(OutputDescriptor const&) = delete;

  int get() const { return descriptor_; }
  // All that was written has arrived, as far as the system can tell.
  void finish();

 private:
  std::string const name_;
  int descriptor_;
};

}  // namespace cli
