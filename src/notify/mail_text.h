// The mails to people, as plain text and as HTML: about a zip that is finished or has failed, and
// about their account. Pure.
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

struct FinishedZip {
  std::string name;  // of the first file
  std::vector<std::string> urls;
  std::uint64_t entry_count = 0;
  std::uint64_t bytes = 0;           // of all zips together
  base::UnixSeconds expires_at = 0;  // of the links; 0: they do not expire
};

struct FailedZip {
  std::string name;
  std::string task_id;  // as its client knows it
  std::string reason;   // as its client is told
  bool cancelled = false;
};

struct MailText {
  std::string subject;  // one line of UTF-8
  std::string text;
  std::string html;
};

MailText write_mail_text(FinishedZip const& zip);
MailText write_mail_text(FailedZip const& zip);

// Mails to people who register, or have forgotten their password: `url` is the page to open.
MailText write_confirmation_mail(std::string_view url);
MailText write_password_mail(std::string_view url);
// To somebody who registers with an address that has an account.
MailText write_known_mail(std::string_view url);

}  // namespace notify
