// The report on a job or a link, made of its stored selection a chunk at a time: a report of any
// length takes the memory of some thousand lines.
#pragma once

#include "archive/plan/report.h"
#include "net/blocking.h"
#include "store/store.h"

#include <string>

namespace store {

// The job or link that a report is about, as its row says.
struct Reported {
  std::string owner_id;
  PlanFacts plan;
  std::string endpoint_url;         // that CRCs are known by
  std::uint64_t archives_done = 0;  // the first of them are zipped, the others planned
};

class ReportText {
 public:
  // Store and pool are borrowed; the pool writes the lines.
  ReportText(Store const& store, net::BlockingPool& blocking, Reported reported,
             archive::ReportFormat format);

  // The next piece; empty at the end. Error{gone} if the selection is no longer kept.
  net::task<std::string> next();

 private:
  net::task<std::string> entries_of_chunk();
  net::task<std::string> left_out_of_chunk();
  net::task<std::string> stored_chunk();

  Store const& store_;
  net::BlockingPool& blocking_;
  Reported reported_;
  archive::ReportFormat format_;
  bool begun_ = false;
  std::size_t archive_ = 0;
  std::uint64_t chunk_ = 0;             // the next of all
  std::uint64_t chunk_of_archive_ = 0;  // the next of the archive at hand
  bool ended_ = false;
};

}  // namespace store
