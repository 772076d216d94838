// Messages that are sent when a job has ended, over a store in memory that fails at each of its
// calls in turn: a message is sent or tried again, never lost, and one that its receiver took is
// not forgotten.
#include "archive/request.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "http/server.h"
#include "net/deadline.h"
#include "net/listener.h"
#include "net/runtime.h"
#include "net/task_group.h"
#include "notify/mailer.h"
#include "notify/webhooks.h"
#include "store/testing/failing_store.h"
#include "store/testing/memory_store.h"
#include "store/testing/one_account.h"

#include <atomic>
#include <chrono>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace notify {
namespace {

using base::Error;
using base::Fault;
using std::chrono_literals::operator""ms;
using store::FailMode;
using store::MessageState;

class World {
 public:
  World() { store::insert_only_account(rows()); }

  // Adds a failed job, of which a mail and a delivery to this URL are to tell.
  void add_messages(std::string const& url) {
    store::NewJob created;
    created.job.id = job_id;
    created.job.account_id = store::only_account;
    created.job.api_version = 2;
    archive::Request request;
    request.target_key = "zips/all.zip";
    created.job.request = archive::encode(request);
    created.mail = store::Mail();
    created.mail->id = mail_id;
    created.delivery = store::Delivery();
    created.delivery->id = base::random_uuid();
    created.delivery->host = "host";
    created.delivery->sealed_url = seal_webhook_url(keys, created.delivery->id, url);
    created.mail->owner_id = created.delivery->owner_id = job_id;
    created.mail->account_id = created.delivery->account_id = store::only_account;
    created.mail->address = "name@example.org";
    store::Jobs& jobs = rows().jobs;
    net::result_of(jobs.create(std::move(created)));
    store::Hold const hold = net::result_of(jobs.claim("session", {}, 1))->hold();
    net::result_of(
        jobs.end_run(hold, {.state = store::JobState::failed, .error = "why"}, base::unix_now()));
  }

  store::Mail mail() { return net::result_of(rows().outbox.find_mail(mail_id)).value(); }
  store::Delivery delivery() { return net::result_of(rows().outbox.find_delivery(job_id)).value(); }
  store::Store const& rows() const { return database_.store(); }
  accounts::Keys const keys = store::only_keys();
  store::LiveZips live;
  std::string const job_id = base::random_uuid();
  std::string const mail_id = base::random_uuid();

 private:
  store::MemoryStore database_;
};

// ---- mails, to a server that does not run

void look(World& world, store::Store const& store) {
  SmtpSettings settings;
  settings.url = "smtp://127.0.0.1:1";
  settings.from = "zips@example.org";
  Mailer mailer(
      store, world.keys, world.live, std::move(settings),
      [](std::string const&, store::Link const&) { return std::vector<std::string>(); },
      [](int, std::string_view uuid) { return std::string(uuid); });
  try {
    net::run_to_end(mailer.look());
  } catch (Error const& error) {
    EXPECT_EQ(error.fault(), Fault::unavailable);
  }
}

// Gives as due the mails that were due before the job was run anew.
class OldOutbox final : public store::Outbox {
 public:
  OldOutbox(store::Outbox& now, std::vector<store::Mail> then)
      : now_(now), then_(std::move(then)) {}
  net::task<std::optional<store::Mail>> find_mail(std::string id) override {
    return now_.find_mail(std::move(id));
  }
  net::task<std::vector<store::Mail>> due_mails(base::UnixSeconds /*now*/) override {
    co_return then_;
  }
  net::task<bool> put_off_mail(store::Mail mail, std::string error,
                               base::UnixSeconds due_at) override {
    return now_.put_off_mail(std::move(mail), std::move(error), due_at);
  }
  net::task<bool> end_mail(store::Mail mail, MessageState state, std::string error) override {
    return now_.end_mail(std::move(mail), state, std::move(error));
  }
  net::task<std::optional<store::Delivery>> find_delivery(std::string owner_id) override {
    return now_.find_delivery(std::move(owner_id));
  }
  net::task<std::vector<store::Delivery>> due_deliveries(base::UnixSeconds now) override {
    return now_.due_deliveries(now);
  }
  net::task<bool> put_off_delivery(std::string id, store::Attempt attempt,
                                   base::UnixSeconds due_at) override {
    return now_.put_off_delivery(std::move(id), std::move(attempt), due_at);
  }
  net::task<bool> end_delivery(std::string id, store::Attempt attempt) override {
    return now_.end_delivery(std::move(id), std::move(attempt));
  }

