#include "site/answer.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace site {
namespace {

constexpr std::string_view packed =
    "s3zipper-site 1\n"
    "/assets/a-1.js\ttext/javascript; charset=utf-8\ta1\t5\t3\t2\n"
    "/assets/b-2.png\timage/png\tb2\t3\t0\t0\n"
    "/docs/a/index.html\ttext/html; charset=utf-8\td1\t5\t0\t0\n"
    "/icon.svg\timage/svg+xml\tc1\t4\t0\t0\n"
    "/index.html\ttext/html; charset=utf-8\ti1\t39\t3\t2\n"
    "\n"
    "PLAIN.gzbrPNG<doc>icon<html data-base=\"/\"><img src=\"./a.png\">igzib";
Bundle const bundle(packed);

constexpr char const* browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

http::Request get(std::string path, std::vector<http::Field> lines = {}) {
  http::Request request{.method = "GET", .target = std::move(path), .headers = {}};
  for (http::Field& line : lines) request.headers.add(line.name, line.value);
  return request;
}

Answer asset(http::Request const& request, std::string prefix = "") {
  return answer_asset(bundle, {request, std::move(prefix)});
}
Answer page(http::Request const& request, std::string prefix = "") {
  return answer_page(bundle, {request, std::move(prefix)});
}
Answer elsewhere(http::Request const& request, std::string prefix = "") {
  return answer_elsewhere(bundle, {request, std::move(prefix)});
}

void expect_nothing_at(http::Request const& request,
                       Answer (*answer)(Bundle const&, Asked const&)) {
  try {
    answer(bundle, {request, "", true});
    ADD_FAILURE() << request.target;
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::not_found) << request.target;
  }
}

