// The texts of mails.
#include "notify/mail_text.h"

#include "base/limits.h"

#include <gtest/gtest.h>

namespace notify {
namespace {

bool holds(std::string const& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(MailText, names_the_zip_its_size_its_link_and_how_long_that_works) {
  FinishedZip const zip{.name = "trip.zip",
                        .urls = {"https://zip.example.org/a?b=1&c=2"},
                        .entry_count = 3,
                        .bytes = 9'100,
                        .expires_at = 1'700'000'000};
  MailText const mail = write_mail_text(zip);
  EXPECT_EQ(mail.subject, "trip.zip is ready");
  EXPECT_EQ(mail.text,
            "trip.zip (3 files, 9.1 kB) is ready for download:\n\n"
            "https://zip.example.org/a?b=1&c=2\n\n"
            "The link works until 2023-11-14 22:13 UTC.\n");
  EXPECT_TRUE(holds(mail.html, "<a href=\"https://zip.example.org/a?b=1&amp;c=2\">trip.zip</a>"))
      << mail.html;
}

TEST(MailText, foreign_text_stays_text) {
  FinishedZip const zip{
      .name = "<b>\r\nBcc: all\"&", .urls = {"https://h/\"><script>"}, .entry_count = 1};
  MailText const mail = write_mail_text(zip);
  EXPECT_EQ(mail.subject, "<b>  Bcc: all\"& is ready");
  EXPECT_FALSE(holds(mail.html, "<b>"));
  EXPECT_FALSE(holds(mail.html, "<script>"));
  EXPECT_TRUE(holds(mail.html, "&lt;b&gt;"));
  EXPECT_TRUE(holds(mail.text, "(1 file, 0 B)"));
  EXPECT_FALSE(holds(mail.text, "until")) << "plain addresses do not expire";
}

TEST(MailText, of_a_failure_gives_the_reason_and_the_task) {
  FailedZip const zip{.name = "trip.zip", .task_id = "task_1", .reason = "files/<b>: not there"};
  MailText const mail = write_mail_text(zip);
  EXPECT_EQ(mail.subject, "trip.zip could not be made");
  EXPECT_TRUE(mail.text.starts_with("Sorry, trip.zip could not be made:\n\nfiles/<b>: not there\n"))
      << mail.text;
  EXPECT_TRUE(mail.text.ends_with("\n\nTask: task_1\n")) << mail.text;
  EXPECT_TRUE(holds(mail.html, "<p>files/&lt;b&gt;: not there</p>")) << mail.html;
  EXPECT_TRUE(holds(mail.html, "<p>Task: task_1</p>")) << mail.html;
}

TEST(MailText, of_a_cancelled_zip_has_no_reason) {
  FailedZip const zip{
      .name = "a\r\nBcc: b", .task_id = "task_1", .reason = "cancelled", .cancelled = true};
  MailText const mail = write_mail_text(zip);
  EXPECT_EQ(mail.subject, "a  Bcc: b was cancelled");
  EXPECT_TRUE(mail.text.starts_with("Sorry, a  Bcc: b was cancelled.\n\n")) << mail.text;
}

TEST(MailText, parts_are_numbered_and_very_many_are_counted) {
  FinishedZip zip{.name = "all.zip", .urls = {"https://h/0", "https://h/1"}, .entry_count = 2};
  EXPECT_TRUE(holds(write_mail_text(zip).html, "<a href=\"https://h/1\">part 2 of 2</a>"));
  zip.urls.resize(base::limits::max_links_in_mail + 7, "https://h/x");
  EXPECT_TRUE(holds(write_mail_text(zip).text, "and 7 more parts"));
}

}  // namespace
}  // namespace notify
