// The content of one entry of an archive, unpacked and checked, a piece at a time: no more of it is
// in memory than the consumer has asked for, however well the entry is packed.
#pragma once

#include "archive/read/entry_store.h"
#include "base/budget.h"
#include "base/service_limits.h"
#include "net/blocking.h"
#include "zip/read/entry_reader.h"

#include <cstdint>
#include <string>

namespace api {

class Unpacking {
 public:
  // All is borrowed but `entry`. Error{bad_input} for an entry that cannot be unpacked.
  Unpacking(archive::ArchiveBytes const& bytes, archive::ContentEntry const& entry,
            base::Budget& budget, net::BlockingPool& pool);

  // The next piece, of limits::unpacked_piece_bytes and a step more at most; empty at the end, when
  // size and CRC-32 have been found to be those on record. Throws what zip::EntryReader throws, and
  // the errors of reads.
  net::task<std::string> next();

 private:
  bool is_over() const;
  net::task<void> read_more();
  void feed(std::string& content);

  archive::ArchiveBytes const& bytes_;
  zip::ListedEntry const entry_;
  zip::EntryReader reader_;
  base::Budget& budget_;
  net::BlockingPool& pool_;
  base::Budget::Grant memory_;
  std::string packed_;      // bytes of the archive
  std::size_t fed_ = 0;     // of these
  std::uint64_t read_ = 0;  // of the archive from the entry's header on
};

}  // namespace api
