#include "api/link.h"

#include "archive/stream.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "http/ranges.h"
#include "jobs/plans.h"
#include "net/task_group.h"

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

constexpr std::string_view link_path = "/stream/";

std::string signed_text(std::string_view stream_id) {
  return fmt::format("stream/{}", stream_id);
}

// The stream's id, where the path is a link that this server has made.
std::string parse_link(Service const& service, std::string_view path) {
  std::vector<std::string_view> const parts = base::split(path.substr(link_path.size()), '/');
  bool const genuine =
      parts.size() >= 2 && service.context.keys.link_matches(signed_text(parts[0]), parts[1]);
  if (!genuine) throw Error(Fault::not_found, "there is no such download; check the link");
  return std::string(parts[0]);
}

// The answer's body. Its head goes out with the first bytes: what fails before can still be told
// with a status.
class ResponseSink final : public archive::Sink {
 public:
  ResponseSink(http::Exchange& exchange, http::Response head)
      : exchange_(exchange), head_(std::move(head)) {}

  bool in_order() const override { return true; }

  net::task<void> write(std::vector<archive::Slice> slices) override {
    if (!exchange_.started()) co_await exchange_.start(std::move(head_));
    std::vector<std::string_view> pieces;
    pieces.reserve(slices.size());
    for (archive::Slice const& slice : slices) pieces.push_back(slice.bytes);
    co_await exchange_.write(pieces);
  }

 private:
  http::Exchange& exchange_;
  http::Response head_;
};

http::Response archive_head(jobs::Stream const& stream) {
  http::Response head;
  head.headers.add("Content-Type", "application/zip");
  head.headers.add("Content-Disposition", content_disposition(stream.file_name));
  head.headers.add("Accept-Ranges", "bytes");
  head.headers.add("ETag", stream.plan.etag);
  head.headers.add("Last-Modified", base::http_date(stream.created_at));
  // Compressing or keeping it is nobody's business on the way.
  head.headers.add("Cache-Control", "private, no-transform");
  head.headers.add("X-Content-Type-Options", "nosniff");
  return head;
}

// The stretch that the request wants. Several ranges, and a Range for another version of the
// archive, are answered with the whole.
std::optional<http::ByteRange> wanted_range(http::Request const& request,
                                            jobs::Stream const& stream, http::Response& head) {
  std::uint64_t const size = stream.plan.archive_bytes;
  http::ByteRange const whole{0, size};
  auto const range = request.headers.find("range");
  auto const if_range = request.headers.find("if-range");
  if (!range || (if_range && base::trim(*if_range) != stream.plan.etag)) return whole;
  auto const ranges = http::parse_range(*range, size);
  if (!ranges || ranges->size() > 1) return whole;
  if (ranges->empty()) {
    head.status = 416;
    head.headers.add("Content-Range", fmt::format("bytes */{}", size));
    return std::nullopt;
  }
  http::ByteRange const one = ranges->front();
  head.status = 206;
  head.headers.add("Content-Range",
                   fmt::format("bytes {}-{}/{}", one.offset, one.offset + one.size - 1, size));
  return one;
}

net::task<void> send_archive(Service const& service, http::Exchange& exchange,
                             jobs::OpenStream open, http::ByteRange range, http::Response head) {
  std::string const endpoint = open.store->endpoint_url();
  net::TaskGroup beside(co_await net::this_loop());
  beside.spawn(jobs::keep_crcs_going(service.context, endpoint, open.plan));
  ResponseSink sink(exchange, std::move(head));
  archive::Delivery delivery{.plan = open.plan,
                             .wanted = {{range.offset, range.size}},
                             .store = open.store,
                             .budget = &service.context.blocks};
  std::optional<Error> failure;
  try {
    co_await archive::stream(std::move(delivery), sink);
  } catch (Error const& error) {
    if (error.fault() == Fault::cancelled) throw;
    failure = error;
  }
  // What has been learned serves the download that resumes this one.
  co_await jobs::keep_crcs(service.context, endpoint, open.plan);
  if (!failure) {
    co_await exchange.finish();
    co_return;
  }
  base::log_info(fmt::format("stream {}: ended early: {}", open.stream.id, failure->what()));
  throw *failure;
}

}  // namespace

std::string link_url(Service const& service, http::Request const& request,
                     jobs::Stream const& stream) {
  return fmt::format("{}{}{}/{}/{}", base_url(service, request), link_path, stream.id,
                     service.context.keys.link_signature(signed_text(stream.id)),
                     base::percent_encode(stream.file_name));
}

net::task<void> download(Service const& service, http::Exchange& exchange) {
  std::string id = parse_link(service, exchange.request().path());
  jobs::OpenStream open = co_await service.streams.open(std::move(id));
  http::Response head = archive_head(open.stream);
  auto const range = wanted_range(exchange.request(), open.stream, head);
  if (!range) {
    co_await exchange.respond(std::move(head), "");
    co_return;
  }
  head.headers.add("Content-Length", std::to_string(range->size));
  exchange.stream().set_idle_timeout(limits::slow_client_timeout);
  if (exchange.request().method == "HEAD") {
    co_await exchange.start(std::move(head));
    co_await exchange.finish();
    co_return;
  }
  co_await send_archive(service, exchange, std::move(open), *range, std::move(head));
}

std::string content_disposition(std::string_view file_name) {
  std::string ascii;
  for (char const c : file_name) {
    bool const plain = c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '%';
    ascii += plain ? c : '_';
  }
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", ascii,
                     base::percent_encode(file_name));
}

}  // namespace api