 private:
  store::Outbox& now_;
  std::vector<store::Mail> const then_;
};

TEST(Outbox, a_mail_that_cannot_be_sent_is_tried_again_whichever_call_of_the_store_fails) {
  World world;
  world.add_messages("http://host/");
  store::FailingStore counting(world.rows());
  look(world, counting.store());
  EXPECT_EQ(world.mail().state, MessageState::retrying);
  EXPECT_EQ(world.mail().attempts, 1);
  EXPECT_GT(world.mail().due_at, base::unix_now());
  for (FailMode const mode : {FailMode::refuse, FailMode::lose_answer, FailMode::forget}) {
    for (std::size_t call = 0; call < counting.calls(); ++call) {
      SCOPED_TRACE(testing::Message() << "call " << call << ", mode " << static_cast<int>(mode));
      bool const is_read = counting.names().at(call).find("find") != std::string::npos;
      if (mode == FailMode::forget && is_read) continue;  // only writes are forgotten
      World other;
      other.add_messages("http://host/");
      store::FailingStore store(other.rows());
      store.fail_at(call, mode);
      look(other, store.store());
      // Only the loss of the zip itself would end the mail.
      if (other.mail().state == MessageState::waiting) look(other, other.rows());
      EXPECT_EQ(other.mail().attempts, 1);
      EXPECT_NE(other.mail().due_at, 0) << "it is still to be sent";
    }
  }
}

TEST(Outbox, no_mail_tells_the_end_of_a_job_that_runs_anew) {
  World world;
  world.add_messages("http://host/");
  OldOutbox before(world.rows().outbox,
                   net::result_of(world.rows().outbox.due_mails(base::unix_now())));
  store::Retry retry;
  retry.job_id = world.job_id;
  EXPECT_TRUE(net::result_of(world.rows().jobs.retry(std::move(retry), 1)));
  store::Store const& rows = world.rows();
  store::Store const late{rows.accounts,   rows.user_keys, rows.sign_ins, rows.jobs,  rows.links,
                          rows.selections, rows.crcs,      before,        rows.upkeep};
  look(world, late);
  EXPECT_EQ(world.mail().state, MessageState::waiting);
  EXPECT_EQ(world.mail().attempts, 0);
}

TEST(Outbox, a_mail_of_an_earlier_end_does_not_count_for_the_next) {
  World world;
  world.add_messages("http://host/");
  store::Mail const earlier = world.mail();
  store::Retry retry;
  retry.job_id = world.job_id;
  EXPECT_TRUE(net::result_of(world.rows().jobs.retry(retry, 1)));
  EXPECT_FALSE(net::result_of(world.rows().outbox.end_mail(earlier, MessageState::sent, "")));
  EXPECT_EQ(world.mail().state, MessageState::waiting);
  EXPECT_EQ(world.mail().due_at, 0) << "it waits for the new end";
}

// ---- deliveries, to a receiver that counts them

net::task<std::optional<std::string>> body_of(store::Store const& store,
                                              store::Delivery const& delivery) {
  auto const job = co_await store.jobs.find(delivery.owner_id);
  if (!job) co_return std::nullopt;
  co_return job->error;
}

class Receiver {
 public:
  explicit Receiver(int status)
      : status_(status),
        server_([this](http::Exchange& exchange) { return take(exchange); },
                [](Error const& error, http::Exchange const&) {
                  return std::pair(http::Response(), std::string(error.what()));
                }),
        listener_(runtime_.loops(), {"127.0.0.1", 0}) {
    auto const serve = [this](std::unique_ptr<net::Stream> stream) {
      return server_.serve(std::move(stream));
    };
    net::spawn_detached(runtime_.loops().front(), listener_.run(serve), "receiver");
  }
  Receiver(Receiver const&) = delete;
  Receiver& operator=(Receiver const&) = delete;
  ~Receiver() { runtime_.stop(); }

