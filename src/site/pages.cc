#include "site/pages.h"

#include "site/answer.h"

#include <string>
#include <utility>

namespace site {
namespace {

constexpr char const* no_site =
    "This server was built without its site, which -DS3ZIPPER_SITE=ON builds into it with npm.\n";

// The pages that one file draws, index.html: its script reads the path.
constexpr char const* drawn_pages[] = {
    "/",
    "/setup",
    "/registration/register",
    "/registration/login",
    "/registration/reset",
    "/registration/password",
    "/registration/confirm",
    "/registration/link",
    "/auth/develop",
    "/zips",
    "/zips/{id}",
    "/shared/{target}/{signature}",
    "/links",
    "/new",
    "/usage",
    "/account",
    "/admin/accounts",
    "/admin/system",
};

net::task<void> send(http::Exchange& exchange, Answer answer) {
  co_await exchange.start(std::move(answer.head));
  std::string_view const pieces[] = {answer.body()};
  co_await exchange.write(pieces);
  co_await exchange.finish();
}

net::task<void> tell_of_no_site(http::Exchange& exchange) {
  http::Response head{.status = 404, .reason = {}, .headers = {}};
  head.headers.add("Content-Type", "text/plain; charset=utf-8");
  head.headers.add("Cache-Control", "no-store");
  std::string text = no_site;
  co_await exchange.respond(std::move(head), std::move(text));
}

// Whether a file is at a path of its own, which no pattern fits.
bool stands_alone(File const& file) {
  return !file.is_html() && !file.path.starts_with("/assets/") && !file.path.starts_with("/docs/");
}

}  // namespace

Pages pages(api::Service const& service, Bundle const& bundle) {
  if (bundle.empty()) return {{{"GET", "/", tell_of_no_site}}, {}};
  auto const by = [&service, &bundle](Answer (*answer)(Bundle const&, Asked const&)) {
    return [&service, &bundle, answer](http::Exchange& exchange) {
      api::OwnAddress const own = api::own_address(service, exchange);
      Asked const asked{exchange.request(), own.prefix, api::is_trusted_by_browsers(own)};
      return send(exchange, answer(bundle, asked));
    };
  };
  Pages made;
  for (char const* const path : drawn_pages) made.routes.push_back({"GET", path, by(answer_page)});
  made.routes.push_back({"GET", "/docs", by(answer_page)});
  made.routes.push_back({"GET", "/docs/*", by(answer_elsewhere)});
  made.routes.push_back({"GET", "/assets/*", by(answer_asset)});
  for (File const& file : bundle.files()) {
    if (stands_alone(file))
      made.routes.push_back({"GET", std::string(file.path), by(answer_elsewhere)});
  }
  made.otherwise = by(answer_elsewhere);
  return made;
}

}  // namespace site
