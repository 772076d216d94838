#include "api/links/response_sink.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "jobs/account_watch.h"
#include "net/deadline.h"

#include <string_view>
#include <utility>

namespace api {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

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

}  // namespace

net::task<void> to_client(net::task<void> writing) {
  try {
    co_await std::move(writing);
  } catch (Error const& error) {
    throw InVain(error.fault(), error.what());
  }
}

net::task<void> throw_when_in_vain(Service const& service, http::Exchange& exchange,
                                   std::string account_id) {
  net::task<void> leaving = wait_until_client_left(exchange);
  net::task<void> account_ended = jobs::wait_for_end(service.account_watch.ended(account_id));
  bool const has_left = co_await net::until(std::move(leaving), std::move(account_ended));
  if (has_left) throw InVain(Fault::disconnected, "the client has left");
  throw InVain(Fault::gone, "the account of this link has been disabled");
}

CountSent::~CountSent() {
  std::uint64_t const bytes = sink.sent();
  traffic.add_bytes(account_id, bytes);
  if (link_id.empty() || bytes == 0) return;
  traffic.add_download(
      link_id, {.count = from_start ? 1U : 0U, .bytes = bytes, .last_at = base::unix_now()});
}

net::task<void> ResponseSink::begin() {
  if (exchange_.started()) co_return;
  net::task<void> starting = exchange_.start(std::move(head_));
  co_await to_client(std::move(starting));
}

net::task<void> ResponseSink::write(std::vector<archive::Slice> slices) {
  co_await begin();
  std::string const before = std::exchange(held_, {});
  std::vector<std::string_view> pieces;
  pieces.reserve(slices.size() + 2);
  if (!text_.empty()) pieces.push_back(text_);
  if (!before.empty()) pieces.push_back(before);
  if (holds_ && !slices.empty()) {
    std::string_view& last = slices.back().bytes;
    held_ = last.substr(last.size() - 1);
    last.remove_suffix(1);
  }
  std::uint64_t bytes = before.size();
  for (archive::Slice const& slice : slices) {
    if (!slice.bytes.empty()) pieces.push_back(slice.bytes);
    bytes += slice.bytes.size();
  }
  net::task<void> writing = exchange_.write(pieces);
  co_await to_client(std::move(writing));
  sent_bytes_.add(bytes);
  sent_ += bytes;
  text_.clear();
}

net::task<void> ResponseSink::release() {
  co_await begin();
  std::string const last = std::exchange(held_, {});
  if (last.empty()) co_return;
  std::string_view const pieces[] = {last};
  net::task<void> writing = exchange_.write(pieces);
  co_await to_client(std::move(writing));
  sent_bytes_.add(last.size());
  sent_ += last.size();
}

}  // namespace api
