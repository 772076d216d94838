// Sinks of the command line: a file, and a descriptor such as standard output.
#pragma once

#include "archive/deliver/sink.h"
#include "base/part_file.h"
#include "net/blocking.h"

#include <cstdint>
#include <string>

namespace archive {

// Writes a base::PartFile, in any order. Without finish() nothing is left.
class FileSink final : public Sink {
 public:
  using Existing = base::PartFile::Existing;

  // `pool` is borrowed. Errors are a PartFile's, and {conflict} if the disk has no room.
  FileSink(net::BlockingPool& pool, std::string path, std::uint64_t size, Existing existing);

  bool in_order() const override { return false; }
  net::task<void> write(std::vector<Slice> slices) override;
  net::task<void> finish();

 private:
  net::BlockingPool& pool_;
  std::string const path_;
  base::PartFile file_;
};

// Writes to an open descriptor, which is borrowed, in order. Error{disconnected} if its reader is
// gone.
class DescriptorSink final : public Sink {
 public:
  // `name`: for messages.
  DescriptorSink(net::BlockingPool& pool, int descriptor, std::string name)
      : pool_(pool), descriptor_(descriptor), name_(std::move(name)) {}

  bool in_order() const override { return true; }
  net::task<void> write(std::vector<Slice> slices) override;

 private:
  net::BlockingPool& pool_;
  int descriptor_;
  std::string const name_;
};

}  // namespace archive
