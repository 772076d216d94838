#include "store/report.h"

#include "base/codec.h"
#include "base/error.h"
#include "store/known_crcs.h"
#include "store/plans.h"

namespace store {

using base::Error;
using base::Fault;

ReportText::ReportText(Store const& store, net::BlockingPool& blocking, Reported reported,
                       archive::ReportFormat format)
    : store_(store), blocking_(blocking), reported_(std::move(reported)), format_(format) {}

net::task<std::string> ReportText::next() {
  std::string text;
  if (!begun_) text = archive::report_header(format_);
  begun_ = true;
  auto const& archives = reported_.plan.archives;
  while (archive_ < archives.size() && chunk_of_archive_ == archives[archive_].chunk_count) {
    ++archive_;
    chunk_of_archive_ = 0;
  }
  if (archive_ < archives.size()) {
    text += co_await entries_of_chunk();
  } else if (chunk_ < reported_.plan.chunk_count()) {
    text += co_await left_out_of_chunk();
  } else if (!ended_) {
    ended_ = true;
    archive::add_excluded_rows(text, format_, reported_.plan.excluded,
                               reported_.plan.excluded_told);
  }
  co_return text;
}

net::task<std::string> ReportText::stored_chunk() {
  auto chunk = co_await store_.selections.get(reported_.owner_id, chunk_++);
  if (!chunk) throw Error(Fault::gone, "the list of its files is no longer kept");
  co_return std::move(*chunk);
}

net::task<std::string> ReportText::entries_of_chunk() {
  std::string const chunk = co_await stored_chunk();
  ++chunk_of_archive_;
  auto const decode = [&] {
    archive::Plan plan;
    archive::add_chunk(plan, chunk);
    return std::make_shared<archive::PlannedArchive>(std::move(plan));
  };
  std::shared_ptr<archive::PlannedArchive> const planned = co_await blocking_.get(decode);
  co_await recall_crcs(store_.crcs, blocking_, reported_.endpoint_url, planned);
  bool const zipped = archive_ < reported_.archives_done;
  auto const write = [&] {
    std::string text;
    for (std::size_t i = 0; i < planned->plan.entry_count(); ++i) {
      archive::PlannedEntry entry = planned->plan.entry(i);
      bool const is_folder = entry.form == zip::Form::directory;
      entry.crc = is_folder ? std::nullopt : planned->crcs.whole(i);
      archive::ReportRow const row =
          archive::row_of(entry, archive_ + 1, zipped ? "zipped" : "planned");
      archive::add_report_row(text, format_, row);
    }
    return text;
  };
  co_return co_await blocking_.get(write);
}

net::task<std::string> ReportText::left_out_of_chunk() {
  bool const missing = chunk_ < reported_.plan.archive_chunks() + reported_.plan.missing_chunks;
  std::string const chunk = co_await stored_chunk();
  std::string text;
  for (base::Decoder in(chunk); !in.done();)
    archive::add_report_row(
        text, format_, missing ? archive::missing_row(in.text()) : archive::own_zip_row(in.text()));
  co_return text;
}

}  // namespace store
