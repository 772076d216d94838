#include "api/files/zip_contents.h"

#include "api/request/kept_credentials.h"
#include "api/state_names.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/service_limits.h"
#include "jobs/result.h"
#include "net/task_group.h"
#include "store/kept_credentials.h"
#include "store/sealed_credentials.h"

#include <algorithm>

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;
using archive::Contents;
using archive::OpenArchive;
using base::Error;
using base::Fault;

namespace {

using Clock = ContentsCache::Clock;

// The archives of a job that are being opened, and what they are opened with. The tasks that open
// them share it: they may end after the call that waits for them.
struct Opening {
  Service const& service;
  store::Job job;
  archive::Request request;
  std::vector<std::string> links;
  std::string request_id;
  std::vector<OpenArchive> archives;
};

void check_is_there(store::Job const& job) {
  if (job.state != store::JobState::done)
    throw Error(Fault::conflict, fmt::format("the zip is {}; only one that succeeded has files",
                                             native_name(job.state)));
  if (store::has_expired(job, base::unix_now()) || job.expiry.deleted)
    throw Error(Fault::gone, "the zip has expired");
}

bool is_refusal(Error const& error) {
  return error.fault() == Fault::forbidden || error.fault() == Fault::unauthorized;
}

s3::ObjectName object_of(Opening const& opening, std::size_t index) {
  return {opening.job.target_bucket, archive::archive_key(opening.job.target_key, index)};
}

net::task<OpenArchive> open_in(Opening const& opening, s3::WantedStore wanted, std::size_t index) {
  OpenArchive open;
  open.store = co_await opening.service.object_stores.open(std::move(wanted));
  std::optional<Error> missing;
  try {
    open.bytes = co_await archive::open_object(open.store, object_of(opening, index));
  } catch (Error const& error) {
    if (error.fault() != Fault::not_found) throw;
    missing =
        Error(Fault::gone, fmt::format("the zip is no longer in its bucket: {}", error.what()));
  }
  if (missing) throw *missing;
  co_return open;
}

s3::WantedStore wanted_with(Opening const& opening, aws::Credentials credentials) {
  return archive::wanted_store(opening.request, std::move(credentials),
                               "request " + opening.request_id, opening.service.download_patience);
}

// nullopt if the link does not open it (any more).
net::task<std::optional<OpenArchive>> open_by_link(Opening const& opening, std::size_t index) {
  if (index >= opening.links.size()) co_return std::nullopt;
  s3::WantedStore wanted = wanted_with(opening, {});
  wanted.link = base::Secret(opening.links[index]);
  std::optional<OpenArchive> open;
  try {
    open = co_await open_in(opening, std::move(wanted), index);
  } catch (Error const& error) {
    if (!is_refusal(error)) throw;
  }
  co_return open;
}

// The credentials that are left for the zip: the job's own, which one that expires keeps, those
// that the account keeps, or the server's own. nullopt if there are none.
net::task<std::optional<aws::Credentials>> credentials_left(Opening const& opening) {
  Service const& service = opening.service;
  store::Job const& job = opening.job;
  if (!job.sealed_credentials.empty() && !job.expiry.uses_kept_credentials)
    co_return store::open_credentials(service.keys, job.id, job.sealed_credentials);
  std::optional<store::UnsealedCredentials> const kept =
      co_await store::find_kept(service.store.user_keys, service.keys, job.account_id);
  archive::Request request = opening.request;
  // The default object store has no name there; another that is kept must not take its place.
  if (request.endpoint.empty()) request.endpoint = service.rules.default_endpoint;
  std::string const endpoint = request.endpoint;
  aws::Credentials credentials;
  try {
    use_kept(request, credentials, kept, service.rules, "endpoint");
  } catch (Error const&) {
    credentials = {};  // they are for another store or bucket
  }
  if (request.endpoint != endpoint) credentials = {};
  if (credentials.access_key.empty() && !service.rules.own_credentials) co_return std::nullopt;
  co_return credentials;
}

net::task<OpenArchive> open_archive(Opening const& opening, std::size_t index) {
  std::optional<OpenArchive> by_link = co_await open_by_link(opening, index);
  if (by_link) co_return *std::move(by_link);
  std::optional<aws::Credentials> credentials = co_await credentials_left(opening);
  if (!credentials)
    throw Error(Fault::gone,
                "the link to this zip has ended; keep credentials at the server to read it still");
  s3::WantedStore wanted = wanted_with(opening, *std::move(credentials));
  co_return co_await open_in(opening, std::move(wanted), index);
}

net::task<void> open_one(std::shared_ptr<Opening> opening, std::size_t index) {
  opening->archives[index] = co_await open_archive(*opening, index);
}

net::task<void> open_all(std::shared_ptr<Opening> opening) {
  net::Executor const loop = co_await net::this_loop();
  std::size_t const count = opening->job.plan.archives.size();
  opening->archives.resize(count);
  for (std::size_t first = 0; first < count; first += limits::entries_at_a_time) {
    net::TaskGroup tasks(loop);
    std::size_t const end = std::min(first + limits::entries_at_a_time, count);
    for (std::size_t i = first; i < end; ++i) tasks.spawn(open_one(opening, i));
    co_await tasks.wait_all();
  }
}

std::string version_of(std::vector<OpenArchive> const& archives) {
  std::string version;
  for (OpenArchive const& archive : archives)
    version += fmt::format("{} {}\n", archive.bytes.etag, archive.bytes.size);
  return version;
}

net::task<std::shared_ptr<Contents const>> read_contents(Service const& service,
                                                         std::vector<OpenArchive> const& archives) {
  auto const contents = std::make_shared<Contents>();
  archive::ListTools const tools{.budget = service.blocks, .pool = service.blocking};
  for (std::size_t i = 0; i < archives.size(); ++i) {
    std::uint64_t index = 0;
    zip::DirectoryReader::Take const add = [&](zip::ListedEntry const& entry) {
      contents->add(static_cast<std::uint32_t>(i), index++, entry);
    };
    co_await archive::list_entries(archives[i].bytes, add, &tools);
  }
  co_return contents;
}

void check_is_ready(store::Link const& link) {
  if (link.revoked) throw Error(Fault::gone, "this stream has been revoked");
  if (link.expires_at <= base::unix_now()) throw Error(Fault::gone, "this stream has expired");
  if (link.state == store::LinkState::listing)
    throw Error(Fault::conflict, "its files are still being listed; ask again in a moment");
  if (link.state == store::LinkState::failed)
    throw Error(Fault::conflict, "it failed before its files were listed: " + link.error);
}

std::string version_of(store::Link const& link) {
  std::string version;
  for (store::ArchiveFacts const& facts : link.plan.archives) version += facts.etag + "\n";
  return version;
}

void keep(ContentsCache& cache, std::string const& id, ZipContents const& found) {
  ContentsCache::Kept kept{
      .contents = found.contents, .version = found.version, .seen_at = Clock::now()};
  cache.put(id, std::move(kept), Clock::now());
}

}  // namespace

