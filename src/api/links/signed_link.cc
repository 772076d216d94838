#include "api/links/signed_link.h"

#include "api/links/error_url.h"
#include "api/links/link.h"
#include "api/request/protection.h"
#include "archive/select/manifest.h"
#include "aws/endpoint.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "http/forms.h"
#include "store/kept_credentials.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

constexpr std::string_view path_start = "/z/";
constexpr std::string_view extension = ".zip";
constexpr std::string_view whole_bucket = "/";    // as a prefix
constexpr std::size_t max_file_name_bytes = 255;  // as file systems have it

// Values stand on lines of their own in the signed text: none can hold a line's end.
bool is_plain(std::string_view text) {
  return base::is_utf8(text) && std::ranges::none_of(text, base::is_control);
}

bool is_file_name(std::string_view name) {
  if (name.size() <= extension.size() || name.size() > max_file_name_bytes) return false;
  return name.find_first_of("/\\") == std::string_view::npos &&
         base::equals_ignoring_case(name.substr(name.size() - extension.size()), extension);
}

// The number, if it is written with no digit too many.
std::optional<base::UnixSeconds> parse_time(std::string_view text) {
  auto const number = base::parse_uint(text);
  if (!number || *number > INT64_MAX || std::to_string(*number) != text) return std::nullopt;
  return static_cast<base::UnixSeconds>(*number);
}

bool read_path(std::string_view path, SignedLink& link) {
  if (!path.starts_with(path_start)) return false;
  std::vector<std::string_view> const parts = base::split(path.substr(path_start.size()), '/');
  if (parts.size() != 3) return false;
  std::array<std::string*, 3> const fields{&link.user_key, &link.bucket, &link.file_name};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto value = base::percent_decode(parts[i]);
    if (!value || !is_plain(*value)) return false;
    *fields.at(i) = *std::move(value);
  }
  return aws::is_bucket_name(link.bucket) && is_file_name(link.file_name);
}

std::optional<std::vector<http::Field>> parse_query(std::string_view query) {
  try {
    return http::parse_urlencoded(query);
  } catch (Error const&) {
    return std::nullopt;
  }
}

// Unknown fields are refused in general words, except these: a client that asks for protection must
// not believe that it has it.
void check_asks_no_protection(std::string_view query) {
  auto const fields = parse_query(query);
  if (!fields) return;
  for (http::Field const& field : *fields) {
    if (asks_for_protection(field.name)) refuse_protection(field.name);
  }
}

bool read_query(std::string_view query, SignedLink& link) {
  auto const fields = parse_query(query);
  if (!fields) return false;
  std::string expires_at;
  std::array<std::pair<std::string_view, std::string*>, 5> const known{
      {{"prefix", &link.prefix},
       {"manifest", &link.manifest},
       {"ownZips", &link.own_zips},
       {"exp", &expires_at},
       {"sig", &link.signature}}};
  std::array<bool, known.size()> seen{};
  for (http::Field const& field : *fields) {
    auto const found =
        std::ranges::find(known, field.name, [](auto const& row) { return row.first; });
    if (found == known.end() || !is_plain(field.value)) return false;
    bool& again = seen.at(static_cast<std::size_t>(found - known.begin()));
    if (std::exchange(again, true)) return false;
    *found->second = field.value;
  }
  auto const [prefix, manifest, own_zips, exp, sig] = seen;
  if (own_zips && link.own_zips != "include" && link.own_zips != "exclude") return false;
  if (manifest && (prefix || link.manifest.empty())) return false;
  auto const time = parse_time(expires_at);
  link.expires_at = time.value_or(0);
  return time && !link.signature.empty() && link.prefix.size() <= limits::max_key_bytes &&
         link.manifest.size() <= limits::max_key_bytes;
}

// The account that a link names, as far as it is known.
struct Signer {
  std::optional<accounts::Account> account;  // nullopt: its links do not count
  store::UnsealedCredentials kept;
};

