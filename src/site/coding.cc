#include "site/coding.h"

#include "base/error.h"
#include "http/preferences.h"

#include <algorithm>

#include <zlib.h>

namespace site {
namespace {

// What the list says of a coding itself, or else of all others.
int weight(std::string_view name, std::string_view list) {
  if (auto const own = http::weight_of(name, list)) return *own;
  return http::weight_of("*", list).value_or(0);
}

}  // namespace

std::string_view name_of(Coding coding) {
  switch (coding) {
    case Coding::identity:
      return "";
    case Coding::gzip:
      return "gzip";
    case Coding::brotli:
      return "br";
  }
  return "";
}

Coding choose(std::string_view accept_encoding, Offered offered) {
  // Identity is taken where the list does not speak of it, after all that it names.
  int const identity = http::weight_of("identity", accept_encoding).value_or(0);
  int const gzip = offered.gzip ? std::max(weight("gzip", accept_encoding),  // its old name:
                                           http::weight_of("x-gzip", accept_encoding).value_or(0))
                                : 0;
  int const brotli = offered.brotli ? weight("br", accept_encoding) : 0;
  if (brotli > 0 && brotli >= gzip && brotli >= identity) return Coding::brotli;
  if (gzip > 0 && gzip >= identity) return Coding::gzip;
  return Coding::identity;
}

std::string gzip(std::string_view text) {
  constexpr int largest_window_with_a_gzip_head = 15 + 16;
  constexpr int default_memory = 8;
  z_stream stream{};
  int const begun = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                                 largest_window_with_a_gzip_head, default_memory, 0);
  base::check(begun == Z_OK, "zlib compresses");
  std::string out(deflateBound(&stream, text.size()), '\0');
  // zlib reads through this pointer only.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  int const ended = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  base::check(ended == Z_STREAM_END, "the bound is enough");
  return out;
}

}  // namespace site
