// What is kept of downloads that fail: where people go then, and what the owner reads of the last
// one; part of the conformance suite, included by store_test.cc.
#pragma once

#include "store/testing/store_conformance.h"

namespace store {

TEST_P(StoreConformance, an_account_has_an_error_url_until_it_is_removed) {
  accounts::Account account = add_account("shop");
  accounts::Account const bystander = add_account("bystander");
  account.error_url = "https://shop.example/sorry?lang=en";
  EXPECT_TRUE(store_->set_error_url(account.id, account.error_url));
  reopen();
  EXPECT_EQ(store_->find_account(account.id), account);
  EXPECT_EQ(store_->find_account_by_name("shop"), account);
  EXPECT_EQ(store_->find_account_by_user_key(account.user_key), account);
  EXPECT_EQ(store_->find_account(bystander.id), bystander);
  account.error_url.clear();
  EXPECT_TRUE(store_->set_error_url(account.id, ""));
  EXPECT_EQ(store_->find_account(account.id), account);
}

TEST_P(StoreConformance, an_error_url_outlives_rotating_and_disabling_and_not_deleting) {
  accounts::Account account = add_account("shop");
  account.error_url = "https://shop.example/";
  EXPECT_TRUE(store_->set_error_url(account.id, account.error_url));
  account.key_generation += 1;
  account.error_url = "not what this is for";
  EXPECT_TRUE(store_->rotate_account(account));
  EXPECT_TRUE(store_->disable_account(account.id));
  EXPECT_TRUE(store_->enable_account(account.id));
  EXPECT_EQ(store_->find_account(account.id)->error_url, "https://shop.example/");
  EXPECT_TRUE(store_->delete_account(account.id));
  EXPECT_FALSE(store_->set_error_url(account.id, "https://shop.example/"));
  EXPECT_FALSE(store_->set_error_url("nobody", "https://shop.example/"));
}

TEST_P(StoreConformance, of_a_streams_downloads_the_last_that_failed_is_kept) {
  Stream stream = add_stream();
  Stream const bystander = add_stream();
  EXPECT_EQ(store_->find_stream(stream.id)->last_failure, std::nullopt);
  DownloadFailure const first{start_time + 1, "request 1", "first" + every_byte()};
  store_->note_download_failure(stream.id, first);
  reopen();
  stream.last_failure = first;
  EXPECT_EQ(store_->find_stream(stream.id), stream);
  EXPECT_EQ(store_->find_stream(bystander.id), bystander);
  DownloadFailure const second{start_time + 9, "request 2", "second"};
  store_->note_download_failure(stream.id, second);
  EXPECT_EQ(store_->find_stream(stream.id)->last_failure, second);
  for (Stream const& listed : store_->list_streams({.account_id = owner(), .limit = 9}))
    EXPECT_EQ(listed.last_failure.has_value(), listed.id == stream.id);
}

// A client that tries again and again must not keep the database busy.
TEST_P(StoreConformance, of_one_second_the_first_failure_of_a_stream_is_kept) {
  Stream const stream = add_stream();
  Stream const other = add_stream();
  DownloadFailure const first{start_time, "request 1", "first"};
  DownloadFailure const second{start_time, "request 2", "second"};
  store_->note_download_failure(stream.id, first);
  store_->note_download_failure(stream.id, second);
  store_->note_download_failure(other.id, second);
  EXPECT_EQ(store_->find_stream(stream.id)->last_failure, first);
  EXPECT_EQ(store_->find_stream(other.id)->last_failure, second);
  DownloadFailure const earlier{start_time - 1, "request 3", "the clock was set back"};
  store_->note_download_failure(stream.id, earlier);
  EXPECT_EQ(store_->find_stream(stream.id)->last_failure, earlier);
}

TEST_P(StoreConformance, a_failed_download_is_forgotten_with_its_stream) {
  DownloadFailure const failure{start_time, "request", "error"};
  Stream const stream = add_stream();
  store_->note_download_failure(stream.id, failure);
  store_->revoke_stream(stream.id);
  EXPECT_EQ(store_->find_stream(stream.id)->last_failure, failure);
  base::UnixSeconds const end = stream.expires_at + seconds(base::limits::expired_link_retention);
  while (store_->remove_expired(end)) {
  }
  EXPECT_EQ(store_->find_stream(stream.id), std::nullopt);
  store_->note_download_failure(stream.id, failure);  // it ends late
  store_->insert_stream(stream);
  EXPECT_EQ(store_->find_stream(stream.id)->last_failure, std::nullopt);
}

}  // namespace store