// Whether the account keeps this key's secret here, and the secret has not ended.
bool is_kept(store::KeyOfAccount const& known, store::UnsealedCredentials const& kept) {
  return !kept.user_secret.empty() && kept.user_key == known.key.user_key &&
         accounts::is_current(known.key, kept.key_generation, base::unix_now());
}

// Costs about the same for any userKey: the time does not tell which accounts there are.
net::task<Signer> find_signer(Service const& service, std::string user_key) {
  store::UserKeys& user_keys = service.store.user_keys;
  auto const known = co_await user_keys.find(std::move(user_key));
  Signer signer;
  if (known) signer.account = known->account;
  std::string id = known ? known->account.id : std::string();
  auto sealed = co_await user_keys.find_kept(std::move(id));
  if (!sealed) {
    store::UnsealedCredentials decoy;
    decoy.user_secret = base::Secret(std::string(accounts::user_secret_characters, '-'));
    sealed = store::seal_kept(service.keys, "", decoy, 0);
    signer.account.reset();
  }
  signer.kept = store::open_kept(service.keys, *sealed);
  bool const may_sign = signer.account && !signer.account->disabled;
  if (!may_sign || !is_kept(*known, signer.kept)) signer.account.reset();
  co_return signer;
}

// The signer of the link. Error{forbidden} tells nothing but that the link is not valid.
net::task<Signer> check_link(Service const& service, std::optional<SignedLink> const& link) {
  SignedLink const checked = link.value_or(SignedLink());
  Signer signer = co_await find_signer(service, checked.user_key);
  std::string const signature = sign_link(checked, signer.kept.user_secret);
  bool const matches = base::equals_in_constant_time(signature, checked.signature);
  if (!matches || !signer.account || !link) throw Error(Fault::forbidden, "this link is not valid");
  co_return signer;
}

void check_time(SignedLink const& link, base::UnixSeconds now) {
  if (link.expires_at <= now) throw Error(Fault::gone, "this link has expired; ask for a new one");
  constexpr std::chrono::days longest =
      std::chrono::ceil<std::chrono::days>(limits::max_signed_link_life);
  if (link.expires_at - now > std::chrono::seconds(longest).count())
    throw Error(Fault::bad_input, fmt::format("exp is more than {} days ahead", longest.count()));
}

// An application whose folder's name came out empty must not have signed the whole bucket by that.
void check_selection(SignedLink const& link) {
  if (link.prefix.empty() && link.manifest.empty())
    throw Error(Fault::bad_input, "prefix is empty: the whole bucket is prefix=/");
}

void check_bucket(SignedLink const& link, std::vector<std::string> const& allowed) {
  if (allowed.empty() || std::ranges::find(allowed, link.bucket) != allowed.end()) return;
  throw Error(Fault::forbidden,
              "the credentials that the account keeps here are not for this bucket");
}

archive::Request request_of(SignedLink const& link, store::UnsealedCredentials const& kept) {
  archive::Request request;
  request.endpoint = kept.endpoint;
  request.region = kept.region;
  request.bucket = link.bucket;
  request.exact_paths = true;
  if (link.own_zips == "include") request.own_zips = archive::OwnZips::include;
  if (link.manifest.empty()) {
    request.paths = {link.bucket + "/" + (link.prefix == whole_bucket ? "" : link.prefix)};
    request.name_style = archive::NameStyle::below_path;
  } else {
    request.manifest = {.bucket = link.bucket, .key = link.manifest};
    archive::format_of(request.manifest);  // throws if the key does not tell it
  }
  return request;
}

// The same id for the same link by the same keys, which no client can guess.
std::string link_id(accounts::Keys const& keys, SignedLink const& link, Signer const& signer) {
  std::string id = keys.link_signature(fmt::format(
      "signed link\n{}\n{}\n{}\n{}\n{}", signer.kept.user_key, signer.kept.key_generation,
      signer.kept.endpoint, signer.kept.region, text_to_sign(link)));
  // A UUID of version 8 (RFC 9562): bits of the maker's own.
  id[12] = '8';
  id[16] = 'a';
  for (std::size_t const dash : {8U, 13U, 18U, 23U}) id.insert(dash, 1, '-');
  return id;
}

