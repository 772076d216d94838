// drain: downloads one URL as cheaply as a client can: the kernel throws the bytes away. Prints one
// line of JSON: status, seconds until the first byte of data and until the last one, and bytes. A
// body shorter or longer than its Content-Length is an error.
//
//   drain http[s]://127.0.0.1:PORT/PATH [--output FILE] [--first-at N] [--rate BYTES_PER_SECOND]
//         [--seconds S]
//
// The N-th byte of the body counts as the first of data (default 1): an archive's local header
// comes before the data of its objects. With --seconds drain stops after S seconds.
#include "channel.h"
#include "sockets.h"

#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <span>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t buffer_bytes = 1 << 20;

struct Options {
  std::string url;
  std::string output;
  std::uint64_t first_at = 1;
  std::uint64_t rate = 0;
  double seconds = 0;
};

struct Result {
  int status = 0;
  double first_byte = -1;
  double seconds = 0;
  std::uint64_t bytes = 0;
};

class Download {
 public:
  explicit Download(Options const& options) : options_(options), buffer_(buffer_bytes) {
    if (!options.output.empty())
      output_ =
          checked(open(options.output.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644),
                  options.output);
  }

  Result run();

 private:
  double elapsed() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  void send_request();
  void read_head();
  std::size_t read_some(std::size_t wanted);
  void count(std::size_t bytes);
  void keep_to_rate();

  Options const& options_;
  std::vector<char> buffer_;
  int output_ = -1;
  TlsContext context_;
  Channel channel_;
  Clock::time_point start_;
  Result result_;
  std::uint64_t length_ = UINT64_MAX;  // until the connection's end
};

void Download::send_request() {
  std::string_view rest = options_.url;
  bool const tls = rest.starts_with("https://");
  if (!tls && !rest.starts_with("http://")) fail("not an http:// or https:// URL");
  rest.remove_prefix(rest.find("//") + 2);
  std::size_t const slash = rest.find('/');
  if (slash == std::string_view::npos) fail("a URL without a path");
  std::string const host(rest.substr(0, slash));
  std::string request = "GET " + std::string(rest.substr(slash)) + " HTTP/1.1\r\nHost: " + host +
                        "\r\nConnection: close\r\n\r\n";
  int const socket = connect_to(parse_address(host));
  if (tls) context_ = client_context();
  channel_ = tls ? Channel(socket, *context_) : Channel(socket);
  iovec const all{request.data(), request.size()};
  if (channel_.send({&all, 1}) != static_cast<ssize_t>(request.size()))
    fail("the request was not sent");
}

void Download::read_head() {
  std::size_t size = 0;
  for (;;) {
    ssize_t const got = channel_.receive(std::span(buffer_).subspan(size));
    if (got <= 0) fail("the connection ended before the reply's head");
    size += static_cast<std::size_t>(got);
    std::string_view const bytes(buffer_.data(), size);
    auto const head = head_size(bytes);
    if (!head) continue;
    result_.status = status_of(bytes);
    if (header(bytes.substr(0, *head), "transfer-encoding")) fail("a chunked reply");
    if (auto const length = header(bytes.substr(0, *head), "content-length"))
      length_ = number(*length, "Content-Length is not a number");
    if (output_ != -1 && pwrite(output_, buffer_.data() + *head, size - *head, 0) == -1)
      fail("writing the output");
    count(size - *head);
    return;
  }
}

std::size_t Download::read_some(std::size_t wanted) {
  // MSG_TRUNC: the kernel drops the bytes instead of copying them. (With TLS there are no flags.)
  int const flags = output_ == -1 ? MSG_TRUNC : 0;
  ssize_t const got = channel_.receive(std::span(buffer_).first(wanted), flags);
  if (got < 0) fail("the connection broke");
  auto const size = static_cast<std::size_t>(got);
  if (output_ != -1 &&
      pwrite(output_, buffer_.data(), size, static_cast<off_t>(result_.bytes)) != got)
    fail("writing the output");
  return size;
}

void Download::count(std::size_t bytes) {
  result_.bytes += bytes;
  if (result_.first_byte < 0 && result_.bytes >= options_.first_at) result_.first_byte = elapsed();
}

void Download::keep_to_rate() {
  if (options_.rate == 0) return;
  double const due = static_cast<double>(result_.bytes) / static_cast<double>(options_.rate);
  double const early = due - elapsed();
  if (early > 0) std::this_thread::sleep_for(std::chrono::duration<double>(early));
}

Result Download::run() {
  start_ = Clock::now();
  send_request();
  read_head();
  std::size_t const piece = options_.rate == 0 ? buffer_bytes : 64 << 10;
  while (result_.bytes < length_) {
    if (options_.seconds > 0 && elapsed() > options_.seconds) return result_;
    std::size_t const got = read_some(piece);
    if (got == 0) break;
    count(got);
    keep_to_rate();
  }
  result_.seconds = elapsed();
  if (length_ != UINT64_MAX && result_.bytes != length_) {
    std::fprintf(stderr, "drain: %llu bytes of a body of %llu\n",
                 static_cast<unsigned long long>(result_.bytes),
                 static_cast<unsigned long long>(length_));
    std::_Exit(1);
  }
  return result_;
}

}  // namespace
}  // namespace bench

int main(int count, char** arguments) {
  bench::Options options;
  CLI::App app("downloads one URL and throws it away");
  app.add_option("url", options.url)->required();
  app.add_option("--output", options.output);
  app.add_option("--first-at", options.first_at);
  app.add_option("--rate", options.rate);
  app.add_option("--seconds", options.seconds);
  CLI11_PARSE(app, count, arguments);
  bench::Result const result = bench::Download(options).run();
  std::printf("{\"status\": %d, \"first_byte\": %.6f, \"seconds\": %.6f, \"bytes\": %llu}\n",
              result.status, result.first_byte, result.seconds,
              static_cast<unsigned long long>(result.bytes));
  return 0;
}