net::task<ZipContents> contents_of_zip(Service const& service, ContentsCache& cache, store::Job job,
                                       std::string request_id, Purpose purpose) {
  check_is_there(job);
  std::string const id = job.id;
  std::optional<ContentsCache::Kept> kept = cache.find(id, Clock::now());
  bool const is_fresh = kept && Clock::now() - kept->seen_at < limits::contents_trusted_time;
  if (is_fresh && purpose == Purpose::list)
    co_return ZipContents{.contents = kept->contents, .version = kept->version};
  auto const opening = std::make_shared<Opening>(Opening{.service = service,
                                                         .job = std::move(job),
                                                         .request = {},
                                                         .links = {},
                                                         .request_id = std::move(request_id),
                                                         .archives = {}});
  opening->request = archive::decode_request(opening->job.request);
  opening->links = jobs::open_result(service.keys, opening->job);
  co_await open_all(opening);
  ZipContents found{.contents = {},
                    .version = version_of(opening->archives),
                    .archives = std::move(opening->archives)};
  if (kept && kept->version == found.version) {
    found.contents = kept->contents;
  } else {
    found.contents = co_await read_contents(service, found.archives);
  }
  keep(cache, id, found);
  co_return found;
}

net::task<ZipContents> contents_of_link(Service const& service, ContentsCache& cache,
                                        store::Link link, std::string request_id) {
  check_is_ready(link);
  ZipContents found{.contents = {}, .version = version_of(link)};
  std::optional<ContentsCache::Kept> kept = cache.find(link.id, Clock::now());
  if (kept && kept->version == found.version) found.contents = kept->contents;
  if (found.contents) co_return found;
  auto const contents = std::make_shared<Contents>();
  for (std::size_t i = 0; i < link.plan.archives.size(); ++i) {
    links::OpenLink const open = co_await service.links.open(link.id, i, request_id);
    auto const add = [&] { contents->add(static_cast<std::uint32_t>(i), *open.archive); };
    co_await service.blocking.run(add);
  }
  found.contents = contents;
  keep(cache, link.id, found);
  co_return found;
}

}  // namespace api