  std::string url() const { return fmt::format("http://127.0.0.1:{}/hook", listener_.port()); }
  int taken() const { return taken_; }

 private:
  net::task<void> take(http::Exchange& exchange) {
    ++taken_;
    http::Response head;
    head.status = status_;
    co_await exchange.respond(std::move(head), "");
  }

  int const status_;
  std::atomic<int> taken_ = 0;
  net::Runtime runtime_{1};
  http::Server server_;
  net::Listener listener_;
};

// Looks once with the store that fails, and once more with one that works.
net::task<void> look_twice(World& world, store::Store const& failing) {
  net::Executor const loop = co_await net::this_loop();
  WebhookSettings const settings{.ca_file = {},
                                 .allowed_networks = {net::parse_network("127.0.0.0/8")}};
  for (store::Store const* store : {&failing, &world.rows()}) {
    net::TaskGroup sending(loop);
    Webhooks webhooks(*store, world.keys, settings, [store](store::Delivery const& delivery) {
      return body_of(*store, delivery);
    });
    try {
      net::task<void> looking = webhooks.look(sending);
      co_await net::with_deadline(std::move(looking), 100ms, "a look");
      net::task<void> sent = sending.wait_all();
      co_await net::with_deadline(std::move(sent), 2'000ms, "sending");
    } catch (Error const& error) {
      EXPECT_TRUE(error.fault() == Fault::unavailable || error.fault() == Fault::timeout);
    }
  }
}

// The number of times that a receiver which answers `status` was sent the delivery.
int deliver(World& world, store::Store const& failing, int status) {
  Receiver const receiver(status);
  world.add_messages(receiver.url());
  net::run_to_end(look_twice(world, failing));
  return receiver.taken();
}

TEST(Outbox, a_delivery_reaches_its_receiver_whichever_call_of_the_store_fails) {
  World world;
  store::FailingStore counting(world.rows());
  EXPECT_EQ(deliver(world, counting.store(), 204), 1);
  EXPECT_EQ(world.delivery().state, MessageState::sent);
  EXPECT_EQ(world.delivery().last_status, 204);
  for (FailMode const mode : {FailMode::refuse, FailMode::lose_answer, FailMode::forget}) {
    for (std::size_t call = 0; call < counting.calls(); ++call) {
      SCOPED_TRACE(testing::Message()
                   << counting.names().at(call) << ", mode " << static_cast<int>(mode));
      World other;
      store::FailingStore store(other.rows());
      store.fail_at(call, mode);
      bool const is_read = counting.names().at(call).find("find") != std::string::npos;
      if (mode == FailMode::forget && is_read) continue;
      EXPECT_GE(deliver(other, store.store(), 204), 1);
      EXPECT_EQ(other.delivery().state, MessageState::sent);
    }
  }
}

TEST(Outbox, a_delivery_that_is_refused_is_tried_again_later) {
  World world;
  EXPECT_EQ(deliver(world, world.rows(), 503), 1) << "the second look is too early";
  EXPECT_EQ(world.delivery().state, MessageState::retrying);
  EXPECT_EQ(world.delivery().last_status, 503);
  EXPECT_GT(world.delivery().due_at, base::unix_now());
}

}  // namespace
}  // namespace notify
