#include "api/links/link.h"

#include "api/links/error_url.h"
#include "api/links/quiet_page.h"
#include "archive/deliver/stream.h"
#include "archive/deliver/walk.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "http/conditions.h"
#include "http/ranges.h"
#include "net/deadline.h"
#include "net/task_group.h"
#include "store/known_crcs.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

constexpr std::string_view link_path = "/stream/";

// The target of a URL: an archive of a link.
struct Target {
  std::string link_id;
  std::size_t archive = 0;
};

// "<uuid>" is the first archive; the others are "<uuid>.1" and so on.
std::string to_text(Target const& target) {
  return target.archive == 0 ? target.link_id
                             : fmt::format("{}.{}", target.link_id, target.archive);
}

std::string signed_text(std::string_view target) {
  return fmt::format("stream/{}", target);
}

// Parses a URL that this server has made; Error{not_found} for any other.
Target parse_link(Service const& service, std::string_view path) {
  std::vector<std::string_view> const parts = base::split(path.substr(link_path.size()), '/');
  bool const genuine =
      parts.size() >= 2 && service.keys.link_matches(signed_text(parts[0]), parts[1]);
  if (!genuine) throw Error(Fault::not_found, "there is no such download; check the link");
  std::vector<std::string_view> const names = base::split(parts[0], '.');
  Target target{.link_id = std::string(names[0])};
  if (names.size() > 1) target.archive = base::parse_uint(names[1]).value_or(0);
  return target;
}

// The fault of a failed selection may suggest to try again later, which is of no use unless it is
// listed again.
Fault fault_for_people(Fault fault, AfterFailure after) {
  switch (fault) {
    case Fault::unauthorized:
    case Fault::forbidden:
      return Fault::forbidden;
    case Fault::not_found:
    case Fault::gone:
      return fault;
    case Fault::throttled:
    case Fault::unavailable:
    case Fault::timeout:
    case Fault::disconnected:
      return after == AfterFailure::listed_again ? Fault::unavailable : Fault::conflict;
    default:
      return Fault::conflict;
  }
}

// A download, or its rest, is in vain: the client has left, or takes nothing, or the account has
// ended. Neither the object store nor an object is the reason.
class InVain : public Error {
 public:
  using Error::Error;
};

// Turns errors of the client's side into InVain.
net::task<void> to_client(net::task<void> writing) {
  try {
    co_await std::move(writing);
  } catch (Error const& error) {
    throw InVain(error.fault(), error.what());
  }
}

// An answer has the whole archive, a stretch of it, or several as the parts of a
// multipart/byteranges (RFC 9110, section 14.6).
struct Answer {
  http::Response head;
  std::vector<base::Extent> ranges;  // in the order of the answer; none: there is no body
  std::string boundary;              // of the parts
};

constexpr std::string_view archive_type = "application/zip";
constexpr std::size_t boundary_length = 40;

std::string content_range(base::Extent range, std::uint64_t size) {
  return fmt::format("bytes {}-{}/{}", range.offset, range.end() - 1, size);
}

std::string part_head(Answer const& answer, base::Extent range, std::uint64_t size) {
  return fmt::format("\r\n--{}\r\nContent-Type: {}\r\nContent-Range: {}\r\n\r\n", answer.boundary,
                     archive_type, content_range(range, size));
}

std::string parts_end(Answer const& answer) {
  return fmt::format("\r\n--{}--\r\n", answer.boundary);
}

// The answer's body. Its head goes out with the first bytes: an earlier failure can still be told
// with a status.
class ResponseSink final : public archive::Sink {
 public:
  // `sent_bytes` counts the bytes of archives that the client was sent.
  ResponseSink(http::Exchange& exchange, http::Response head, base::Counter& sent_bytes)
      : exchange_(exchange), head_(std::move(head)), sent_bytes_(sent_bytes) {}

  bool in_order() const override { return true; }

  std::uint64_t sent() const { return sent_; }
  // The text goes before the next slice.
  void put_before(std::string text) { text_ = std::move(text); }

