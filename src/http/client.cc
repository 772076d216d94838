#include "http/client.h"

#include "base/error.h"

#include <vector>

namespace http {

ClientConnection::ClientConnection(std::unique_ptr<net::Stream> stream)
    : stream_(std::move(stream)), reader_(*stream_) {}

net::task<Response> ClientConnection::exchange(Request const& request,
                                               std::span<std::string_view const> body) {
  broken_ = true;  // until the answer's head is there
  std::string const head = to_wire(request);
  std::vector<std::string_view> pieces{head};
  pieces.insert(pieces.end(), body.begin(), body.end());
  std::exception_ptr write_failure;
  try {
    co_await stream_->write(pieces);
  } catch (base::Error const& error) {
    if (error.fault() != base::Fault::disconnected || body.empty()) throw;
    write_failure = std::current_exception();
  }
  // A server that refuses an upload answers and closes during the upload: its answer says more than
  // the broken pipe.
  std::optional<Response> response;
  try {
    response = co_await reader_.read_response(request.method == "HEAD");
  } catch (base::Error const&) {
    if (write_failure) std::rethrow_exception(write_failure);
    throw;
  }
  broken_ = write_failure != nullptr;
  co_return std::move(*response);
}

net::task<std::string> ClientConnection::read_whole_body(std::uint64_t limit) {
  std::string body;
  std::vector<char> buffer(16 * 1024);
  for (;;) {
    std::size_t const got = co_await reader_.read_body(buffer);
    if (got == 0) co_return body;
    if (body.size() + got > limit)
      throw base::Error(base::Fault::too_large, "the server's answer is too large");
    body.append(buffer.data(), got);
  }
}

bool ClientConnection::reusable() const {
  return !broken_ && reader_.body_done() && reader_.keep_alive() && !reader_.has_more();
}

}  // namespace http
