// What every JobStore does, as tests that run on each implementation: store_test.cc includes this
// file and its siblings store_conformance_cancel.h, store_conformance_people.h and
// store_conformance_work.h once, and instantiates the suite with a StoreKind for each database.
#pragma once

#include "base/error.h"
#include "base/limits.h"
#include "base/random.h"
#include "store/store.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace store {

// A place for one store, empty at first and removed at the end.
class StoreHome {
 public:
  virtual ~StoreHome() = default;
  // The store that lives there. May be called again while one is open, as another node would.
  virtual std::unique_ptr<JobStore> open() = 0;
};

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<StoreHome>()> make;
};

inline void PrintTo(StoreKind const& kind, std::ostream* out) {
  *out << kind.name;
}

template <class F>
base::Fault fault_of(F call) {
  try {
    call();
  } catch (base::Error const& error) {
    return error.fault();
  }
  ADD_FAILURE() << "nothing was thrown";
  return base::Fault::internal;
}

constexpr base::UnixSeconds start_time = 1'800'000'000;

constexpr base::UnixSeconds seconds(std::chrono::seconds time) {
  return time.count();
}

constexpr base::UnixSeconds days_later(int days) {
  return start_time + seconds(std::chrono::days(days));
}

class StoreConformance : public testing::TestWithParam<StoreKind> {
 protected:
  StoreConformance() : home_(GetParam().make()), store_(home_->open()) {}

  void reopen() {
    store_.reset();
    store_ = home_->open();
  }

  accounts::Account add_account(std::string const& name) {
    accounts::Account const account{.id = base::random_uuid(),
                                    .name = name,
                                    .user_key = "key of " + name,
                                    .secret_hash = every_byte(),
                                    .key_generation = 1,
                                    .disabled = false,
                                    .created_at = start_time};
    store_->insert_account(account);
    return account;
  }

  std::string const& owner() {
    if (owner_.empty()) owner_ = add_account("owner").id;
    return owner_;
  }

  Job new_job(base::UnixSeconds created_at = start_time) {
    Job job;
    job.id = base::random_uuid();
    job.account_id = owner();
    job.api_version = 2;
    job.request = "request of " + job.id + every_byte();
    job.sealed_credentials = "credentials of " + job.id + every_byte();
    job.created_at = created_at;
    return job;
  }

  Job add_job(base::UnixSeconds created_at = start_time) {
    Job job = new_job(created_at);
    store_->insert_job(job);
    return job;
  }

  Job add_started_job() {
    add_job();
    std::optional<Job> job = store_->claim_next_job(start_time);
    EXPECT_TRUE(job);
    return *std::move(job);
  }

  Stream new_stream(base::UnixSeconds expires_at = start_time + 3600) {
    Stream stream;
    stream.id = base::random_uuid();
    stream.account_id = owner();
    stream.api_version = 1;
    stream.request = "request of " + stream.id + every_byte();
    stream.sealed_credentials = "credentials of " + stream.id + every_byte();
    stream.file_name = "Grüße.zip";
    stream.created_at = start_time;
    stream.expires_at = expires_at;
    return stream;
  }

  Stream add_stream(base::UnixSeconds expires_at = start_time + 3600) {
    Stream stream = new_stream(expires_at);
    store_->insert_stream(stream);
    return stream;
  }

