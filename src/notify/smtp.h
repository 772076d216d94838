// Sends a mail by SMTP (libcurl), and says whether another attempt makes sense. Blocks.
#pragma once

#include "base/secret.h"
#include "notify/mail_text.h"

#include <atomic>
#include <string>
#include <string_view>

namespace notify {

struct SmtpSettings {
  // smtps://host (TLS from the start), smtp://host:587 (STARTTLS; without it only to the machine
  // itself). Empty: no mail is sent.
  std::string url;
  std::string user;  // empty: no login
  base::Secret password;
  std::string from;     // an address
  std::string ca_file;  // PEM certificates to trust instead of the system's; may be empty
};

// One address that a mail may be sent to, such as "name@example.org".
bool is_mail_address(std::string_view text);

// `id` makes the Message-ID, so that two copies of a mail are known to be one. Gives up within a
// second once `stop` is set. Throws Error{forbidden} if the server refuses this mail for good,
// {unavailable} for failures that may pass.
void send_mail(SmtpSettings const& settings, std::string const& address, MailText const& mail,
               std::string const& id, std::atomic<bool> const& stop);

}  // namespace notify
