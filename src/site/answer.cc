#include "site/answer.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "http/conditions.h"
#include "http/preferences.h"
#include "http/router.h"
#include "site/coding.h"
#include "site/html.h"

#include <algorithm>

#include <fmt/format.h>

namespace site {
namespace {

constexpr std::string_view index_path = "/index.html";
constexpr std::string_view assets = "/assets/";

// The first segments of the API's paths.
constexpr std::string_view api_segments[] = {"api",    "gentoken", "healthz", "metrics",
                                             "readyz", "session",  "stream",  "tokenv2",
                                             "v1",     "v2",       "z"};

// What a page may load and do: its own files and calls, and nothing of others. A worker goes by the
// rules of its own file, so that files have them as well.
constexpr char const* content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";
constexpr char const* no_permissions =
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
// The name of a file there has a hash of its content.
constexpr char const* forever = "public, max-age=31536000, immutable";
constexpr char const* ask_each_time = "no-cache";

void add_browser_rules(http::Headers& headers, bool is_trusted) {
  headers.add("Content-Security-Policy", content_policy);
  headers.add("Referrer-Policy", "no-referrer");
  // Elsewhere browsers ignore it, and call that an error on their console.
  if (is_trusted) headers.add("Cross-Origin-Opener-Policy", "same-origin");
  headers.add("Permissions-Policy", no_permissions);
}

std::string etag_of(File const& file, std::string_view prefix, Coding coding) {
  std::string tag(file.hash);
  if (file.is_html() && !prefix.empty()) {
    constexpr std::size_t bytes_of_prefix = 8;
    base::Sha256 const digest = base::sha256(prefix);
    tag += '-' + base::hex(std::span(digest).first(bytes_of_prefix));
  }
  if (coding != Coding::identity) tag += fmt::format("-{}", name_of(coding));
  return '"' + tag + '"';
}

// The codings that there are of a file as a client with this prefix sees it.
Offered offered(File const& file, std::string_view prefix) {
  if (file.is_html() && !prefix.empty()) return {.gzip = true};
  return {.gzip = !file.gzip.empty(), .brotli = !file.brotli.empty()};
}

void set_body(Answer& answer, File const& file, std::string_view prefix, Coding coding) {
  bool const is_template = file.is_html() && (coding == Coding::identity || !prefix.empty());
  if (is_template) {
    answer.made = html_below(prefix, file.plain);
    if (coding == Coding::gzip) answer.made = gzip(answer.made);
  } else if (coding == Coding::identity) {
    answer.packed = file.plain;
  } else {
    answer.packed = coding == Coding::gzip ? file.gzip : file.brotli;
  }
}

bool is_read(http::Request const& request) {
  return request.method == "GET" || request.method == "HEAD";
}

// Browsers name HTML; programs name JSON, all types or none.
bool prefers_html(http::Request const& request) {
  std::string_view const accept = request.headers.get("accept");
  int const html = http::weight_of("text/html", accept).value_or(0);
  return html > http::weight_of("application/json", accept).value_or(0);
}

File const& index_of(Bundle const& bundle) {
  File const* const index = bundle.find(index_path);
  base::check(index != nullptr, "the site has an index.html");
  return *index;
}

bool has_slash_at_end(std::string_view path) {
  return path.size() > 1 && path.ends_with('/');
}

Answer lead_to_address_without_slash(Asked const& asked) {
  std::string_view path = asked.request.path();
  path.remove_suffix(1);
  std::string_view const query = asked.request.query();
  Answer answer;
  answer.head.status = 301;
  answer.head.headers.add(
      "Location", fmt::format("{}{}{}{}", asked.prefix, path, query.empty() ? "" : "?", query));
  answer.head.headers.add("Cache-Control", ask_each_time);
  answer.head.headers.add("Content-Length", "0");
  return answer;
}

}  // namespace

Answer answer_with(File const& file, Asked const& asked, int status) {
  http::Headers const& request = asked.request.headers;
  Coding const coding = choose(request.get("accept-encoding"), offered(file, asked.prefix));
  Answer answer;
  http::Headers& lines = answer.head.headers;
  answer.head.status = status;
  lines.add("Cache-Control", file.path.starts_with(assets) ? forever : ask_each_time);
  lines.add("Vary", "Accept-Encoding");
  add_browser_rules(lines, asked.is_trusted);
  if (status == 200) {
    std::string const etag = etag_of(file, asked.prefix, coding);
    lines.add("ETag", etag);
    if (http::has_already(request, etag)) {
      answer.head.status = 304;
      return answer;
    }
  }
  set_body(answer, file, asked.prefix, coding);
  lines.add("Content-Type", std::string(file.type));
  if (coding != Coding::identity) lines.add("Content-Encoding", std::string(name_of(coding)));
  lines.add("Content-Length", std::to_string(answer.body().size()));
  return answer;
}

Answer answer_asset(Bundle const& bundle, Asked const& asked) {
  File const* const file = bundle.find(asked.request.path());
  if (file == nullptr) throw http::nothing_at(asked.request);
  return answer_with(*file, asked);
}

Answer answer_page(Bundle const& bundle, Asked const& asked) {
  std::string_view const path = asked.request.path();
  if (has_slash_at_end(path)) return lead_to_address_without_slash(asked);
  File const* const own = bundle.find_page(path);
  return answer_with(own != nullptr ? *own : index_of(bundle), asked);
}

Answer answer_elsewhere(Bundle const& bundle, Asked const& asked) {
  std::string_view const path = asked.request.path();
  if (!is_read(asked.request) || is_of_api(path)) throw http::nothing_at(asked.request);
  if (File const* const file = bundle.find(path)) return answer_with(*file, asked);
  if (File const* const page = bundle.find_page(path))
    return has_slash_at_end(path) ? lead_to_address_without_slash(asked)
                                  : answer_with(*page, asked);
  if (!prefers_html(asked.request)) throw http::nothing_at(asked.request);
  return answer_with(index_of(bundle), asked, 404);
}

bool is_of_api(std::string_view path) {
  std::string_view const first = path.substr(1, path.find('/', 1) - 1);
  return std::ranges::find(api_segments, first) != std::ranges::end(api_segments);
}

}  // namespace site
