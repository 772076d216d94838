#include "store/testing/conformance.h"

#include "base/random.h"

#include <fmt/format.h>

namespace store {

std::string object_id(std::uint64_t number) {
  std::string id = fmt::format("{:016x}", number * 0x9E3779B97F4A7C15ULL);
  id[15] = '\0';
  id[14] = static_cast<char>(0xFF);
  return id;
}

StoreConformance::StoreConformance() : home_(GetParam().make()), open_(home_->open()) {}

void StoreConformance::reopen() {
  open_.reset();
  open_ = home_->open();
}

void StoreConformance::remove_all_expired(base::UnixSeconds now) {
  constexpr int most_steps = 1000;
  for (int i = 0; i < most_steps; ++i) {
    if (!await(store().upkeep.remove_expired(now))) return;
  }
  ADD_FAILURE() << "there is always more to remove";
}

// ---- accounts

accounts::Account StoreConformance::add_account(std::string const& name) {
  accounts::Account const account{.id = base::random_uuid(),
                                  .name = name,
                                  .password_hash = "password of " + name,
                                  .created_at = start_time};
  await(store().accounts.insert(account));
  return account;
}

accounts::UserKey StoreConformance::new_key(accounts::Account const& account,
                                            std::string const& name) {
  return {.user_key = "key of " + name,
          .account_id = account.id,
          .name = name,
          .secret_hash = every_byte(),
          .hashed_by = "master key",
          .secret_end = "cret",
          .created_at = start_time};
}

accounts::UserKey StoreConformance::add_key(accounts::Account const& account,
                                            std::string const& name) {
  accounts::UserKey key = new_key(account, name);
  await(store().user_keys.insert(key));
  return key;
}

bool StoreConformance::rotate(accounts::UserKey& key, base::UnixSeconds former_until) {
  key.former_hash = former_until == 0 ? "" : key.secret_hash;
  key.former_hashed_by = former_until == 0 ? "" : key.hashed_by;
  key.former_until = former_until;
  key.generation += 1;
  key.secret_hash = std::to_string(key.generation) + every_byte();
  key.hashed_by = "another master key";
  key.secret_end = "next";
  return await(store().user_keys.rotate(key));
}

std::optional<accounts::UserKey> StoreConformance::found(accounts::UserKey const& key) {
  auto const found = await(store().user_keys.find(key.user_key));
  if (!found) return std::nullopt;
  return found->key;
}

std::string const& StoreConformance::owner() {
  if (owner_.empty()) owner_ = add_account("owner").id;
  return owner_;
}

// ---- jobs

Job StoreConformance::new_job(base::UnixSeconds created_at) {
  Job job;
  job.id = base::random_uuid();
  job.account_id = owner();
  job.api_version = 2;
  job.request = "request of " + job.id + every_byte();
  job.sealed_credentials = "credentials of " + job.id + every_byte();
  job.created_at = created_at;
  return job;
}

std::string StoreConformance::create(Job const& job, Once const& once) {
  return await(store().jobs.create({.job = job, .once = once}));
}

Job StoreConformance::add_job(base::UnixSeconds created_at) {
  Job job = new_job(created_at);
  EXPECT_EQ(create(job), job.id);
  return job;
}

std::optional<Job> StoreConformance::claim(base::UnixSeconds now, Turn const& turn) {
  return await(store().jobs.claim(session_, turn, now));
}

Job StoreConformance::run(Job const& job) {
  std::optional<Job> const claimed = claim();
  EXPECT_EQ(claimed.value_or(Job()).id, job.id);
  return claimed.value_or(Job());
}

Job StoreConformance::add_running_job(base::UnixSeconds created_at) {
  return run(add_job(created_at));
}

bool StoreConformance::save(Job const& running, JobNews const& news) {
  return await(store().jobs.save(running.hold(), news));
}

bool StoreConformance::end(Job const& running, RunEnd const& end, base::UnixSeconds now) {
  return await(store().jobs.end_run(running.hold(), end, now));
}

bool StoreConformance::finish(Job const& running, base::UnixSeconds now) {
  return end(running, {.state = JobState::done, .sealed_result = "result"}, now);
}

bool StoreConformance::fail(Job const& running, base::UnixSeconds now) {
  return end(running, {.state = JobState::failed, .error = "no such key"}, now);
}

bool StoreConformance::fail_leaving(Job const& running, base::UnixSeconds now) {
  RunEnd const left{.state = JobState::failed, .error = "no answer", .upload = some_upload()};
  return end(running, left, now);
}

std::optional<Job> StoreConformance::found(Job const& job) {
  return await(store().jobs.find_whole(job.id));
}

// ---- chores

std::vector<Chore> StoreConformance::due(ChoreKind kind, base::UnixSeconds now) {
  return await(store().jobs.due_chores(kind, now));
}

Ids StoreConformance::to_clean(base::UnixSeconds now) {
  Ids ids;
  for (Chore const& chore : due(ChoreKind::clean, now)) ids.push_back(chore.job_id);
  return ids;
}

Ids StoreConformance::to_delete(base::UnixSeconds now) {
  Ids ids;
  for (Chore const& chore : due(ChoreKind::expire, now)) ids.push_back(chore.job_id);
  return ids;
}

Chore StoreConformance::cleaning_of(Job const& job) {
  return {.kind = ChoreKind::clean, .job_id = job.id, .attempt = job.attempt};
}

Chore StoreConformance::expiry_of(Job const& job) {
  return {.kind = ChoreKind::expire, .job_id = job.id, .attempt = job.attempt};
}

// ---- links

Link StoreConformance::new_link(base::UnixSeconds expires_at) {
  Link link;
  link.id = base::random_uuid();
  link.account_id = owner();
  link.api_version = 1;
  link.session = session_;
  link.request = "request of " + link.id + every_byte();
  link.sealed_credentials = "credentials of " + link.id + every_byte();
  link.file_name = "Grüße.zip";
  link.created_at = start_time;
  link.expires_at = expires_at;
  return link;
}

std::string StoreConformance::create(Link const& link, Once const& once) {
  return await(store().links.create({.link = link, .once = once}));
}

Link StoreConformance::add_link(base::UnixSeconds expires_at) {
  Link link = new_link(expires_at);
  EXPECT_EQ(create(link), link.id);
  return link;
}

bool StoreConformance::freeze(Link const& listing, PlanFacts const& plan) {
  return await(store().links.freeze(listing.hold(), plan, start_time));
}

bool StoreConformance::fail(Link const& listing, base::Fault fault) {
  return await(store().links.fail(listing.hold(), fault, "it is not there", start_time));
}

std::optional<Link> StoreConformance::found(Link const& link) {
  return await(store().links.find(link.id));
}

bool StoreConformance::put_chunk(Hold const& hold, std::uint64_t index, std::string const& chunk) {
  return await(store().selections.put(hold, index, chunk));
}

std::optional<std::string> StoreConformance::get_chunk(std::string const& owner_id,
                                                       std::uint64_t index) {
  return await(store().selections.get(owner_id, index));
}

// ---- mails and deliveries

Mail StoreConformance::new_mail(std::string const& owner_id, std::string const& account_id) {
  Mail mail;
  mail.id = base::random_uuid();
  mail.owner_id = owner_id;
  mail.account_id = account_id;
  mail.api_version = 2;
  mail.address = "name@example.org";
  mail.link_base = "https://zip.example.org";
  mail.created_at = start_time;
  return mail;
}

Delivery StoreConformance::new_delivery(std::string const& owner_id,
                                        std::string const& account_id) {
  Delivery delivery;
  delivery.id = base::random_uuid();
  delivery.owner_id = owner_id;
  delivery.account_id = account_id;
  delivery.host = "hooks.example.org:443";
  delivery.sealed_url = std::string("\0url", 4);
  delivery.link_base = "https://zip.example.org";
  delivery.created_at = start_time;
  return delivery;
}

Ids StoreConformance::due_mails(base::UnixSeconds now) {
  return ids_of(await(store().outbox.due_mails(now)));
}

Ids StoreConformance::due_deliveries(base::UnixSeconds now) {
  return ids_of(await(store().outbox.due_deliveries(now)));
}

// ---- what they hold

PlanFacts StoreConformance::some_plan(std::uint64_t chunk_count) {
  return {.frozen = true,
          .layout_version = 3,
          .archives = {{.entry_count = 70'000,
                        .source_bytes = 1ULL << 42,
                        .archive_bytes = UINT64_MAX,  // no bit is lost
                        .etag = "\"etag\"",
                        .chunk_count = chunk_count - 1},
                       {.entry_count = 1,
                        .source_bytes = 2,
                        .archive_bytes = 3,
                        .etag = "\"of the second\"",
                        .chunk_count = 1}},
          .missing_count = 101,
          .missing = {"no/such file", every_byte()},
          .own_zip_count = 102,
          .own_zips = {"bucket/old.zip", every_byte()},
          .excluded = 103,
          .excluded_told = {every_byte(), "bucket/not this"}};
}

Upload StoreConformance::some_upload() {
  return {.archive = 0,
          .bucket = "bucket",
          .key = "to.zip",
          .upload_id = "upload-1",
          .part_bytes = 8 << 20};
}

std::string StoreConformance::every_byte() {
  std::string out;
  for (int i = 0; i < 256; ++i) out += static_cast<char>(i);
  return out;
}

}  // namespace store
