// Tells webhooks of jobs and links that have ended: POSTs a signed text for each delivery that is
// due, and tries again, over restarts, until the receiver has taken it.
//
// It uses our own HTTP client over net::connect(), not libcurl: the rules of net/reach.h hold at
// the very connection there, nothing follows redirects, and waiting for a receiver costs no thread.
#pragma once

#include "accounts/keys.h"
#include "http/client.h"
#include "net/task_group.h"
#include "net/tls.h"
#include "notify/webhook_url.h"
#include "store/store.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace notify {

struct WebhookSettings {
  std::string ca_file;                         // PEM certificates to trust besides the system's
  std::vector<net::Network> allowed_networks;  // besides public addresses
};

class Webhooks {
 public:
  // The JSON that tells of a delivery's job or link as it is; nullopt if there is nothing to tell
  // any more.
  using Body =
      std::function<net::task<std::optional<std::string>>(store::Delivery const& delivery)>;

  // Store, keys and settings are borrowed.
  Webhooks(store::Store const& store, accounts::Keys const& keys, WebhookSettings const& settings,
           Body body)
      : store_(store),
        keys_(keys),
        allowed_(settings.allowed_networks),
        tls_(settings.ca_file),
        body_(std::move(body)) {}

  // Called once; works on the loop for as long as that runs.
  void start(net::Executor const& loop);
  // Begins the deliveries that are due.
  net::task<void> look(net::TaskGroup& sending);

 private:
  struct Message {
    std::string url;
    std::string body;
    std::string secret;
  };
  struct Outcome {
    store::Attempt attempt;
    bool final = false;  // another attempt would come to the same
  };

  net::task<void> run();
  net::task<void> deliver(store::Delivery delivery);
  net::task<Outcome> send(store::Delivery delivery);
  net::task<Message> prepare(store::Delivery const& delivery) const;
  net::task<void> post(http::WebUrl url, http::Request request, std::string body, int& status);
  net::task<void> keep(store::Delivery delivery, Outcome outcome);

  store::Store const& store_;
  accounts::Keys const& keys_;
  std::vector<net::Network> const allowed_;
  net::TlsClient tls_;
  Body const body_;
  std::set<std::string> under_way_;  // ids; of the loop
};

// The URL of a new delivery, which has been checked, sealed for the delivery.
std::string seal_webhook_url(accounts::Keys const& keys, std::string_view delivery_id,
                             std::string_view url);
// The delivery for a job that runs anew, in place of the earlier one: it has an id of its own, as
// receivers tell by it whether a delivery came twice. Error{corrupt} if the URL was sealed by a key
// that is gone.
store::Delivery renewed_delivery(accounts::Keys const& keys, store::Delivery const& earlier,
                                 base::UnixSeconds now);
// The secret that an account's webhooks are signed with, by the account's present keys.
std::string webhook_secret(accounts::Keys const& keys, accounts::Account const& account);
// "v1=<hex>": over "<timestamp>.<body>".
std::string webhook_signature(std::string_view secret, base::UnixSeconds timestamp,
                              std::string_view body);
// The pause after so many attempts.
std::chrono::seconds webhook_pause(int attempts);

}  // namespace notify
