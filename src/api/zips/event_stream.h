// An answer of Server-Sent Events (WHATWG HTML, 9.2): who may have it, its beginning, its lines.
#pragma once

#include "api/service.h"

#include <chrono>
#include <string>

namespace api {

// Like authorize(). A browser's EventSource cannot send an Authorization header: it brings the
// token in the query, as access_token.
net::task<accounts::Account> authorize_watcher(Service const& service, http::Exchange& exchange);

// Sends the head of the answer, which is the connection's last, and how soon to come again.
net::task<void> begin_events(http::Exchange& exchange);

// The text of events, or a comment line if none has been written for limits::result_heartbeat, so
// that no proxy cuts the connection.
class EventStream {
 public:
  explicit EventStream(http::Exchange& exchange) : exchange_(exchange) {}
  // An empty text is none.
  net::task<void> write(std::string text);

 private:
  using Clock = std::chrono::steady_clock;
  http::Exchange& exchange_;
  Clock::time_point written_at_ = Clock::now();
};

}  // namespace api
