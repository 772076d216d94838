#include "notify/smtp.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "http/host_name.h"
#include "http/url.h"
#include "net/reach.h"
#include "notify/curl_library.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

namespace notify {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

struct FreeCurl {
  void operator()(CURL* curl) const { curl_library().easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_library().slist_free_all(list); }
  void operator()(curl_mime* mime) const { curl_library().mime_free(mime); }
};
using Curl = std::unique_ptr<CURL, FreeCurl>;
using Lines = std::unique_ptr<curl_slist, FreeCurl>;
using Mime = std::unique_ptr<curl_mime, FreeCurl>;

Curl new_curl() {
  Curl curl(curl_library().easy_init());
  base::check(curl != nullptr, "curl_easy_init");
  return curl;
}

void append(Lines& lines, std::string const& line) {
  curl_slist* const shorter = lines.release();
  curl_slist* const longer = curl_library().slist_append(shorter, line.c_str());
  lines.reset(longer == nullptr ? shorter : longer);
  base::check(longer != nullptr, "curl_slist_append");
}

template <class Value>
void set(Curl& curl, CURLoption option, Value value) {
  base::check(curl_library().easy_setopt(curl.get(), option, value) == CURLE_OK,
              "curl_easy_setopt");
}

// RFC 2047: header lines are ASCII. Words of up to 45 bytes, none cut inside a character.
std::string encoded_header(std::string_view text) {
  if (std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }))
    return std::string(text);
  constexpr std::size_t longest = 45;
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min(longest, text.size());
    while (size < text.size() && (text[size] & '\xC0') == '\x80') --size;
    out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ",
                       base::base64(base::as_bytes(text.substr(0, size))));
    text.remove_prefix(size);
  }
  return out;
}

// RFC 5322, 3.3: "Sun, 22 Nov 2026 12:00:00 +0000".
std::string mail_date(base::UnixSeconds time) {
  std::string date = base::http_date(time);
  return date.replace(date.size() - 3, 3, "+0000");
}

Lines header_lines(SmtpSettings const& settings, std::string const& address, MailText const& mail,
                   std::string const& id) {
  std::string const domain = settings.from.substr(settings.from.rfind('@') + 1);
  Lines lines;
  append(lines, fmt::format("Date: {}", mail_date(base::unix_now())));
  append(lines, fmt::format("From: <{}>", settings.from));
  append(lines, fmt::format("To: <{}>", address));
  append(lines, fmt::format("Subject: {}", encoded_header(mail.subject)));
  append(lines, fmt::format("Message-ID: <{}@{}>", id, domain));
  append(lines, "Auto-Submitted: auto-generated");
  return lines;
}

void add_part(Mime& mime, std::string const& content, char const* type) {
  curl_mimepart* const part = curl_library().mime_addpart(mime.get());
  base::check(part != nullptr, "curl_mime_addpart");
  bool const whole = curl_library().mime_data(part, content.data(), content.size()) == CURLE_OK &&
                     curl_library().mime_type(part, type) == CURLE_OK &&
                     curl_library().mime_encoder(part, "quoted-printable") == CURLE_OK;
  base::check(whole, "curl_mime_data");
}

// The text comes first: the last alternative that a program can show counts (RFC 2046, 5.1.4).
Mime body_of(Curl& curl, MailText const& mail) {
  Mime alternatives(curl_library().mime_init(curl.get()));
  add_part(alternatives, mail.text, "text/plain; charset=utf-8");
  add_part(alternatives, mail.html, "text/html; charset=utf-8");
  Mime body(curl_library().mime_init(curl.get()));
  curl_mimepart* const part = curl_library().mime_addpart(body.get());
  base::check(part != nullptr, "curl_mime_addpart");
  base::check(curl_library().mime_subparts(part, alternatives.release()) == CURLE_OK,
              "curl_mime_subparts");
  base::check(curl_library().mime_type(part, "multipart/alternative") == CURLE_OK,
              "curl_mime_type");
  return body;
}