TEST(Answer, an_asset_is_kept_for_ever_in_the_coding_that_is_liked_most) {
  struct Case {
    char const* accepted;
    char const* coding;
    char const* body;
    char const* etag;
  };
  for (Case const& one : std::vector<Case>{{"", "", "PLAIN", "\"a1\""},
                                           {"gzip", "gzip", ".gz", "\"a1-gzip\""},
                                           {"gzip, br", "br", "br", "\"a1-br\""},
                                           {"gzip, br;q=0", "gzip", ".gz", "\"a1-gzip\""}}) {
    Answer const answer = asset(get("/assets/a-1.js", {{"Accept-Encoding", one.accepted}}));
    http::Headers const& lines = answer.head.headers;
    EXPECT_EQ(answer.head.status, 200);
    EXPECT_EQ(answer.body(), one.body);
    EXPECT_EQ(lines.get("Content-Encoding"), one.coding);
    EXPECT_EQ(lines.get("ETag"), one.etag);
    EXPECT_EQ(lines.get("Content-Length"), std::to_string(answer.body().size()));
    EXPECT_EQ(lines.get("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(lines.get("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(lines.get("Vary"), "Accept-Encoding");
  }
  EXPECT_EQ(asset(get("/assets/b-2.png", {{"Accept-Encoding", "gzip, br"}})).body(), "PNG");
}

TEST(Answer, an_asset_that_is_missing_is_no_page) {
  for (char const* path : {"/assets/none.js", "/assets/", "/assets/../index.html", "/assets/a-1"})
    expect_nothing_at(get(path, {{"Accept", browser}}), answer_asset);
}

TEST(Answer, a_page_is_asked_for_each_time) {
  for (char const* path : {"/", "/zips", "/zips/abc", "/docs"}) {
    Answer const answer = page(get(path));
    EXPECT_EQ(answer.head.status, 200);
    EXPECT_EQ(answer.body(), "<html data-base=\"/\"><img src=\"/a.png\">") << path;
    EXPECT_EQ(answer.head.headers.get("Cache-Control"), "no-cache");
    EXPECT_EQ(answer.head.headers.get("ETag"), "\"i1\"");
  }
  EXPECT_EQ(page(get("/", {{"Accept-Encoding", "br"}})).body(), "ib");
  EXPECT_EQ(page(get("/docs/a")).body(), "<doc>");
}

TEST(Answer, a_client_that_has_the_file_is_told_so) {
  for (char const* known : {"\"i1-br\"", "W/\"i1-br\"", "\"x\", \"i1-br\"", "*"}) {
    Answer const answer = page(get("/", {{"Accept-Encoding", "br"}, {"If-None-Match", known}}));
    EXPECT_EQ(answer.head.status, 304) << known;
    EXPECT_EQ(answer.body(), "");
    EXPECT_EQ(answer.head.headers.get("ETag"), "\"i1-br\"");
    EXPECT_EQ(answer.head.headers.get("Vary"), "Accept-Encoding");
    EXPECT_FALSE(answer.head.headers.find("Content-Length"));
  }
  for (char const* other : {"\"i1\"", "\"i1-gzip\"", "\"i2-br\"", "i1-br"})
    EXPECT_EQ(page(get("/", {{"Accept-Encoding", "br"}, {"If-None-Match", other}})).head.status,
              200)
        << other;
  EXPECT_EQ(page(get("/", {{"If-Modified-Since", "Sun, 22 Nov 2026 12:00:01 GMT"}})).head.status,
            200);
}

TEST(Answer, below_a_prefix_the_page_is_another) {
  Answer const plain = page(get("/zips"), "/tools");
  EXPECT_EQ(plain.body(), "<html data-base=\"/tools/\"><img src=\"/tools/a.png\">");
  std::string const etag(plain.head.headers.get("ETag"));
  EXPECT_TRUE(etag.starts_with("\"i1-")) << etag;
  Answer const packed_one = page(get("/zips", {{"Accept-Encoding", "gzip, br"}}), "/tools");
  EXPECT_EQ(packed_one.head.headers.get("Content-Encoding"), "gzip");
  EXPECT_TRUE(packed_one.body().starts_with("\x1f\x8b"));
  EXPECT_EQ(packed_one.head.headers.get("Content-Length"),
            std::to_string(packed_one.body().size()));
  EXPECT_NE(packed_one.head.headers.get("ETag"), etag);
  EXPECT_NE(page(get("/zips"), "/other").head.headers.get("ETag"), etag);
  EXPECT_EQ(page(get("/zips", {{"If-None-Match", etag}}), "/tools").head.status, 304);
  EXPECT_EQ(page(get("/zips", {{"If-None-Match", etag}}), "/other").head.status, 200);
  EXPECT_EQ(asset(get("/assets/a-1.js", {{"Accept-Encoding", "br"}}), "/tools").body(), "br");
}

TEST(Answer, a_pages_address_has_no_slash_at_its_end) {
  for (Answer const& answer : {elsewhere(get("/docs/a/?b=c/")), page(get("/docs/a/?b=c/"))}) {
    EXPECT_EQ(answer.head.status, 301);
    EXPECT_EQ(answer.head.headers.get("Location"), "/docs/a?b=c/");
    EXPECT_EQ(answer.head.headers.get("Content-Length"), "0");
  }
  EXPECT_EQ(page(get("/zips/"), "/tools").head.headers.get("Location"), "/tools/zips");
  EXPECT_EQ(page(get("/")).head.status, 200);
  // Nothing leads to another server.
  for (char const* path : {"//evil.example.com/", "//docs/a/", "/nothing/"})
    expect_nothing_at(get(path), answer_elsewhere);
}

TEST(Answer, files_and_pages_of_the_bundle_are_found_elsewhere) {
  Answer const icon = elsewhere(get("/icon.svg"));
  EXPECT_EQ(icon.body(), "icon");
  EXPECT_EQ(icon.head.headers.get("Cache-Control"), "no-cache");
  EXPECT_EQ(elsewhere(get("/docs/a")).body(), "<doc>");
}

TEST(Answer, people_see_a_page_where_there_is_none) {
  for (char const* accepted : {browser, "text/html", "application/json;q=0.5, text/html"}) {
    Answer const answer =
        elsewhere(get("/nothing/here", {{"Accept", accepted}, {"If-None-Match", "*"}}));
    EXPECT_EQ(answer.head.status, 404) << accepted;
    EXPECT_TRUE(answer.body().starts_with("<html data-base")) << accepted;
    EXPECT_FALSE(answer.head.headers.find("ETag"));
  }
  for (char const* accepted : {"", "*/*", "application/json", "application/json, text/html",
                               "text/html;q=0", "image/avif,image/webp,*/*;q=0.8"})
    expect_nothing_at(get("/nothing/here", {{"Accept", accepted}}), answer_elsewhere);
}

TEST(Answer, paths_of_the_api_and_other_methods_have_no_page) {
  for (char const* path :
       {"/api", "/api/", "/api/nothing", "/session", "/session/x", "/stream", "/z", "/v1",
        "/v2/nothing", "/gentoken", "/tokenv2", "/healthz", "/readyz/x", "/metrics", "/api?a=b"})
    expect_nothing_at(get(path, {{"Accept", browser}}), answer_elsewhere);
  http::Request request = get("/nothing", {{"Accept", browser}});
  for (char const* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    request.method = method;
    expect_nothing_at(request, answer_elsewhere);
  }
  request.method = "HEAD";
  EXPECT_EQ(elsewhere(request).head.status, 404);
  for (char const* path : {"/", "/apis", "/zips", "/v3", "/streams/a"})
    EXPECT_FALSE(is_of_api(path)) << path;
}

TEST(Answer, what_browsers_are_told) {
  for (Answer const& answer :
       {asset(get("/assets/a-1.js")), page(get("/")), page(get("/", {{"If-None-Match", "*"}})),
        elsewhere(get("/none", {{"Accept", browser}}))}) {
    http::Headers const& lines = answer.head.headers;
    std::string_view const policy = lines.get("Content-Security-Policy");
    EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'; ")) << policy;
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string_view::npos);
    EXPECT_EQ(lines.get("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(lines.get("Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_NE(lines.get("Permissions-Policy"), "");
  }
  http::Request const request = get("/");
  Answer const answer = answer_page(bundle, {request, "", false});
  EXPECT_FALSE(answer.head.headers.find("Cross-Origin-Opener-Policy"));
}

}  // namespace
}  // namespace site
