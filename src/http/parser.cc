#include "http/parser.h"

#include "base/error.h"
#include "base/limits.h"

#include <array>
#include <cstddef>
#include <memory_resource>
#include <tuple>
#include <variant>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace http {
namespace {

namespace beast = boost::beast::http;
using Allocator = std::pmr::polymorphic_allocator<char>;
using RequestParser = beast::request_parser<beast::buffer_body, Allocator>;
using ResponseParser = beast::response_parser<beast::buffer_body, Allocator>;

[[noreturn]] void throw_malformed(boost::system::error_code const& error) {
  if (error == beast::error::header_limit)
    throw base::Error(base::Fault::too_large, "the head of the HTTP message is too large");
  throw base::Error(base::Fault::bad_input, "malformed HTTP: " + error.message());
}

// True if a line goes on in the next one (obs-fold). Proxies differ in the value that they read, so
// that a framing header may end a request here and not there (RFC 9112, 5.2).
bool is_folded(std::string_view head) {
  return head.find("\r\n ") != std::string_view::npos ||
         head.find("\r\n\t") != std::string_view::npos;
}

constexpr std::size_t bare_status_line_bytes = std::string_view("HTTP/1.1 200").size();

// True for "HTTP/1.1 200\r", without the space that belongs behind the status even if no reason
// follows (RFC 9112, 4); some servers leave it out.
bool ends_with_status(std::string_view line) {
  return line.size() == bare_status_line_bytes + 1 && line.starts_with("HTTP/1.") &&
         line.ends_with('\r');
}

template <class Fields>
Headers to_headers(Fields const& fields) {
  constexpr std::size_t usual_lines = 16;
  Headers headers;
  headers.reserve(usual_lines);
  for (auto const& field : fields) headers.add(field.name_string(), field.value());
  return headers;
}

}  // namespace

// Room for a usual message's lines: Beast allocates each line by itself.
constexpr std::size_t usual_lines_bytes = 2048;

struct Parser::Impl {
  explicit Impl(Side which) : side(make(which, &lines)) {}

  using Parsers = std::variant<RequestParser, ResponseParser>;
  static Parsers make(Side side, std::pmr::memory_resource* lines) {
    std::tuple const of_fields{Allocator(lines)};
    constexpr std::tuple<> of_body;
    constexpr std::piecewise_construct_t both;
    if (side == Side::request)
      return Parsers(std::in_place_type<RequestParser>, both, of_body, of_fields);
    return Parsers(std::in_place_type<ResponseParser>, both, of_body, of_fields);
  }

  std::array<std::byte, usual_lines_bytes> memory;
  std::pmr::monotonic_buffer_resource lines{memory.data(), memory.size()};
  Parsers side;
  bool answers_head = false;
  bool chunks_begun = false;

  // One visit reaches the common base of Beast's two parsers.
  template <class F>
  decltype(auto) with(F call) {
    return std::visit([&](auto& parser) -> decltype(auto) { return call(parser); }, side);
  }
};

Parser::Parser(Side side, bool answers_head) : impl_(std::make_unique<Impl>(side)) {
  impl_->answers_head = answers_head;
  impl_->with([&](auto& parser) {
    parser.header_limit(base::limits::max_head_bytes);
    parser.body_limit(boost::none);
    parser.skip(answers_head);
  });
}

Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

std::size_t Parser::feed_head(std::string_view bytes) {
  if (bytes.empty()) return 0;
  // Beast waits for CR LF for ever if a line ends in LF alone.
  std::size_t const line_end = bytes.find('\n');
  if (line_end != std::string_view::npos && (line_end == 0 || bytes[line_end - 1] != '\r'))
    throw base::Error(base::Fault::bad_input, "malformed HTTP: a line without CR before its LF");
  bool const asks = std::holds_alternative<RequestParser>(impl_->side);
  if (!asks && ends_with_status(bytes.substr(0, line_end))) {
    std::string mended(bytes);
    mended.insert(bare_status_line_bytes, 1, ' ');
    std::size_t const mended_size = feed_head(mended);
    return mended_size == 0 ? 0 : mended_size - 1;
  }
  std::size_t const size = impl_->with([&](auto& parser) -> std::size_t {
    boost::system::error_code error;
    std::size_t const consumed =
        parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    if (error == beast::error::need_more) return 0;
    if (error) throw_malformed(error);
    return parser.is_header_done() ? consumed : 0;
  });
  if (asks && is_folded(bytes.substr(0, size)))
    throw base::Error(base::Fault::bad_input, "malformed HTTP: a header line goes on in the next");
  return size;
}

Request Parser::request() const {
  auto const& message = std::get<RequestParser>(impl_->side).get();
  return {std::string(message.method_string()), std::string(message.target()), to_headers(message)};
}

Response Parser::response() const {
  auto const& message = std::get<ResponseParser>(impl_->side).get();
  return {static_cast<int>(message.result_int()), std::string(message.reason()),
          to_headers(message)};
}

Framing Parser::framing() const {
  if (impl_->answers_head) return Framing::none;
  return impl_->with([](auto& parser) {
    if (parser.chunked()) return Framing::chunked;
    if (auto const length = parser.content_length()) {
      return *length == 0 ? Framing::none : Framing::length;
    }
    return parser.need_eof() ? Framing::until_close : Framing::none;
  });
}

std::uint64_t Parser::content_length() const {
  return impl_->with([](auto& parser) { return parser.content_length().value_or(0); });
}

bool Parser::keep_alive() const {
  return impl_->with([](auto& parser) { return parser.get().keep_alive(); });
}

bool Parser::is_http_1_0() const {
  return impl_->with([](auto& parser) { return parser.get().version() < 11; });
}

Parser::Decoded Parser::feed_chunked(std::string_view bytes, std::span<char> into) {
  // The size of the shortest chunked body. If Beast has seen its beginning, "0 CR LF", it asserts
  // that the next call brings no fewer bytes than this.
  constexpr std::size_t shortest = 5;
  if (!impl_->chunks_begun && bytes.size() < shortest) return {};
  return impl_->with([&](auto& parser) {
    auto& body = parser.get().body();
    body.data = into.data();
    body.size = into.size();
    body.more = true;
    boost::system::error_code error;
    Decoded decoded;
    while (decoded.consumed < bytes.size() && !parser.is_done()) {
      std::string_view const rest = bytes.substr(decoded.consumed);
      decoded.consumed += parser.put(boost::asio::const_buffer(rest.data(), rest.size()), error);
      if (error) break;
    }
    if (error && error != beast::error::need_more && error != beast::error::need_buffer)
      throw_malformed(error);
    decoded.produced = into.size() - body.size;
    decoded.done = parser.is_done();
    impl_->chunks_begun = impl_->chunks_begun || decoded.consumed > 0;
    return decoded;
  });
}

}  // namespace http
