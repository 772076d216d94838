// The bytes of one call, both ways: the request's body comes in, the answer goes out, written as
// the bucket's quirks want it. Faults slow, cut, alter or lose bytes here, and nowhere else.
// Without faults the exchange gets all bytes as they are.
//
// Belongs to the exchange's loop. A fault that ends the connection throws base::Cancelled.
#pragma once

#include "base/clock.h"
#include "http/server.h"
#include "sandbox/faults/faults.h"
#include "sandbox/faults/quirks.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sandbox {

// Keeps bytes to a rate, from the first one on.
class Pace {
 public:
  explicit Pace(std::uint64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}
  // Waits until `bytes` more have had their time.
  net::task<void> wait(std::uint64_t bytes);
  // The number of bytes to send at a time, so that they come evenly.
  std::uint64_t step_bytes() const;

 private:
  std::uint64_t bytes_per_second_;  // 0: without a bound
  std::uint64_t passed_ = 0;
  std::optional<SteadyTime> start_;
};

class Wire {
 public:
  Wire(http::Exchange& exchange, Faults const& faults);  // borrowed

  http::Request const& request() const { return exchange_.request(); }
  std::optional<std::uint64_t> content_length() const { return exchange_.content_length(); }

  // These calls are those of http::Exchange.
  net::task<std::size_t> read_body(std::span<char> into);
  net::task<std::string> read_whole_body(std::uint64_t limit);
  net::task<void> respond(http::Response head, std::string body);
  net::task<void> start(http::Response head);
  net::task<void> write(std::span<std::string_view const> pieces);
  net::task<void> write_file(int file, std::uint64_t offset, std::uint64_t count);
  net::task<void> finish();

  void set_quirks(Quirks const& quirks);
  Quirks const& quirks() const { return quirks_; }
  base::UnixSeconds now() const;  // by the store's clock

  // From now on these strikes act. `bucket` is the one that may go away.
  void bend(Strikes const& strikes, std::string bucket);
  Strikes const& strikes() const { return strikes_; }
  // `document` replaces a document that is answered with 200.
  void replace_document(std::string document) { replacement_ = std::move(document); }

  // Reads the request's body to its end.
  net::task<void> discard_body();
  // Sends nothing for `time`, or until the client goes if no time is given.
  net::task<void> stall(std::optional<std::chrono::milliseconds> time);
  // These end the connection: in good order, so that sent bytes arrive, or by a reset.
  [[noreturn]] void cut();
  [[noreturn]] void reset();

 private:
  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  FaultRule const* rule() const { return strikes_.answer.rule; }
  bool does(FaultKind kind) const { return rule() != nullptr && rule()->kind == kind; }
  bool is_head() const { return request().method == "HEAD"; }
  void bend_head(http::Response& head);
  net::task<void> copy_file(int file, std::uint64_t offset, std::uint64_t count);
  void choose_stop(std::uint64_t body_bytes);
  net::task<void> send_white_space();
  net::task<void> stop_here();
  net::task<std::uint64_t> next_step(std::uint64_t wanted);

  http::Exchange& exchange_;
  Faults const& faults_;
  Quirks quirks_;
  bool chunked_ = false;  // the answer's body
  Strikes strikes_;
  std::string bucket_;
  bool bent_ = false;
  bool watches_outage_ = false;
  Pace in_{0};
  Pace out_{0};
  std::string replacement_;
  std::uint64_t sent_ = 0;          // of the answer's body
  std::uint64_t stop_at_ = never;   // place at which the fault strikes
  std::uint64_t body_end_ = never;  // of a body that is sent shorter
  std::uint64_t padding_ = 0;       // bytes to send behind a body that is sent longer
};

}  // namespace sandbox
