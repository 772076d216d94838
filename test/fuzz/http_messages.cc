// A connection's bytes as HTTP requests and as responses, heads, bodies and chunks: however they
// are cut on their way, the same messages come out, and a head survives being written again.
#include "base/error.h"
#include "fuzzer.h"
#include "http/reader.h"
#include "net/runtime.h"
#include "net/stream.h"

#include <chrono>

namespace {

// Gives what it holds, in pieces, and then the end.
class Bytes final : public net::Stream {
 public:
  Bytes(std::string_view bytes, std::size_t step) : rest_(bytes), step_(step) {}

  net::task<std::size_t> read_some(std::span<char> into) override {
    std::size_t const size = rest_.copy(into.data(), std::min(into.size(), step_));
    rest_.remove_prefix(size);
    co_return size;
  }
  net::task<void> write(std::span<std::string_view const>) override { co_return; }
  net::task<void> write_file(int, std::uint64_t, std::uint64_t) override { co_return; }
  void set_idle_timeout(std::chrono::milliseconds) override {}
  bool quiet() const override { return rest_.empty(); }
  bool peer_ended() const override { return rest_.empty(); }
  void end_writing() override {}
  void close() override {}
  void reset() override {}
  std::string_view peer() const override { return "127.0.0.1:1"; }

 private:
  std::string_view rest_;
  std::size_t step_;
};

net::task<std::string> read_body(http::MessageReader& reader) {
  std::string body;
  char buffer[64];
  for (;;) {
    std::size_t const got = co_await reader.read_body(buffer);
    if (got == 0 && reader.body_done()) co_return body;
    body.append(buffer, got);
  }
}

net::task<void> read_requests(http::MessageReader& reader, std::string& seen) {
  for (;;) {
    auto const request = co_await reader.read_request(std::chrono::hours(1));
    if (!request) co_return;
    seen += to_wire(*request);
    seen += reader.keep_alive() ? "keep " : "close ";
    std::string const body = co_await read_body(reader);
    seen += body;
  }
}

net::task<void> read_responses(http::MessageReader& reader, std::string& seen) {
  while (!seen.ends_with("(the end)")) {
    http::Response const response = co_await reader.read_response(false);
    seen += to_wire(response);
    std::string const body = co_await read_body(reader);
    seen += body;
    if (!reader.keep_alive()) seen += "(the end)";
  }
}

// All messages that can be read whole.
std::string messages_of(std::string_view bytes, std::size_t step, http::Side side) {
  Bytes stream(bytes, step);
  http::MessageReader reader(stream);
  std::string seen;
  try {
    net::run_to_end(side == http::Side::request ? read_requests(reader, seen)
                                                : read_responses(reader, seen));
  } catch (base::Error const& error) {
    fuzz::require(error.fault() == base::Fault::bad_input ||
                      error.fault() == base::Fault::too_large ||
                      error.fault() == base::Fault::disconnected,
                  "what is wrong with a message is the sender's fault");
    seen += "(refused)";
  }
  return seen;
}

void require_same_again(std::string_view bytes) {
  http::Parser parser(http::Side::request);
  http::Request request;
  std::string wire;
  try {
    if (parser.feed_head(bytes) == 0) return;
    request = parser.request();
    wire = to_wire(request);
  } catch (base::Error const&) {
    return;
  }
  fuzz::require(request.path().size() <= request.target.size(), "a path is part of the target");
  http::Parser again(http::Side::request);
  fuzz::require(again.feed_head(wire) == wire.size(), "what we write of a head is a head");
  fuzz::require(again.request().method == request.method, "with the same method");
  fuzz::require(again.request().target == request.target, "with the same target");
  fuzz::require(again.request().headers == request.headers, "with the same headers");
  fuzz::require(again.framing() == parser.framing(), "with the same end of the body");
}

void run(std::string_view input) {
  for (http::Side const side : {http::Side::request, http::Side::response}) {
    std::string const whole = messages_of(input, input.size() + 1, side);
    fuzz::require(messages_of(input, 1, side) == whole, "bytes one by one say the same");
    fuzz::require(messages_of(input, 7, side) == whole, "pieces say the same");
  }
  require_same_again(input);
}

fuzz::Registered const registered("http_messages", run);

}  // namespace