  net::task<void> write(std::vector<archive::Slice> slices) override {
    if (!exchange_.started()) {
      net::task<void> starting = exchange_.start(std::move(head_));
      co_await to_client(std::move(starting));
    }
    std::vector<std::string_view> pieces;
    pieces.reserve(slices.size() + 1);
    if (!text_.empty()) pieces.push_back(text_);
    std::uint64_t bytes = 0;
    for (archive::Slice const& slice : slices) {
      pieces.push_back(slice.bytes);
      bytes += slice.bytes.size();
    }
    net::task<void> writing = exchange_.write(pieces);
    co_await to_client(std::move(writing));
    sent_bytes_.add(bytes);
    sent_ += bytes;
    text_.clear();
  }

 private:
  http::Exchange& exchange_;
  http::Response head_;
  base::Counter& sent_bytes_;
  std::string text_;
  std::uint64_t sent_ = 0;  // of the archive
};

// Counts the bytes that the account's link has sent when the download ends, however that happens.
struct CountSent {
  ~CountSent() { streamed.add(account_id, sink.sent()); }
  links::StreamedBytes& streamed;
  std::string const& account_id;
  ResponseSink const& sink;
};

http::Validators validators(links::OpenLink const& open) {
  return {.etag = open.facts.etag, .modified = open.link.created_at};
}

http::Response archive_head(links::OpenLink const& open) {
  http::Response head;
  head.headers.add("Accept-Ranges", "bytes");
  head.headers.add("ETag", open.facts.etag);
  head.headers.add("Last-Modified", base::http_date(open.link.created_at));
  // Proxies on the way must neither compress nor keep the archive.
  head.headers.add("Cache-Control", "private, no-transform");
  return head;
}

Answer without_body(links::OpenLink const& open, int status) {
  Answer answer{.head = archive_head(open), .ranges = {}, .boundary = {}};
  answer.head.status = status;
  if (status == 416)
    answer.head.headers.add("Content-Range", fmt::format("bytes */{}", open.facts.archive_bytes));
  return answer;
}

// The stretches that the request asks for, those of them that are there. nullopt: it asks for the
// whole, also by a Range that is not understood, or is for another version of the archive.
std::optional<std::vector<base::Extent>> asked_ranges(http::Request const& request,
                                                      links::OpenLink const& open) {
  auto const range = request.headers.find("range");
  if (!range || request.method != "GET") return std::nullopt;  // section 14.2: GET only
  if (!http::if_range_holds(request.headers, validators(open))) return std::nullopt;
  auto const ranges = http::parse_range(*range, open.facts.archive_bytes);
  if (!ranges) return std::nullopt;
  return http::coalesce(*ranges);
}

// Whether too many bytes would have to be read only for CRCs that the ranges hold; each range is
// counted by itself.
bool costs_too_much(std::vector<base::Extent> const& ranges,
                    archive::PlannedArchive const& archive) {
  std::uint64_t reads = 0;
  for (base::Extent const& range : ranges) {
    reads += archive::reads_for_crcs(archive, {range.offset, range.size}, limits::max_crc_reads);
    if (reads > limits::max_crc_reads) return true;
  }
  return false;
}

// Makes the answer one of several ranges.
void make_multipart(Answer& answer, std::uint64_t size) {
  answer.boundary = base::random_text(boundary_length);
  std::uint64_t length = parts_end(answer).size();
  for (base::Extent const& range : answer.ranges)
    length += part_head(answer, range, size).size() + range.size;
  answer.head.headers.add("Content-Type", "multipart/byteranges; boundary=" + answer.boundary);
  answer.head.headers.add("Content-Length", std::to_string(length));
}

Answer answer_to(http::Request const& request, links::OpenLink const& open) {
  auto const status = http::failed_condition(request.headers, validators(open));
  if (status) return without_body(open, *status);
  auto ranges = asked_ranges(request, open);
  if (ranges && ranges->empty()) return without_body(open, 416);
  if (ranges && costs_too_much(*ranges, *open.archive)) ranges.reset();
  std::uint64_t const size = open.facts.archive_bytes;
  Answer answer{.head = archive_head(open),
                .ranges = ranges.value_or(std::vector<base::Extent>{{0, size}}),
                .boundary = {}};
  http::Headers& headers = answer.head.headers;
  headers.add("Content-Disposition", content_disposition(open.file_name));
  if (ranges) answer.head.status = 206;
  if (answer.ranges.size() > 1) {
    make_multipart(answer, size);
    return answer;
  }
  base::Extent const one = answer.ranges.front();
  headers.add("Content-Type", std::string(archive_type));
  headers.add("Content-Length", std::to_string(one.size));
  if (ranges) headers.add("Content-Range", content_range(one, size));
  return answer;
}

