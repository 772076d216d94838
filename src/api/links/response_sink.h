// The body of an answer as the sink of an archive's bytes, and the ways in which a client ends it.
#pragma once

#include "api/links/answer.h"
#include "api/service.h"
#include "archive/deliver/sink.h"
#include "base/tally.h"

#include <memory>
#include <string>
#include <vector>

namespace api {

// A download, or its rest, is in vain: the client has left, or takes nothing, or the account has
// ended. Neither the object store nor an object is the reason.
class InVain : public base::Error {
 public:
  using base::Error::Error;
};

// Turns errors of the client's side into InVain.
net::task<void> to_client(net::task<void> writing);

// Throws InVain once the rest of a download is in vain.
net::task<void> throw_when_in_vain(Service const& service, http::Exchange& exchange,
                                   std::string account_id);

// The answer's body. Its head goes out with the first bytes: an earlier failure can still be told
// with a status.
class ResponseSink final : public archive::Sink {
 public:
  // `sent_bytes` counts the bytes that the client was sent.
  ResponseSink(http::Exchange& exchange, http::Response head, base::Counter& sent_bytes)
      : exchange_(exchange), head_(std::move(head)), sent_bytes_(sent_bytes) {}

  bool in_order() const override { return true; }

  std::uint64_t sent() const { return sent_; }
  // The text goes before the next slice.
  void put_before(std::string text) { text_ = std::move(text); }
  // The last byte that is written stays here until release(): the answer is not complete before all
  // of it has been checked.
  void hold_last_byte() { holds_ = true; }

  net::task<void> write(std::vector<archive::Slice> slices) override;
  // Sends what is held, and the head if nothing has been sent.
  net::task<void> release();

 private:
  net::task<void> begin();

  http::Exchange& exchange_;
  http::Response head_;
  base::Counter& sent_bytes_;
  std::string text_;
  std::uint64_t sent_ = 0;  // of the bytes, without texts
  bool holds_ = false;
  std::string held_;
};

// Counts what was sent when the download ends, however that happens.
struct CountSent {
  ~CountSent();
  links::Traffic& traffic;
  std::string const& account_id;
  std::string const& link_id;  // empty: it is no download of a link
  ResponseSink const& sink;
  bool from_start = false;  // of an archive: a download, and not the rest of one
};

}  // namespace api
