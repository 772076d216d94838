// Mails that tell of finished zips (the API's resultsEmail): each is sent once its job or stream
// has come to its end, and tried again, over restarts, while the mail server cannot be reached.
#pragma once

#include "jobs/context.h"
#include "jobs/smtp.h"

#include <atomic>
#include <functional>
#include <map>

namespace jobs {

class Mailer {
 public:
  // The links of a stream, which begin with a text of the mail's.
  using StreamLinks =
      std::function<std::vector<std::string>(std::string const& link_base, Stream const& stream)>;

  Mailer(Context const& context, SmtpSettings settings, StreamLinks links)
      : context_(context), settings_(std::move(settings)), links_(std::move(links)) {}

  bool can_send() const { return !settings_.url.empty(); }
  // On a loop, once; sends for as long as the program runs.
  void start(net::Executor const& loop);
  // What is being sent is given up within a second; the program's next run sends it.
  void stop() { stop_ = true; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Pause {
    Clock::time_point until;
    std::chrono::seconds length = base::limits::mail_first_pause;
  };

  net::task<void> run();
  net::task<void> look();
  net::task<void> deliver(std::string id);
  net::task<void> finish(Mail mail, JobState state, std::string error);
  // What the mail tells of; Error where there is nothing to tell: its job or listing has failed.
  FinishedZip finished_zip(Mail const& mail) const;

  Context const& context_;
  SmtpSettings const settings_;
  StreamLinks const links_;
  std::map<std::string, Pause> pauses_;  // by the mail's id
  std::atomic<bool> stop_ = false;
  net::BlockingPool pool_{1};  // a mail server may take its time
};

}  // namespace jobs
