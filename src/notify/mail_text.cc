#include "notify/mail_text.h"

#include "base/limits.h"
#include "base/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace notify {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (char const c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string one_line(std::string_view text) {
  std::string line = base::to_utf8(text);
  std::ranges::replace_if(line, base::is_control, ' ');
  return line;
}

std::string files_and_size(FinishedZip const& zip) {
  return fmt::format("{} {}, {}", zip.entry_count, zip.entry_count == 1 ? "file" : "files",
                     base::human_size(zip.bytes));
}

std::string how_long(FinishedZip const& zip) {
  if (zip.expires_at == 0) return "";
  base::UtcTime const end = base::utc_time(zip.expires_at);
  return fmt::format("{} until {:04}-{:02}-{:02} {:02}:{:02} UTC.",
                     zip.urls.size() == 1 ? "The link works" : "The links work", end.year,
                     end.month, end.day, end.hour, end.minute);
}

struct PageMail {
  char const* subject;
  char const* why;
  std::string_view url;
  char const* otherwise;
};

MailText write_page_mail(PageMail const& page) {
  MailText mail;
  mail.subject = page.subject;
  mail.text = fmt::format("{}\n\n{}\n\n{}\n", page.why, page.url, page.otherwise);
  std::string const url = escaped(page.url);
  mail.html = fmt::format("<p>{}</p>\n<p><a href=\"{}\">{}</a></p>\n<p>{}</p>\n", page.why, url,
                          url, page.otherwise);
  return mail;
}

}  // namespace

MailText write_mail_text(FinishedZip const& zip) {
  std::string const name = one_line(zip.name);
  MailText mail;
  mail.subject = fmt::format("{} is ready", name);
  mail.text = fmt::format("{} ({}) is ready for download:\n\n", name, files_and_size(zip));
  mail.html = fmt::format("<p>{} ({}) is ready for download:</p>\n", escaped(name),
                          escaped(files_and_size(zip)));
  std::size_t const shown = std::min(zip.urls.size(), base::limits::max_links_in_mail);
  for (std::size_t i = 0; i < shown; ++i) {
    std::string const label =
        zip.urls.size() == 1 ? name : fmt::format("part {} of {}", i + 1, zip.urls.size());
    mail.text += zip.urls[i] + "\n";
    mail.html +=
        fmt::format("<p><a href=\"{}\">{}</a></p>\n", escaped(zip.urls[i]), escaped(label));
  }
  if (shown < zip.urls.size()) {
    std::string const more = fmt::format("and {} more parts", zip.urls.size() - shown);
    mail.text += more + "\n";
    mail.html += "<p>" + more + "</p>\n";
  }
  if (std::string const life = how_long(zip); !life.empty()) {
    mail.text += "\n" + life + "\n";
    mail.html += "<p>" + life + "</p>\n";
  }
  return mail;
}

MailText write_mail_text(FailedZip const& zip) {
  std::string const name = one_line(zip.name);
  std::string const what =
      fmt::format("{} {}", name, zip.cancelled ? "was cancelled" : "could not be made");
  std::string const reason = zip.cancelled ? "" : one_line(zip.reason);
  std::string const help =
      zip.cancelled ? "There is nothing to download. Ask for it again if you still need it."
                    : "There is nothing to download. Ask for it again when the cause is fixed. The "
                      "operator of the service finds more under the task's id.";
  std::string const id = "Task: " + one_line(zip.task_id);
  MailText mail;
  mail.subject = what;
  mail.text = fmt::format("Sorry, {}{}\n\n", what, reason.empty() ? "." : ":");
  mail.html = fmt::format("<p>Sorry, {}{}</p>\n", escaped(what), reason.empty() ? "." : ":");
  if (!reason.empty()) {
    mail.text += reason + "\n\n";
    mail.html += fmt::format("<p>{}</p>\n", escaped(reason));
  }
  mail.text += fmt::format("{}\n\n{}\n", help, id);
  mail.html += fmt::format("<p>{}</p>\n<p>{}</p>\n", help, escaped(id));
  return mail;
}

MailText write_confirmation_mail(std::string_view url) {
  return write_page_mail({.subject = "Confirm your mail address",
                          .why = "An account of S3zipper is to be made for this address. Open this "
                                 "page within a day to make it:",
                          .url = url,
                          .otherwise = "If you have not asked for it, do nothing."});
}

MailText write_password_mail(std::string_view url) {
  return write_page_mail({.subject = "Set another password",
                          .why = "Open this page within an hour to set another password for your "
                                 "account of S3zipper:",
                          .url = url,
                          .otherwise = "If you have not asked for it, do nothing: the password "
                                       "stays as it is."});
}

MailText write_known_mail(std::string_view url) {
  return write_page_mail({.subject = "You have an account",
                          .why = "Somebody, perhaps you, wanted to make an account of S3zipper for "
                                 "this address, which has one. Sign in here:",
                          .url = url,
                          .otherwise = "If it was not you, do nothing."});
}

}  // namespace notify