  static Mail new_mail(std::string const& owner_id, std::string const& account_id) {
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

  static PlanFacts some_plan(std::uint64_t chunk_count) {
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

  static std::string every_byte() {
    std::string out;
    for (int i = 0; i < 256; ++i) out += static_cast<char>(i);
    return out;
  }

  std::unique_ptr<StoreHome> home_;
  std::unique_ptr<JobStore> store_;

 private:
  std::string owner_;
};

// ---- accounts and settings

TEST_P(StoreConformance, accounts_are_found_by_id_user_key_and_name) {
  accounts::Account const first = add_account("first");
  accounts::Account const second = add_account("zweiter — №2");
  for (int round = 0; round < 2; ++round, reopen()) {
    for (accounts::Account const& account : {first, second}) {
      EXPECT_EQ(store_->find_account(account.id), account);
      EXPECT_EQ(store_->find_account_by_user_key(account.user_key), account);
      EXPECT_EQ(store_->find_account_by_name(account.name), account);
    }
    EXPECT_EQ(store_->list_accounts(), (std::vector{first, second}));
    EXPECT_EQ(store_->find_account("nobody"), std::nullopt);
    EXPECT_EQ(store_->find_account_by_user_key(first.name), std::nullopt);
    EXPECT_EQ(store_->find_account_by_name("First"), std::nullopt);
  }
}

TEST_P(StoreConformance, an_accounts_id_name_and_user_key_are_its_own) {
  accounts::Account const first = add_account("first");
  accounts::Account const fresh{.id = "id", .name = "name", .user_key = "key", .secret_hash = ""};
  for (auto taken :
       {&accounts::Account::id, &accounts::Account::name, &accounts::Account::user_key}) {
    accounts::Account other = fresh;
    other.*taken = first.*taken;
    EXPECT_EQ(fault_of([&] { store_->insert_account(other); }), base::Fault::conflict);
  }
  EXPECT_EQ(store_->list_accounts(), std::vector{first});
}

TEST_P(StoreConformance, a_setting_holds_the_last_value) {
  EXPECT_EQ(store_->get_setting("fingerprint"), std::nullopt);
  store_->set_setting("fingerprint", "1");
  store_->set_setting("other", "");
  store_->set_setting("fingerprint", "2");
  reopen();
  EXPECT_EQ(store_->get_setting("fingerprint"), "2");
  EXPECT_EQ(store_->get_setting("other"), "");
}

// ---- selections

TEST_P(StoreConformance, chunks_of_a_selection_are_kept_by_owner_and_number) {
  std::string const job = add_job().id;
  std::string const stream = add_stream().id;
  std::string const large(3'000'000, 'x');
  store_->put_selection_chunk(job, 0, large);
  store_->put_selection_chunk(job, 1, every_byte());
  store_->put_selection_chunk(job, 7, "");
  store_->put_selection_chunk(stream, 0, "first");
  store_->put_selection_chunk(stream, 0, "second");
  reopen();
  EXPECT_EQ(store_->get_selection_chunk(job, 0), large);
  EXPECT_EQ(store_->get_selection_chunk(job, 1), every_byte());
  EXPECT_EQ(store_->get_selection_chunk(job, 7), "");
  EXPECT_EQ(store_->get_selection_chunk(job, 2), std::nullopt);
  EXPECT_EQ(store_->get_selection_chunk(stream, 0), "second");
  EXPECT_EQ(store_->get_selection_chunk("nobody", 0), std::nullopt);
}

TEST_P(StoreConformance, a_dropped_selection_is_gone_and_can_be_made_anew) {
  std::string const job = add_job().id;
  std::string const other = add_job().id;
  std::size_t const count = 2 * base::limits::drop_step_chunks;
  for (std::size_t i = 0; i < count; ++i) store_->put_selection_chunk(job, i, "chunk");
  store_->put_selection_chunk(other, 0, "kept");
  store_->drop_selection(job);
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_EQ(store_->get_selection_chunk(job, i), std::nullopt);
  }
  EXPECT_EQ(store_->get_selection_chunk(other, 0), "kept");

  store_->put_selection_chunk(job, 0, "anew");
  store_->remove_expired(start_time);
  EXPECT_EQ(store_->get_selection_chunk(job, 0), "anew");
  store_->drop_selection("nobody");
}

TEST_P(StoreConformance, no_selection_is_kept_for_who_has_ended_or_never_was) {
  std::string const job = add_job().id;
  std::string const failed = add_stream().id;
  std::string const revoked = add_stream().id;
  store_->finish_job(job, JobState::success, "", "", start_time);
  store_->fail_stream(failed, base::Fault::not_found, "");
  store_->revoke_stream(revoked);
  for (std::string const& id : {job, failed, revoked, std::string("nobody")}) {
    EXPECT_EQ(fault_of([&] { store_->put_selection_chunk(id, 0, "chunk"); }),
              base::Fault::conflict);
    EXPECT_EQ(store_->get_selection_chunk(id, 0), std::nullopt);
  }
}

TEST_P(StoreConformance, freezing_drops_the_chunks_that_an_earlier_listing_left_over) {
  std::string const job = add_job().id;
  std::string const stream = add_stream().id;
  for (std::string const& id : {job, stream}) {
    for (std::uint64_t i = 0; i < 5; ++i) store_->put_selection_chunk(id, i, "chunk");
  }
  store_->freeze_job(job, some_plan(3));
  store_->freeze_stream(stream, some_plan(3));
  for (std::string const& id : {job, stream}) {
    EXPECT_EQ(store_->get_selection_chunk(id, 2), "chunk");
    EXPECT_EQ(store_->get_selection_chunk(id, 3), std::nullopt);
    EXPECT_EQ(store_->get_selection_chunk(id, 4), std::nullopt);
  }
}

// ---- CRCs

inline std::string object_id(std::uint64_t number) {
  std::string id = fmt::format("{:016x}", number * 0x9E3779B97F4A7C15ULL);  // scattered
  id[15] = '\0';
  id[14] = static_cast<char>(0xFF);
  return id;
}

TEST_P(StoreConformance, crcs_are_found_by_object_in_the_order_of_the_prefixes) {
  CrcRow const segment{object_id(1), 64 << 20, UINT32_MAX};
  CrcRow const whole{object_id(1), UINT64_MAX >> 1, 0};
  CrcRow const other{object_id(2), 0, 7};
  CrcRow const replaced{object_id(2), 0, 8};
  store_->remember_crcs(std::vector{whole, other, segment}, start_time);
  store_->remember_crcs(std::vector{replaced}, start_time);
  store_->remember_crcs({}, start_time);
  reopen();
  std::vector<std::string> const asked{object_id(1), object_id(3), object_id(1)};
  EXPECT_EQ(store_->find_crcs(asked, start_time), (std::vector{segment, whole}));
  EXPECT_EQ(store_->find_crcs(std::vector{object_id(2)}, start_time), std::vector{replaced});
  EXPECT_TRUE(store_->find_crcs({}, start_time).empty());
}

TEST_P(StoreConformance, crcs_of_many_objects_are_found_at_once) {
  std::size_t const count = 2 * base::limits::expiry_crcs + 1;
  std::vector<CrcRow> rows;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < count; ++i) {
    rows.push_back({object_id(i), i, static_cast<std::uint32_t>(i)});
    ids.push_back(object_id(i));
    ids.push_back(object_id(i + count));  // unknown
  }
  store_->remember_crcs(rows, start_time);
  std::vector<CrcRow> const found = store_->find_crcs(ids, days_later(30));
  ASSERT_EQ(found.size(), count);
  std::sort(rows.begin(), rows.end(),
            [](CrcRow const& a, CrcRow const& b) { return a.object_id < b.object_id; });
  EXPECT_TRUE(found == rows);
}

