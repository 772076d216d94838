// The tools that the calls of the API work with. Made once by server/; borrowed by every handler.
#pragma once

#include "accounts/sign_in.h"
#include "accounts/throttle.h"
#include "api/request/zip_request.h"
#include "api/watch/monitor.h"
#include "api/watch/own_address.h"
#include "http/server.h"
#include "jobs/account_watch.h"
#include "jobs/runner.h"
#include "links/links.h"
#include "links/traffic.h"
#include "net/reach.h"
#include "notify/mail_text.h"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace api {

class Passwords;
class ZipWatches;

// The site's settings, and the ways in which it reaches people.
struct SiteRules {
  accounts::Registration registration = accounts::Registration::by_invitation;
  // Posts a mail to an address, in the background; empty: this server sends no mail, or does not
  // know the address that links in mails begin with.
  std::function<void(std::string address, notify::MailText mail)> post;
  // Told to administrators: the settings in force, without secrets, by their names in the file; the
  // folder of the database; and when this program began to serve.
  boost::json::array settings = {};
  std::string data_dir = {};
  base::UnixSeconds started_at = 0;
};

// The counters that /metrics tells besides requests and jobs.
struct Measured {
  s3::Counts const& s3_calls;
  std::vector<s3::LoopPool> const& pools;
  base::Budget const& blocks;
  base::Budget const& parts;
  base::Budget const& requests;
  jobs::JobTimes const& job_times;
};

struct Service {
  store::Store const& store;
  accounts::Keys const& keys;
  s3::ObjectStores& object_stores;
  std::chrono::milliseconds download_patience;  // with object stores, while a client waits
  store::LiveZips& live;
  net::BlockingPool& blocking;  // for calls that take a while, but no turn of the loop
  base::Budget& blocks;         // for fetched bytes
  base::Budget& requests;       // for large bodies
  jobs::Runner& runner;
  links::Links& links;
  links::Traffic& traffic;
  jobs::AccountWatch& account_watch;
  ZipRequestRules rules;
  std::string public_url;  // of links; empty: as the request says (own_address.h)
  bool tls = false;        // the API speaks https
  bool open = false;       // to all, without tokens (auth.mode = "none")
  accounts::Throttle& throttle;
  Passwords& passwords;
  SiteRules site;
  std::vector<net::Network> trusted_proxies;
  Monitor& monitor;
  ZipWatches& watches;
  Measured measured;
};

// The account of all callers of an open service; it is in the store.
inline constexpr std::string_view everybody_id = "everybody";

// The beginning of links: "https://zip.example.com/zips", without a slash at the end.
// Error{bad_input} if neither the configuration nor the request tells it.
std::string base_url(Service const& service, http::Exchange& exchange);
// Its path: "/zips", or empty.
std::string base_path(Service const& service, http::Exchange& exchange);
// The same as its parts; the host may be empty.
OwnAddress own_address(Service const& service, http::Exchange& exchange);

// The address by which the client has called this server, and whether its browser speaks https.
OwnAddress called_address(Service const& service, http::Exchange& exchange);
bool is_https(Service const& service, http::Exchange& exchange);

// The account whose token, or whose session, the request carries (caller.h tells more); if the
// service is open, one that all share, and Error{forbidden} for a page of another origin.
// Error{bad_input} for a malformed Authorization, {unauthorized} for a token that is missing, wrong
// or expired.
net::task<accounts::Account> authorize(Service const& service, http::Exchange& exchange);
// The same by a token that is not in the header, and is not looked at if the service is open.
net::task<accounts::Account> authorize_token(Service const& service, http::Exchange& exchange,
                                             std::string token);

// The object that the body is, of at most limits::max_small_body_bytes.
net::task<boost::json::object> read_json(http::Exchange& exchange);
// The fields of a body of at most `limit` bytes.
net::task<Fields> read_fields(http::Exchange& exchange, std::uint64_t limit);

// Those of a body that has been read.
Fields fields_of(http::Exchange& exchange, base::Secret const& body);

// Answers with a JSON text.
net::task<void> answer(http::Exchange& exchange, std::string json, int status = 200);

}  // namespace api
