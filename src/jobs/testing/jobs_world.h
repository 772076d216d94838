// For tests: a bucket and a store in memory, jobs on them, and programs that run these jobs and can
// be killed at any call of the store.
#pragma once

#include "archive/request.h"
#include "archive/testing/memory_store.h"
#include "archive/testing/one_object_store.h"
#include "jobs/runner.h"
#include "store/testing/failing_store.h"
#include "store/testing/memory_store.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace jobs {

class JobsWorld {
 public:
  JobsWorld();

  // A job that zips the objects in/a, in/b and in/c of the bucket into zips/<id>.zip; `change` may
  // alter it. A mail and a delivery are to tell of its end.
  std::string add_job(std::function<void(store::Job&, archive::Request&)> const& change = {});
  store::Job job(std::string const& id);
  // Checks the job's row and the bucket: no hold, no secret and no upload is left.
  void expect_nothing_left(std::string const& id);
  // The zip's bytes; empty if there is none.
  std::string zip_of(std::string const& id);

  // A program over this store, with a loop of its own, for as long as `story` takes: then it is
  // killed, whatever it is at. The story starts the runner if it wants one.
  using Story = std::function<net::task<void>(Tools const& tools, Runner& runner)>;
  void in_program(store::Store const& store, Story const& story);

  // A program that runs jobs, until this one has ended and nothing of it is left to do, or `killed`
  // says so.
  void run_program(
      store::Store const& store, std::string const& id,
      std::function<bool()> const& killed = [] { return false; });
  // The same, as a coroutine of a program.
  net::task<void> run_jobs(
      Tools const& tools, Runner& runner, std::string id,
      std::function<bool()> killed = [] { return false; });

  store::Store const& rows() const { return database_.store(); }
  accounts::Keys const keys;
  std::shared_ptr<archive::MemoryStore> const bucket;
  store::LiveZips live;

 private:
  Tools tools_for(store::Store const& store);

  store::MemoryStore database_;
  archive::OneObjectStore object_stores_{bucket};
  JobTimes times_;
  net::BlockingPool blocking_{1};
  base::Budget blocks_;
  base::Budget parts_;
};

}  // namespace jobs
