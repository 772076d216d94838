// Mails that tell what became of zips (the API's resultsEmail): each is sent once its job or stream
// has come to its end, good or bad, and tried again, over restarts, while the mail server cannot be
// reached.
#pragma once

#include "notify/smtp.h"
#include "store/context.h"

#include <atomic>
#include <functional>
#include <map>

namespace notify {

class Mailer {
 public:
  // The links of a stream, which begin with a text of the mail's.
  using StreamLinks = std::function<std::vector<std::string>(std::string const& link_base,
                                                             store::Stream const& stream)>;

  // As clients know a job or stream.
  using TaskId = std::string (*)(int api_version, std::string_view uuid);

  Mailer(store::Context const& context, SmtpSettings settings, StreamLinks links, TaskId task_id)
      : context_(context),
        settings_(std::move(settings)),
        links_(std::move(links)),
        task_id_(task_id) {}

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

  struct Told {
    Letter letter;
    std::string failure;  // of the zip, which is the mail's as well; empty: there is a zip
  };

  net::task<void> look();
  net::task<void> deliver(std::string id);
  net::task<void> send(store::Mail mail, Told told);
  net::task<void> retry(store::Mail mail, base::Error failure);
  net::task<void> finish(store::Mail mail, store::JobState state, std::string error);
  // Error{gone} where there is nothing to tell any more.
  Told told_by(store::Mail const& mail) const;
  Told told_of(store::Mail const& mail, store::Job const& job) const;
  Told told_of(store::Mail const& mail, store::Stream const& stream) const;
  Told told_of_failure(store::Mail const& mail, std::string name, std::string reason,
                       bool cancelled) const;

  store::Context const& context_;
  SmtpSettings const settings_;
  StreamLinks const links_;
  TaskId const task_id_;
  std::map<std::string, Pause> pauses_;  // by the mail's id
  std::atomic<bool> stop_ = false;
  net::BlockingPool pool_{1};  // a mail server may take its time
};

}  // namespace notify
