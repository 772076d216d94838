// The output of `s3zipper zip -o`: a bucket, a file that gets its name when it is whole, or
// something that takes bytes in order (standard output, a FIFO, a device), which is written to and
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

// The output that a name leads to, also by the file that is there: "-", "/dev/stdout", "s3://…",
// "out.zip".
ZipOutput find_output(std::string const& name);

// An output that is open for writing for as long as the object lives.
class OutputDescriptor {
 public:
  // Opens an output that takes bytes in order; a FIFO waits for its reader. Error{conflict} names
  // an output that cannot be opened; UsageError for a terminal, which is no place for a zip.
  explicit OutputDescriptor(ZipOutput const& output);
  ~OutputDescriptor();
  OutputDescriptor(OutputDescriptor const&) = delete;
  OutputDescriptor& operator=(OutputDescriptor const&) = delete;

  int get() const { return descriptor_; }
  // Returns when all written bytes have arrived, as far as the system can tell.
  void finish();

 private:
  std::string const name_;
  int descriptor_;
};

}  // namespace cli