TEST_P(StoreConformance, a_store_that_works_is_usable) {
  store_->check_usable();
}

TEST_P(StoreConformance, a_crc_that_is_used_is_kept_and_one_that_is_not_is_forgotten) {
  std::vector<std::string> const used{object_id(1)};
  std::vector<std::string> const unused{object_id(2)};
  store_->remember_crcs(std::vector{CrcRow{used[0], 5, 1}, CrcRow{unused[0], 5, 2}}, start_time);
  EXPECT_EQ(store_->find_crcs(used, days_later(30)).size(), 1U);

  store_->remove_expired(days_later(90));
  EXPECT_EQ(store_->find_crcs(unused, start_time).size(), 1U);
  store_->remove_expired(days_later(91));
  EXPECT_EQ(store_->find_crcs(unused, start_time).size(), 0U);
  store_->remove_expired(days_later(120));
  EXPECT_EQ(store_->find_crcs(used, days_later(30)).size(), 1U);
  store_->remove_expired(days_later(121));
  EXPECT_EQ(store_->find_crcs(used, days_later(30)).size(), 0U);
}

TEST_P(StoreConformance, of_many_crcs_those_that_are_not_used_are_forgotten) {
  std::size_t const count = 2 * base::limits::expiry_crcs + 1;
  std::vector<CrcRow> rows;
  std::vector<std::string> ids;
  std::vector<std::string> used;
  for (std::size_t i = 0; i < count; ++i) {
    rows.push_back({object_id(i), i, static_cast<std::uint32_t>(i)});
    ids.push_back(object_id(i));
    if (i % 3 == 0) used.push_back(object_id(i));
  }
  store_->remember_crcs(rows, start_time);
  store_->find_crcs(used, days_later(30));
  while (store_->remove_expired(days_later(90))) reopen();
  EXPECT_EQ(store_->find_crcs(ids, start_time).size(), count);
  while (store_->remove_expired(days_later(91))) reopen();
  EXPECT_EQ(store_->find_crcs(ids, start_time).size(), used.size());
}

}  // namespace store
