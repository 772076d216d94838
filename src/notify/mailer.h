// Mails that tell of finished and failed zips (the API's resultsEmail): each is sent once its job
// or link has come to its end, good or bad, and tried again, over restarts, while the mail server
// cannot be reached.
#pragma once

#include "accounts/keys.h"
#include "net/blocking.h"
#include "notify/mail_text.h"
#include "notify/smtp.h"
#include "store/live.h"
#include "store/store.h"

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

class Mailer {
 public:
  // The URLs of a link, which begin with the mail's `link_base`.
  using LinkUrls = std::function<std::vector<std::string>(std::string const& link_base,
                                                          store::Link const& link)>;

  // The id by which clients know a job or link.
  using TaskId = std::string (*)(int api_version, std::string_view uuid);

  // Store, keys and live zips are borrowed.
  Mailer(store::Store const& store, accounts::Keys const& keys, store::LiveZips& live,
         SmtpSettings settings, LinkUrls urls, TaskId task_id)
      : store_(store),
        keys_(keys),
        live_(live),
        settings_(std::move(settings)),
        urls_(std::move(urls)),
        task_id_(task_id) {}

  bool can_send() const { return !settings_.url.empty(); }
  // Called once; sends on the loop for as long as the program runs.
  void start(net::Executor const& loop);
  // Sends the mails that are due, one after the other.
  net::task<void> look();
  // Sends a mail of which the store knows nothing, and tries again a few times.
  net::task<void> post(std::string address, MailText mail);
  // Gives up the mail that is being sent within a second; the program's next run sends it.
  void stop() { stop_ = true; }

 private:
  struct Told {
    MailText text;
    std::string failure;  // of the zip, which is the mail's as well; empty: there is a zip
  };

  net::task<void> deliver(store::Mail mail);
  net::task<void> send(store::Mail mail, Told told);
  net::task<void> retry(store::Mail mail, base::Error failure);
  net::task<void> finish(store::Mail mail, store::MessageState state, std::string error);
  // nullopt if there is nothing to tell yet: the job runs anew.
  net::task<std::optional<Told>> told_by(store::Mail const& mail) const;
  Told told_of(store::Mail const& mail, store::Job const& job) const;
  Told told_of(store::Mail const& mail, store::Link const& link) const;
  Told told_of_failure(store::Mail const& mail, std::string name, std::string reason,
                       bool cancelled) const;

  store::Store const& store_;
  accounts::Keys const& keys_;
  store::LiveZips& live_;
  SmtpSettings const settings_;
  LinkUrls const urls_;
  TaskId const task_id_;
  std::atomic<bool> stop_ = false;
  net::BlockingPool pool_{1};  // a mail server may take its time
};

}  // namespace notify