net::task<void> end_answer(http::Exchange& exchange, Answer const& answer) {
  if (!answer.boundary.empty()) {
    std::string const end = parts_end(answer);
    std::string_view const pieces[] = {end};
    co_await exchange.write(pieces);
  }
  co_await exchange.finish();
}

net::task<void> send_head(http::Exchange& exchange, http::Response head) {
  co_await exchange.start(std::move(head));
  co_await exchange.finish();
}

// Sends one range after the other: CRCs that were learned for one serve the next.
net::task<void> send_ranges(Service const& service, http::Exchange& exchange,
                            links::OpenLink const& open, Answer const& answer,
                            store::CrcKeeper& crcs, ResponseSink& sink) {
  auto const keep_crcs = [&crcs] { return crcs.keep_up(); };
  for (base::Extent const range : answer.ranges) {
    bool const is_part = !answer.boundary.empty();
    if (is_part) sink.put_before(part_head(answer, range, open.facts.archive_bytes));
    archive::Delivery delivery{.archive = open.archive,
                               .wanted = {{range.offset, range.size}},
                               .store = open.store,
                               .budget = &service.blocks,
                               .keep_crcs = keep_crcs};
    co_await archive::stream(std::move(delivery), sink);
  }
  net::task<void> ending = end_answer(exchange, answer);
  co_await to_client(std::move(ending));
}

// A write notices that by itself; while the object store keeps us waiting nothing is written. A
// client may end its side as soon as it has asked, so that this alone says little.
net::task<void> wait_until_client_left(http::Exchange& exchange) {
  constexpr int looks_in_vain = 4;
  std::uint64_t sent = 0;
  for (int looks = 0; looks < looks_in_vain || !exchange.stream().peer_ended(); ++looks) {
    co_await net::sleep(limits::client_look_interval);
    std::uint64_t const before = std::exchange(sent, exchange.body_bytes_sent());
    if (sent != before) looks = 0;
  }
}

// Throws InVain once the rest of a download is in vain.
net::task<void> throw_when_in_vain(Service const& service, http::Exchange& exchange,
                                   std::string account_id) {
  net::task<void> leaving = wait_until_client_left(exchange);
  net::task<void> account_ended = jobs::wait_for_end(service.account_watch.ended(account_id));
  bool const has_left = co_await net::until(std::move(leaving), std::move(account_ended));
  if (has_left) throw InVain(Fault::disconnected, "the client has left");
  throw InVain(Fault::gone, "the account of this link has been disabled");
}

net::task<void> send_archive(Service const& service, http::Exchange& exchange, links::OpenLink open,
                             Answer answer) {
  net::Executor const loop = co_await net::this_loop();
  store::CrcKeeper crcs(loop, service.store.crcs, service.blocking, open.store->endpoint_url(),
                        open.archive);
  ResponseSink sink(exchange, std::move(answer.head), service.monitor.streamed_bytes);
  CountSent const counting(service.streamed, open.link.account_id, sink);
  std::exception_ptr failure;
  std::string why;
  try {
    net::task<void> sending = send_ranges(service, exchange, open, answer, crcs, sink);
    net::task<void> end = throw_when_in_vain(service, exchange, open.link.account_id);
    co_await net::until(std::move(sending), std::move(end));
  } catch (Error const& error) {
    failure = std::current_exception();
    why = error.what();
  }
  // CRCs that were learned serve the download that resumes this one.
  co_await crcs.keep_rest();
  if (!failure) co_return;
  base::log_info(fmt::format("stream {}: ended early: {}", open.link.id, why),
                 {{"request_id", exchange.id()}});
  std::rethrow_exception(failure);
}

