// Links over a bucket and a store in memory, with the store failing at each of its calls in turn: a
// listing comes to its end whatever happens, and a link that has ended keeps no secret.
#include "links/links.h"

#include "archive/request.h"
#include "archive/testing/memory_store.h"
#include "archive/testing/one_object_store.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "net/deadline.h"
#include "net/runtime.h"
#include "net/task_group.h"
#include "store/sealed_credentials.h"
#include "store/testing/failing_store.h"
#include "store/testing/memory_store.h"
#include "store/testing/one_account.h"

#include <chrono>

#include <gtest/gtest.h>

namespace links {
namespace {

using base::Error;
using base::Fault;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using store::FailMode;
using store::LinkState;

class World {
 public:
  World() {
    for (char const* key : {"a", "b"})
      bucket->put("bucket", key, archive::Content::computed(5'000, 1));
    store::insert_only_account(rows());
  }

  store::NewLink new_link(std::string const& session, std::vector<std::string> paths) const {
    store::NewLink created;
    store::Link& link = created.link;
    link.id = base::random_uuid();
    link.account_id = store::only_account;
    link.session = session;
    link.created_at = base::unix_now();
    link.expires_at = link.created_at + 3600;
    link.file_name = "all.zip";
    archive::Request request;
    request.bucket = "bucket";
    request.paths = std::move(paths);
    request.exact_paths = true;
    link.request = archive::encode(request);
    link.sealed_credentials = store::seal_credentials(keys, link.id, aws::Credentials());
    created.mail = store::Mail();
    created.mail->id = base::random_uuid();
    created.mail->owner_id = link.id;
    created.mail->account_id = store::only_account;
    return created;
  }

  // A program over this store, which lives as long as this world.
  Links& program(store::Store const& store, net::Executor const& loop) {
    tools_.push_back(std::make_unique<Tools>(Tools{.store = store,
                                                   .keys = keys,
                                                   .object_stores = object_stores_,
                                                   .live = live_,
                                                   .blocking = blocking_,
                                                   .session = base::random_uuid(),
                                                   .first_pause = 1ms}));
    programs_.push_back(std::make_unique<Links>(*tools_.back(), std::vector{loop}, 1 << 20));
    return *programs_.back();
  }

  store::Link link(std::string const& id) { return net::result_of(rows().links.find(id)).value(); }

  store::Store const& rows() const { return database_.store(); }
  accounts::Keys const keys = store::only_keys();
  std::shared_ptr<archive::MemoryStore> const bucket = std::make_shared<archive::MemoryStore>();

 private:
  store::MemoryStore database_;
  archive::OneObjectStore object_stores_{bucket};
  store::LiveZips live_;
  net::BlockingPool blocking_{1};
  std::vector<std::unique_ptr<Tools>> tools_;
  std::vector<std::unique_ptr<Links>> programs_;
};

// Looks for lost listings, as the real program does now and then.
net::task<void> look_for_lost_listings(Links& program) {
  for (;;) {
    try {
      net::task<void> looking = program.begin_lost_listings();
      co_await std::move(looking);
    } catch (Error const& error) {
      base::log_debug(error.what());
    }
    co_await net::sleep(1ms);
  }
}

// Waits until the link is not listing any more, or `killed` says so.
net::task<void> wait_for_end(World& world, Links& program, std::string id,
                             std::function<bool()> killed) {
  net::TaskGroup beside(co_await net::this_loop());
  beside.spawn(look_for_lost_listings(program));
  auto const deadline = std::chrono::steady_clock::now() + 30s;
  while (!killed()) {
    auto const link = co_await world.rows().links.find(id);
    if (link && link->state != LinkState::listing) co_return;
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "the listing has not come to its end";
      co_return;
    }
    co_await net::sleep(1ms);
  }
}

// Creates a link as a request does: a client that was told of an error sends it again, with the
// same key.
net::task<std::string> create(store::Store const& store, Links& program, store::NewLink created) {
  store::Hold const hold = created.link.hold();
  created.once = {"key", "hash"};
  for (int tries = 0; tries < 2; ++tries) {
    try {
      std::string id = co_await store.links.create(created);
      if (id == hold.id) program.begin_listing(hold);
      co_return id;
    } catch (Error const& error) {
      if (error.fault() != Fault::unavailable) throw;
    }
  }
  co_return hold.id;
}

net::task<void> live_through(World& world, store::Store const& store,
                             std::vector<std::string> paths, std::string& id,
                             std::function<bool()> killed) {
  Links& program = world.program(store, co_await net::this_loop());
  store::NewLink created = world.new_link(program.session(), std::move(paths));
  id = created.link.id;
  co_await create(store, program, std::move(created));
  co_await wait_for_end(world, program, id, std::move(killed));
}

bool never() {
  return false;
}

net::task<void> start_again(World& world, std::string id) {
  Links& program = world.program(world.rows(), co_await net::this_loop());
  co_await program.take_up();
  co_await wait_for_end(world, program, id, never);
}

struct Story {
  char const* name;
  std::vector<std::string> paths;
  LinkState end;
};

std::vector<Story> stories() {
  return {{"a link", {"bucket/a", "bucket/b"}, LinkState::ready},
          {"a source is missing", {"bucket/a", "bucket/missing"}, LinkState::failed}};
}

void expect_end(World& world, std::string const& id, Story const& story) {
  store::Link const link = world.link(id);
  EXPECT_EQ(link.state, story.end) << link.error;
  EXPECT_EQ(link.sealed_credentials.empty(), story.end == LinkState::failed);
  EXPECT_EQ(net::result_of(world.rows().selections.get(id, 0)).has_value(),
            story.end == LinkState::ready);
  EXPECT_EQ(net::result_of(world.rows().outbox.due_mails(base::unix_now())).size(), 1U);
}

std::size_t calls_of(Story const& story) {
  World world;
  store::FailingStore store(world.rows());
  std::string id;
  net::run_to_end(live_through(world, store.store(), story.paths, id, never));
  expect_end(world, id, story);
  return store.calls();
}

TEST(Links, are_listed_whichever_call_of_the_store_fails) {
  for (Story const& story : stories()) {
    std::size_t const calls = calls_of(story);
    for (FailMode const mode : {FailMode::refuse, FailMode::lose_answer}) {
      for (std::size_t call = 0; call < calls; ++call) {
        SCOPED_TRACE(testing::Message()
                     << story.name << ", call " << call << ", mode " << static_cast<int>(mode));
        World world;
        store::FailingStore store(world.rows());
        store.fail_at(call, mode);
        std::string id;
        net::run_to_end(live_through(world, store.store(), story.paths, id, never));
        LinkState const state = world.link(id).state;
        // The store may make a listing fail; it does not go on for ever, and says so.
        EXPECT_TRUE(state == story.end || state == LinkState::failed);
        if (state == story.end) expect_end(world, id, story);
        if (testing::Test::HasFailure()) return;
      }
    }
  }
}

TEST(Links, are_listed_after_a_kill_at_any_call_of_the_store) {
  for (Story const& story : stories()) {
    std::size_t const calls = calls_of(story);
    for (std::size_t call = 1; call < calls; ++call) {  // before that there is no link
      SCOPED_TRACE(testing::Message() << story.name << ", killed at call " << call);
      World world;
      store::FailingStore store(world.rows());
      store.fail_at(call, FailMode::hang);
      std::string id;
      net::run_to_end(live_through(world, store.store(), story.paths, id,
                                   [&] { return store.calls() > call; }));
      net::run_to_end(start_again(world, id));
      expect_end(world, id, story);
      if (testing::Test::HasFailure()) return;
    }
  }
}

net::task<void> open_link(World& world, Links& program, std::string id, std::optional<Error>& error,
                          OpenLink& open) {
  (void)world;
  try {
    open = co_await program.open(std::move(id), 0, "request");
  } catch (Error const& failure) {
    error = failure;
  }
}

net::task<void> list_and_open(World& world, std::vector<std::string> paths,
                              std::optional<Error>& error, OpenLink& open) {
  std::string id;
  co_await live_through(world, world.rows(), std::move(paths), id, never);
  Links& program = world.program(world.rows(), co_await net::this_loop());
  co_await open_link(world, program, id, error, open);
}

TEST(Links, give_what_a_download_needs) {
  World world;
  OpenLink open;
  std::optional<Error> error;
  net::run_to_end(list_and_open(world, {"bucket/a", "bucket/b"}, error, open));
  ASSERT_EQ(error, std::nullopt);
  EXPECT_EQ(open.file_name, "all.zip");
  EXPECT_EQ(open.facts.entry_count, 2U);
  EXPECT_EQ(open.archive->plan.entry_count(), 2U);
}

TEST(Links, say_what_their_selection_failed_of) {
  World world;
  OpenLink open;
  std::optional<Error> error;
  net::run_to_end(list_and_open(world, {"bucket/missing"}, error, open));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->fault(), Fault::not_found);
  EXPECT_NE(std::string(error->what()).find("missing"), std::string::npos);
}

net::task<void> revoke_while_listing(World& world, std::string& id) {
  Links& program = world.program(world.rows(), co_await net::this_loop());
  store::NewLink created = world.new_link(program.session(), {"bucket/a"});
  id = created.link.id;
  store::Hold const hold = created.link.hold();
  co_await world.rows().links.create(std::move(created));
  co_await world.rows().links.revoke(id, base::unix_now());
  program.begin_listing(hold);
  co_await net::sleep(20ms);
}

TEST(Links, that_are_revoked_stay_so_and_keep_no_selection) {
  World world;
  std::string id;
  net::run_to_end(revoke_while_listing(world, id));
  EXPECT_TRUE(world.link(id).revoked);
  EXPECT_EQ(world.link(id).state, LinkState::listing);
  EXPECT_EQ(world.link(id).sealed_credentials, "");
  EXPECT_EQ(net::result_of(world.rows().selections.get(id, 0)), std::nullopt);
}

}  // namespace
}  // namespace links