// The hold of a link that is to be listed now, as it is new, or an earlier listing failed a while
// ago.
net::task<std::optional<store::Hold>> make_link(store::Links& links, store::Link link) {
  auto const known = co_await links.find(link.id);
  if (known) {
    constexpr auto pause = std::chrono::seconds(limits::failed_listing_pause);
    bool const again = known->state == store::LinkState::failed &&
                       known->created_at + pause.count() <= link.created_at;
    if (!again) co_return std::nullopt;
    co_return co_await links.relist(link.id, link.session, link.created_at);
  }
  store::Hold const hold = link.hold();
  try {
    store::NewLink created{.link = std::move(link)};
    co_await links.create(std::move(created));
  } catch (Error const& error) {
    if (error.fault() != Fault::conflict) throw;
    co_return std::nullopt;  // another request of the same link was faster
  }
  co_return hold;
}

// Sends the archive that a link with a known signer asks for.
net::task<void> send_genuine(Service const& service, http::Exchange& exchange, SignedLink link,
                             Signer signer) {
  base::UnixSeconds const now = base::unix_now();
  check_time(link, now);
  check_bucket(link, signer.kept.credentials.allowed_buckets);
  check_selection(link);
  store::Link made;
  made.id = link_id(service.keys, link, signer);
  made.account_id = signer.account->id;
  made.api_version = 2;
  made.session = service.links.session();
  made.request = archive::encode(request_of(link, signer.kept));
  made.file_name = link.file_name;
  made.created_at = now;
  made.expires_at = link.expires_at;
  made.uses_kept_credentials = true;
  made.signing_key = signer.kept.user_key;
  made.signing_generation = signer.kept.key_generation;
  std::string const id = made.id;
  std::optional<store::Hold> hold = co_await make_link(service.store.links, std::move(made));
  if (hold) {
    service.links.begin_listing(*std::move(hold));
    base::log_info(fmt::format("stream {}: made by a signed link", id),
                   {{"request_id", exchange.id()}});
  }
  co_await send_to_people(service, exchange, id, 0, AfterFailure::listed_again);
}

}  // namespace

std::optional<SignedLink> parse_signed_link(std::string_view path, std::string_view query) {
  SignedLink link;
  if (!read_path(path, link) || !read_query(query, link)) return std::nullopt;
  return link;
}

std::string text_to_sign(SignedLink const& link) {
  bool const has_list = !link.manifest.empty();
  std::string text =
      fmt::format("s3zipper-link-1\n{}\n{}\n{}={}\n{}\n{}", link.user_key, link.bucket,
                  has_list ? "manifest" : "prefix", has_list ? link.manifest : link.prefix,
                  link.file_name, link.expires_at);
  // This field was added later: links without it are signed as they always were.
  if (!link.own_zips.empty()) text.append("\nownZips=").append(link.own_zips);
  return text;
}

std::string sign_link(SignedLink const& link, base::Secret const& user_secret) {
  return base::hex(base::hmac_sha256(base::as_bytes(user_secret.reveal()), text_to_sign(link)));
}

net::task<void> signed_download(Service const& service, http::Exchange& exchange) {
  http::Request const& asked = exchange.request();
  std::optional<SignedLink> const link = parse_signed_link(asked.path(), asked.query());
  if (!link) check_asks_no_protection(asked.query());
  Signer signer = co_await check_link(service, link);
  FindOwner owner = account_by_id(signer.account->id);
  net::task<void> sending = send_genuine(service, exchange, *link, std::move(signer));
  co_await with_error_url(service, exchange, std::move(owner), std::move(sending));
}

}  // namespace api