// Opens the link and sends the stretches that are asked for.
net::task<void> send_opened(Service const& service, http::Exchange& exchange, std::string link_id,
                            std::size_t archive, http::Headers more) {
  links::OpenLink open = co_await service.links.open(std::move(link_id), archive, exchange.id());
  Answer answer = answer_to(exchange.request(), open);
  for (http::Field const& line : more) answer.head.headers.add(line.name, line.value);
  if (answer.ranges.empty()) {
    net::task<void> answering = exchange.respond(std::move(answer.head), "");
    co_return co_await to_client(std::move(answering));
  }
  exchange.stream().set_idle_timeout(limits::slow_client_timeout);
  if (exchange.request().method == "HEAD") {
    net::task<void> answering = send_head(exchange, std::move(answer.head));
    co_return co_await to_client(std::move(answering));
  }
  co_await send_archive(service, exchange, std::move(open), std::move(answer));
}

// Whether the owner of the link is to read of the error: not if the link has ended, which is told
// anyway, nor if its selection failed, which is the link's own error.
bool is_for_the_owner(Error const& error) {
  bool const told = dynamic_cast<links::SelectionFailed const*>(&error) != nullptr;
  bool const in_vain = dynamic_cast<InVain const*>(&error) != nullptr;
  return !told && !in_vain && error.fault() != Fault::gone;
}

// A note that cannot be kept must not hide why the download failed.
net::task<void> note_failure(Service const& service, std::string link_id,
                             store::DownloadFailure failure) {
  try {
    co_await service.store.links.note_failure(link_id, failure);
  } catch (Error const& error) {
    base::log_warning(
        fmt::format("stream {}: that a download failed is not kept: {}", link_id, error.what()),
        {{"request_id", failure.request_id}});
  }
}

net::task<std::optional<accounts::Account>> owner_of_link(store::Store const& store,
                                                          std::string id) {
  auto const link = co_await store.links.find(std::move(id));
  if (!link) co_return std::nullopt;
  co_return co_await store.accounts.find(store::AccountKey::id, link->account_id);
}

}  // namespace

std::vector<std::string> link_urls(accounts::Keys const& keys, std::string_view base,
                                   store::Link const& link) {
  std::vector<std::string> urls;
  if (!link.signing_key.empty()) return urls;
  std::size_t const count = std::max<std::size_t>(1, link.plan.archives.size());
  for (std::size_t i = 0; i < count; ++i) {
    std::string const target = to_text({link.id, i});
    urls.push_back(fmt::format("{}{}{}/{}/{}", base, link_path, target,
                               keys.link_signature(signed_text(target)),
                               base::percent_encode(archive::archive_key(link.file_name, i))));
  }
  return urls;
}

net::task<void> download(Service const& service, http::Exchange& exchange) {
  Target const target = parse_link(service, exchange.request().path());
  FindOwner owner = [id = target.link_id](store::Store const& store) {
    return owner_of_link(store, id);
  };
  net::task<void> sending =
      send_to_people(service, exchange, target.link_id, target.archive, AfterFailure::nothing);
  co_await with_error_url(service, exchange, std::move(owner), std::move(sending));
}

net::task<void> send_to_people(Service const& service, http::Exchange& exchange,
                               std::string link_id, std::size_t archive, AfterFailure after) {
  http::Headers nothing_more;
  std::optional<Error> failure;
  try {
    net::task<void> sending =
        send_download(service, exchange, std::move(link_id), archive, std::move(nothing_more));
    co_await std::move(sending);
  } catch (links::SelectionFailed const& failed) {
    failure = Error(fault_for_people(failed.fault(), after), failed.what());
  }
  if (failure) throw *failure;
}

net::task<void> send_download(Service const& service, http::Exchange& exchange, std::string link_id,
                              std::size_t archive, http::Headers more) {
  std::exception_ptr failure;
  std::optional<store::DownloadFailure> noted;
  try {
    net::task<void> sending = send_opened(service, exchange, link_id, archive, std::move(more));
    co_await std::move(sending);
  } catch (Error const& error) {
    failure = std::current_exception();
    if (is_for_the_owner(error))
      noted = {base::unix_now(), exchange.id(), std::string(full_words(error))};
  }
  if (!failure) co_return;
  if (noted) {
    net::task<void> noting = note_failure(service, std::move(link_id), *std::move(noted));
    co_await std::move(noting);
  }
  std::rethrow_exception(failure);
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
