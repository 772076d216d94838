// Sinks of the command line: a file, and a descriptor such as standard output.
#pragma once

#include "archive/sink.h"
#include "net/blocking.h"

#include <cstdint>
#include <string>

namespace archive {

// Writes PATH.part, in any order, and gives it its name when it is whole and on the disk. A part
// file that was left by a process which died is written anew; one that is being written is
// Error{conflict}. Without finish() nothing is left.
class FileSink final : public Sink {
 public:
  enum class Existing : std::uint8_t { refuse, replace };

  // `pool` is borrowed. Error{conflict} where PATH exists and is not to be replaced, or has no room
  // on its disk; the message names the path.
  FileSink(net::BlockingPool& pool, std::string path, std::uint64_t size, Existing existing);
  ~FileSink() override;
  FileSink(FileSink const&) = delete;
  FileSink& operator=(FileSink const&) = delete;

  bool in_order() const override { return false; }
  net::task<void> write(std::vector<Slice> slices) override;
  net::task<void> finish();

 private:
  void put_in_place();

  net::BlockingPool& pool_;
  std::string const path_;
  std::string const part_path_;
  Existing const existing_;
  int descriptor_ = -1;
};

// Writes to an open descriptor, which is borrowed, in order. Error{disconnected} where nobody reads
// any more.
class DescriptorSink final : public Sink {
 public:
  DescriptorSink(net::BlockingPool& pool, int descriptor) : pool_(pool), descriptor_(descriptor) {}

  bool in_order() const override { return true; }
  net::task<void> write(std::vector<Slice> slices) override;

 private:
  net::BlockingPool& pool_;
  int descriptor_;
};

}  // namespace archive
