#include "jobs/testing/jobs_world.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "jobs/cleaning.h"
#include "net/deadline.h"
#include "net/runtime.h"
#include "net/task_group.h"
#include "store/sealed_credentials.h"
#include "store/testing/one_account.h"

#include <chrono>
#include <future>

#include <gtest/gtest.h>

namespace jobs {
namespace {

namespace limits = base::limits;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

// Drops errors, as the loops of the real program do.
net::task<void> without_errors(net::task<void> work) {
  try {
    co_await std::move(work);
  } catch (base::Error const& error) {
    base::log_debug(error.what());
  }
}

net::task<void> tell(net::task<void> story, std::promise<void>& told) {
  co_await without_errors(std::move(story));
  told.set_value();
}

net::task<void> requeue_all(store::Jobs& jobs) {
  co_await jobs.requeue(std::nullopt, base::unix_now());
}

// The work of a start, and the cleaning that the runner does not do.
net::task<void> work_beside(Tools const& tools, Runner& runner, store::Jobs& rows, std::string id) {
  co_await without_errors(requeue_all(tools.store.jobs));
  runner.start();
  for (;;) {
    std::optional<store::Job> const row = co_await rows.find(id);
    if (row && row->cleaning) co_await without_errors(clean_up_left_jobs(tools));
    co_await net::sleep(1ms);
  }
}

}  // namespace

JobsWorld::JobsWorld()
    : keys(store::only_keys()),
      bucket(std::make_shared<archive::MemoryStore>()),
      blocks_(4 * limits::MiB),
      parts_(16 * limits::MiB) {
  for (char const* key : {"a", "b", "c"})
    bucket->put("bucket", std::string("in/") + key, archive::Content::computed(5'000, 1));
  store::insert_only_account(rows());
}

std::string JobsWorld::add_job(std::function<void(store::Job&, archive::Request&)> const& change) {
  store::NewJob created;
  store::Job& job = created.job;
  job.id = base::random_uuid();
  job.account_id = store::only_account;
  job.api_version = 2;
  job.created_at = base::unix_now();
  archive::Request request;
  request.bucket = "bucket";
  request.paths = {"bucket/in/"};
  request.exact_paths = true;
  request.target_key = "zips/" + job.id + ".zip";
  if (change) change(job, request);
  job.request = archive::encode(request);
  aws::Credentials credentials;
  credentials.access_key = "key";
  credentials.secret_key = base::Secret("secret");
  job.sealed_credentials = store::seal_credentials(keys, job.id, credentials);
  created.mail = store::Mail();
  created.delivery = store::Delivery();
  created.mail->id = created.delivery->id = base::random_uuid();
  created.mail->owner_id = created.delivery->owner_id = job.id;
  created.mail->account_id = created.delivery->account_id = store::only_account;
  return net::result_of(rows().jobs.create(std::move(created)));
}

store::Job JobsWorld::job(std::string const& id) {
  return net::result_of(rows().jobs.find_whole(id)).value();
}

std::string JobsWorld::zip_of(std::string const& id) {
  std::string const key = "zips/" + id + ".zip";
  return bucket->has("bucket", key) ? bucket->at("bucket", key).content.text() : "";
}

void JobsWorld::expect_nothing_left(std::string const& id) {
  store::Job const row = job(id);
  EXPECT_TRUE(store::has_ended(row.state)) << store::name(row.state);
  EXPECT_EQ(row.session, "") << "nobody holds it";
  EXPECT_EQ(row.sealed_credentials, "") << "no secret is left";
  EXPECT_FALSE(row.cleaning);
  EXPECT_TRUE(bucket->uploads().empty()) << "no upload is left";
  EXPECT_EQ(zip_of(id).empty(), row.state != store::JobState::done) << row.error;
  base::UnixSeconds const now = base::unix_now();
  EXPECT_EQ(net::result_of(rows().outbox.due_mails(now)).size(), 1U);
  EXPECT_EQ(net::result_of(rows().outbox.due_deliveries(now)).size(), 1U);
}

Tools JobsWorld::tools_for(store::Store const& store) {
  return {.store = store,
          .keys = keys,
          .object_stores = object_stores_,
          .live = live,
          .times = times_,
          .blocking = blocking_,
          .blocks = blocks_,
          .parts = parts_,
          .session = base::random_uuid(),
          .retry_pause = 0ms,
          .look_interval = 1ms};
}

void JobsWorld::in_program(store::Store const& store, Story const& story) {
  net::Runtime runtime(1);
  Tools const tools = tools_for(store);
  Runner runner(tools, runtime.loops(), 1);
  std::promise<void> told;
  net::spawn_detached(runtime.loops().front(), tell(story(tools, runner), told), "a story");
  told.get_future().wait();
  runtime.stop();
}

void JobsWorld::run_program(store::Store const& store, std::string const& id,
                            std::function<bool()> const& killed) {
  in_program(store, [&](Tools const& tools, Runner& runner) {
    return run_jobs(tools, runner, id, killed);
  });
}

net::task<void> JobsWorld::run_jobs(Tools const& tools, Runner& runner, std::string id,
                                    std::function<bool()> killed) {
  net::TaskGroup beside(co_await net::this_loop());
  beside.spawn(work_beside(tools, runner, rows().jobs, id));
  auto const deadline = std::chrono::steady_clock::now() + 30s;
  while (!killed()) {
    std::optional<store::Job> const row = co_await rows().jobs.find(id);
    if (row && store::has_ended(row->state) && !row->cleaning) co_return;
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "the job has not come to its end: " << store::name(row->state);
      co_return;
    }
    co_await net::sleep(1ms);
  }
}

}  // namespace jobs
