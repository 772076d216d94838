// The client's side of one HTTP/1.1 connection.
#pragma once

#include "http/message.h"
#include "http/reader.h"
#include "net/stream.h"

#include <memory>
#include <span>
#include <string>

namespace http {

class ClientConnection {
 public:
  explicit ClientConnection(std::unique_ptr<net::Stream> stream);

  // Sends the head and the body's pieces and reads the answer's head, even one that comes before
  // the server has taken the whole body. The request carries its own Host and Content-Length.
  net::task<Response> exchange(Request const& request, std::span<std::string_view const> body);
  // The next bytes of the answer's body, like MessageReader::read_body().
  net::task<std::size_t> read_body(std::span<char> into) { return reader_.read_body(into); }
  // The whole body; Error{too_large} over `limit` bytes.
  net::task<std::string> read_whole_body(std::uint64_t limit);
  std::optional<std::uint64_t> content_length() const { return reader_.content_length(); }

  // True if the answer was read to its end and the server keeps the connection.
  bool reusable() const;
  // True if reusable and no byte has arrived since: the server has not closed it.
  bool fresh() const { return reusable() && stream_->quiet(); }
  net::Stream& stream() { return *stream_; }

 private:
  std::unique_ptr<net::Stream> stream_;
  MessageReader reader_;
  bool broken_ = false;
};

}  // namespace http