bool is_this_machine(std::string_view url) {
  std::string const host = http::parse_url(url, {"smtps", "smtp"}).host;
  return host == "localhost" || host == "::1" || (host.starts_with("127.") && net::parse_ip(host));
}

void set_server(Curl& curl, SmtpSettings const& settings) {
  set(curl, CURLOPT_URL, settings.url.c_str());
  set(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(curl, CURLOPT_USE_SSL,
      static_cast<long>(is_this_machine(settings.url) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  if (!settings.ca_file.empty()) set(curl, CURLOPT_CAINFO, settings.ca_file.c_str());
  if (!settings.user.empty()) {
    set(curl, CURLOPT_USERNAME, settings.user.c_str());
    set(curl, CURLOPT_PASSWORD, settings.password.reveal().c_str());
  }
  set(curl, CURLOPT_NOSIGNAL, 1L);
  set(curl, CURLOPT_CONNECTTIMEOUT, static_cast<long>(limits::smtp_connect_timeout.count()));
  set(curl, CURLOPT_TIMEOUT, static_cast<long>(limits::smtp_timeout.count()));
}

int stop_asked(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<std::atomic<bool> const*>(stop)->load() ? 1 : 0;
}

// 5yz: "the same request should not be repeated" (RFC 5321, 4.2.1); a wrong login can be mended.
bool is_final(CURLcode code, long reply) {
  return code != CURLE_LOGIN_DENIED && reply >= 500 && reply <= 599;
}

// Curl's own words name the server, its address and its port, and are for the log.
std::string refusal_text(CURLcode code, long reply) {
  if (code == CURLE_LOGIN_DENIED) return "the mail server does not accept this server's login";
  if (reply >= 400) return fmt::format("the mail server did not take the mail: it said {}", reply);
  return "the mail server cannot be reached";
}

}  // namespace

bool is_mail_address(std::string_view text) {
  std::size_t const at = text.rfind('@');
  bool const parts = at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
                     text.size() <= limits::max_address_bytes;
  constexpr std::string_view never = "<>()[],;:\\\"";
  return parts && text.find('@') == at && http::is_host_name(text.substr(at + 1)) &&
         std::ranges::all_of(text, [&](char c) {
           return c > ' ' && c <= '~' && never.find(c) == std::string_view::npos;
         });
}

void send_mail(SmtpSettings const& settings, std::string const& address, MailText const& mail,
               std::string const& id, std::atomic<bool> const& stop) {
  Curl curl = new_curl();
  set_server(curl, settings);
  std::string const sender = '<' + settings.from + '>';
  Lines recipients;
  append(recipients, '<' + address + '>');
  Lines const headers = header_lines(settings, address, mail, id);
  Mime const body = body_of(curl, mail);
  set(curl, CURLOPT_MAIL_FROM, sender.c_str());
  set(curl, CURLOPT_MAIL_RCPT, recipients.get());
  set(curl, CURLOPT_HTTPHEADER, headers.get());
  set(curl, CURLOPT_MIMEPOST, body.get());
  set(curl, CURLOPT_NOPROGRESS, 0L);
  set(curl, CURLOPT_XFERINFOFUNCTION, stop_asked);
  set(curl, CURLOPT_XFERINFODATA, &stop);
  char reason[CURL_ERROR_SIZE] = "";
  set(curl, CURLOPT_ERRORBUFFER, reason);
  CURLcode const code = curl_library().easy_perform(curl.get());
  if (code == CURLE_OK) return;
  long reply = 0;
  curl_library().easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &reply);
  std::string const inside = *reason != '\0' ? reason : curl_library().easy_strerror(code);
  base::log_warning(fmt::format("mail {}: {}", id, inside));
  throw Error(is_final(code, reply) ? Fault::forbidden : Fault::unavailable,
              refusal_text(code, reply));
}

}  // namespace notify
