#include "api/files/send_file.h"

#include "api/files/unpacking.h"
#include "api/links/response_sink.h"
#include "archive/deliver/stream.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/deadline.h"
#include "zip/records.h"

#include <utility>

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;
using base::Error;
using base::Extent;
using zip::Form;

namespace {

// Sends the body of an answer; its head is the sink's.
using SendBody = std::function<net::task<void>(ResponseSink&)>;

net::task<void> send_head(http::Exchange& exchange, http::Response head) {
  net::task<void> starting = exchange.start(std::move(head));
  co_await to_client(std::move(starting));
  co_await exchange.finish();
}

net::task<void> run_body(SendBody const& send_body, ResponseSink& sink, http::Exchange& exchange) {
  net::task<void> sending = send_body(sink);
  co_await std::move(sending);
  net::task<void> finishing = exchange.finish();
  co_await to_client(std::move(finishing));
}

// An answer that fails once its head is out is cut by the server, and the log says why.
net::task<void> send(Service const& service, http::Exchange& exchange, std::string account_id,
                     Answer answer, SendBody send_body) {
  if (answer.ranges.empty()) {
    net::task<void> answering = exchange.respond(std::move(answer.head), "");
    co_return co_await to_client(std::move(answering));
  }
  exchange.stream().set_idle_timeout(limits::slow_client_timeout);
  if (exchange.request().method == "HEAD")
    co_return co_await send_head(exchange, std::move(answer.head));
  ResponseSink sink(exchange, std::move(answer.head), service.monitor.streamed_bytes);
  sink.hold_last_byte();
  std::string const no_link;
  CountSent const counting{
      .traffic = service.traffic, .account_id = account_id, .link_id = no_link, .sink = sink};
  net::task<void> sending = run_body(send_body, sink, exchange);
  net::task<void> end = throw_when_in_vain(service, exchange, account_id);
  co_await net::until(std::move(sending), std::move(end));
}

net::task<void> send_ranges(Service const& service, Taken const& taken, Answer const& answer,
                            http::Exchange& exchange, ResponseSink& sink) {
  bool const has_parts = !answer.boundary.empty();
  for (Extent const range : answer.ranges) {
    if (has_parts) sink.put_before(part_head(answer, range, taken.served));
    if (range.size > 0) {
      archive::Delivery delivery{.archive = taken.archive,
                                 .wanted = {{taken.bytes.offset + range.offset, range.size}},
                                 .store = taken.store,
                                 .budget = &service.blocks};
      co_await archive::stream(std::move(delivery), sink);
    }
    co_await sink.release();
  }
  if (!has_parts) co_return;
  std::string const end = parts_end(answer);
  std::string_view const pieces[] = {end};
  net::task<void> writing = exchange.write(pieces);
  co_await to_client(std::move(writing));
}

// Bytes are owned by a slice: the sink may hold it.
net::task<void> put(ResponseSink& sink, std::string bytes) {
  if (bytes.empty()) co_return;
  auto const owner = std::make_shared<std::string const>(std::move(bytes));
  std::vector<archive::Slice> slices;
  slices.push_back({0, *owner, owner});
  co_await sink.write(std::move(slices));
}

net::task<void> put_content(Service const& service, Packed const& packed, std::size_t place,
                            ResponseSink& sink) {
  archive::ContentEntry const entry = (*packed.contents)[place];
  Unpacking unpacking(packed.archives.at(entry.archive).bytes, entry, service.blocks,
                      service.blocking);
  for (;;) {
    std::string piece = co_await unpacking.next();
    if (piece.empty()) break;
    co_await put(sink, std::move(piece));
  }
}

std::uint32_t crc_of(archive::PlannedArchive const& archive, std::size_t index) {
  return archive.plan.layout().entry(index).form == Form::directory
             ? 0
             : archive.crcs.whole(index).value_or(0);
}

net::task<void> put_folder(Service const& service, Packed const& packed, ResponseSink& sink) {
  archive::PlannedArchive const& archive = *packed.folder.archive;
  zip::Layout const& layout = archive.plan.layout();
  for (std::size_t i = 0; i < layout.entry_count(); ++i) {
    std::string header;
    zip::append_local_header(header, layout, i, crc_of(archive, i));
    co_await put(sink, std::move(header));
    if (layout.entry(i).size > 0)
      co_await put_content(service, packed, packed.folder.places[i], sink);
  }
  std::string directory;
  for (std::size_t i = 0; i < layout.entry_count(); ++i) {
    zip::append_central_header(directory, layout, i, crc_of(archive, i));
    if (directory.size() < limits::directory_piece_bytes) continue;
    co_await put(sink, std::move(directory));
    directory.clear();
  }
  zip::append_end_records(directory, layout);
  co_await put(sink, std::move(directory));
}

net::task<void> put_packed(Service const& service, Packed const& packed, ResponseSink& sink) {
  if (packed.folder.archive) {
    co_await put_folder(service, packed, sink);
  } else {
    co_await put_content(service, packed, packed.file, sink);
  }
  co_await sink.release();
}

}  // namespace

net::task<void> send_taken(Service const& service, http::Exchange& exchange, std::string account_id,
                           Taken taken) {
  auto const too_much = [&taken](std::vector<Extent> ranges) {
    for (Extent& range : ranges) range.offset += taken.bytes.offset;
    return need_many_crcs(ranges, *taken.archive);
  };
  Answer answer = answer_to(exchange.request(), taken.served, too_much);
  Answer const stretches{.head = {}, .ranges = answer.ranges, .boundary = answer.boundary};
  SendBody const send_body = [&](ResponseSink& sink) {
    return send_ranges(service, taken, stretches, exchange, sink);
  };
  co_await send(service, exchange, std::move(account_id), std::move(answer), send_body);
}

net::task<void> send_packed(Service const& service, http::Exchange& exchange,
                            std::string account_id, Packed packed) {
  http::Request request = exchange.request();
  request.headers.remove("Range");
  auto const never = [](std::vector<Extent> const&) { return false; };
  Answer answer = answer_to(request, packed.served, never);
  answer.head.headers.set("Accept-Ranges", "none");
  SendBody const send_body = [&](ResponseSink& sink) { return put_packed(service, packed, sink); };
  co_await send(service, exchange, std::move(account_id), std::move(answer), send_body);
}

}  // namespace api
