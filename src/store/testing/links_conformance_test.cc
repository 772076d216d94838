// Links: their listing, their end, and the note on downloads that failed.
#include "base/limits.h"
#include "store/testing/conformance.h"

namespace store {
namespace {

// Whether any of the writes of a listing was done.
bool can_write(Store const& store, Hold const& hold) {
  bool done = await(store.selections.put(hold, 77, "chunk"));
  done |= await(store.links.freeze(hold, PlanFacts{.frozen = true}, start_time + 77));
  done |= await(store.links.fail(hold, base::Fault::gone, "error", start_time + 77));
  return done;
}

}  // namespace

TEST_P(StoreConformance, a_new_link_is_listing_and_kept_as_it_was_given) {
  Link const link = add_link();
  Link same_id = new_link();
  same_id.id = link.id;
  EXPECT_EQ(fault_of([&] { create(same_id); }), base::Fault::conflict);
  Link orphan = new_link();
  orphan.account_id = "nobody";
  EXPECT_EQ(fault_of([&] { create(orphan); }), base::Fault::conflict);
  EXPECT_EQ(found(orphan), std::nullopt);
  for (int round = 0; round < 2; ++round, reopen()) {
    EXPECT_EQ(found(link), link);
    EXPECT_EQ(await(store().links.find("nobody")), std::nullopt);
  }
}

TEST_P(StoreConformance, a_frozen_link_is_ready_and_frozen_once) {
  Link link = add_link();
  put_chunk(link.hold(), 0);
  EXPECT_TRUE(freeze(link, some_plan(1)));
  link.state = LinkState::ready;
  link.plan = some_plan(1);
  reopen();
  EXPECT_EQ(found(link), link);
  EXPECT_EQ(get_chunk(link.id, 0), "chunk");
  EXPECT_FALSE(can_write(store(), link.hold()));
  EXPECT_EQ(found(link), link);
}

TEST_P(StoreConformance, a_failed_link_says_why_and_has_no_credentials) {
  for (base::Fault fault : {base::Fault::bad_input, base::Fault::not_found, base::Fault::changed,
                            base::Fault::internal}) {
    Link link = add_link();
    put_chunk(link.hold(), 0);
    EXPECT_TRUE(await(store().links.fail(link.hold(), fault, "bucket/key: gone", start_time)));
    link.state = LinkState::failed;
    link.fault = fault;
    link.error = "bucket/key: gone";
    link.sealed_credentials.clear();
    EXPECT_EQ(found(link), link);
    EXPECT_EQ(get_chunk(link.id, 0), std::nullopt);
    EXPECT_FALSE(can_write(store(), link.hold()));
    EXPECT_EQ(found(link), link);
  }
}

TEST_P(StoreConformance, a_revoked_link_has_no_credentials_and_is_not_listed_further) {
  Link listing = add_link();
  Link ready = add_link();
  put_chunk(ready.hold(), 0);
  freeze(ready, some_plan(1));
  EXPECT_TRUE(await(store().links.revoke(listing.id, start_time)));
  EXPECT_TRUE(await(store().links.revoke(ready.id, start_time)));
  EXPECT_TRUE(await(store().links.revoke(ready.id, start_time))) << "again";
  EXPECT_FALSE(await(store().links.revoke("nobody", start_time)));
  ready.state = LinkState::ready;
  ready.plan = some_plan(1);
  for (Link* link : {&listing, &ready}) {
    link->revoked = true;
    link->sealed_credentials.clear();
    EXPECT_EQ(found(*link), *link);
  }
  EXPECT_EQ(get_chunk(ready.id, 0), std::nullopt);
  EXPECT_FALSE(can_write(store(), listing.hold()));
  EXPECT_EQ(await(store().links.listing(session_)), std::vector<Hold>{});
  EXPECT_EQ(await(store().links.take_listing(session_)), std::vector<Hold>{});
  EXPECT_EQ(found(listing), listing);
}

TEST_P(StoreConformance, a_link_that_expires_while_it_is_listed_is_not_frozen) {
  Link const link = add_link(start_time + 10);
  put_chunk(link.hold(), 0);
  remove_all_expired(start_time + 10);
  std::optional<Link> const before = found(link);
  EXPECT_FALSE(can_write(store(), link.hold()));
  EXPECT_EQ(found(link), before);
  EXPECT_EQ(get_chunk(link.id, 77), std::nullopt);
  EXPECT_EQ(await(store().links.take_listing(session_)), std::vector<Hold>{});
}

// ---- the session that lists

TEST_P(StoreConformance, links_that_were_listing_are_taken_up_after_a_restart) {
  Link last = new_link();
  last.created_at = start_time + 1;
  create(last);
  Link const first = add_link();
  Link const ready = add_link();
  Link const failed = add_link();
  freeze(ready, some_plan(0));
  fail(failed, base::Fault::forbidden);
  reopen();
  std::vector<Hold> const holds{{.id = first.id, .session = "the next", .attempt = 2},
                                {.id = last.id, .session = "the next", .attempt = 2}};
  EXPECT_EQ(await(store().links.take_listing("the next")), holds) << "the oldest first";
  EXPECT_EQ(await(store().links.listing("the next")), holds);
  EXPECT_EQ(found(first)->hold(), holds[0]);
  Link expected = first;
  expected.session = "the next";
  expected.attempt = 2;
  EXPECT_EQ(found(first), expected);
  EXPECT_FALSE(can_write(store(), first.hold())) << "it is another's";
  EXPECT_TRUE(await(store().links.freeze(holds[0], some_plan(1), start_time)));
}

TEST_P(StoreConformance, the_links_that_a_session_lists_are_known) {
  Link const mine = add_link();
  Link const frozen = add_link();
  freeze(frozen, some_plan(1));
  Link others = new_link();
  others.session = "another session";
  create(others);
  EXPECT_EQ(await(store().links.listing(session_)), std::vector{mine.hold()});
  EXPECT_EQ(await(store().links.listing("another session")), std::vector{others.hold()});
  EXPECT_EQ(await(store().links.listing("a third")), std::vector<Hold>{});
}

TEST_P(StoreConformance, a_listing_of_another_session_or_attempt_writes_nothing) {
  Link const link = add_link();
  put_chunk(link.hold(), 77, "its own");
  Hold const wrong[] = {{.id = link.id, .session = "another session", .attempt = 1},
                        {.id = link.id, .session = "", .attempt = 1},
                        {.id = link.id, .session = session_, .attempt = 0},
                        {.id = link.id, .session = session_, .attempt = 2},
                        {.id = "nobody", .session = session_, .attempt = 1}};
  for (Hold const& hold : wrong) EXPECT_FALSE(can_write(store(), hold));
  EXPECT_EQ(found(link), link);
  EXPECT_EQ(get_chunk(link.id, 77), "its own");
  EXPECT_EQ(get_chunk("nobody", 77), std::nullopt);
  EXPECT_TRUE(can_write(store(), link.hold()));
}

TEST_P(StoreConformance, a_failed_link_lists_anew_unless_it_was_revoked) {
  Link link = add_link();
  EXPECT_EQ(await(store().links.relist(link.id, "the next", start_time)), std::nullopt);
  put_chunk(link.hold(), 0);
  fail(link);
  Hold const anew{.id = link.id, .session = "the next", .attempt = 2};
  EXPECT_EQ(await(store().links.relist(link.id, "the next", start_time + 60)), anew);
  EXPECT_FALSE(can_write(store(), link.hold())) << "that was the first listing";
  link.session = "the next";
  link.attempt = 2;
  link.created_at = start_time + 60;
  link.sealed_credentials.clear();
  EXPECT_EQ(found(link), link);
  EXPECT_EQ(await(store().links.listing("the next")), std::vector{anew});
  EXPECT_TRUE(put_chunk(anew, 0));
  EXPECT_TRUE(freeze(link, some_plan(1)));
  EXPECT_EQ(get_chunk(link.id, 0), "chunk");
  EXPECT_EQ(await(store().links.relist(link.id, session_, start_time + 120)), std::nullopt);

  Link const revoked = add_link();
  fail(revoked);
  await(store().links.revoke(revoked.id, start_time));
  EXPECT_EQ(await(store().links.relist(revoked.id, session_, start_time)), std::nullopt);
  EXPECT_EQ(await(store().links.relist("nobody", session_, start_time)), std::nullopt);
}

TEST_P(StoreConformance, of_two_that_list_a_failed_link_anew_one_does) {
  Link const link = add_link();
  fail(link);
  std::optional<Hold> const first = await(store().links.relist(link.id, session_, start_time));
  ASSERT_TRUE(first);
  EXPECT_EQ(await(store().links.relist(link.id, session_, start_time)), std::nullopt);
  await(store().links.fail(*first, base::Fault::not_found, "still not there", start_time));
  std::optional<Hold> const second = await(store().links.relist(link.id, session_, start_time));
  ASSERT_TRUE(second);
  EXPECT_FALSE(can_write(store(), *first)) << "of the same session";
  EXPECT_TRUE(can_write(store(), *second));
}

// ---- the credentials and keys of accounts

TEST_P(StoreConformance, a_link_of_a_signed_url_ends_with_the_secret_that_signed) {
  accounts::Account const account = add_account("signer");
  accounts::UserKey key = add_key(account);
  Link signed_one = new_link();
  signed_one.account_id = account.id;
  signed_one.signing_key = key.user_key;
  signed_one.signing_generation = key.generation;
  Link called = new_link();
  called.account_id = account.id;
  for (Link const& link : {signed_one, called}) {
    create(link);
    put_chunk(link.hold(), 0, "keys of a bucket");
    EXPECT_EQ(found(link), link);
  }
  EXPECT_TRUE(rotate(key, start_time + 60));
  EXPECT_FALSE(found(signed_one)->revoked) << "the secret still works";
  EXPECT_TRUE(rotate(key));
  EXPECT_TRUE(found(signed_one)->revoked);
  EXPECT_FALSE(found(called)->revoked);
  for (Link const& listed : await(store().links.list({.account_id = account.id, .limit = 9})))
    EXPECT_EQ(listed.revoked, listed.id == signed_one.id);
  remove_all_expired(start_time);
  EXPECT_EQ(get_chunk(signed_one.id, 0), std::nullopt);
  EXPECT_EQ(found(signed_one)->sealed_credentials, "");
  EXPECT_FALSE(can_write(store(), signed_one.hold()));
  EXPECT_TRUE(get_chunk(called.id, 0));
  EXPECT_EQ(found(called), called);
}

TEST_P(StoreConformance, a_link_knows_that_it_uses_what_the_account_keeps) {
  Link link = new_link();
  link.sealed_credentials.clear();
  link.uses_kept_credentials = true;
  create(link);
  reopen();
  EXPECT_EQ(found(link), link);
}

TEST_P(StoreConformance, a_link_ends_with_a_former_secret_and_with_a_revoked_key) {
  accounts::Account const account = add_account("signer");
  accounts::UserKey key = add_key(account);
  accounts::UserKey const revoked = add_key(account, "revoked");
  auto const signed_by = [&](accounts::UserKey const& signer) {
    Link link = new_link(start_time + 7200);
    link.account_id = account.id;
    link.signing_key = signer.user_key;
    link.signing_generation = signer.generation;
    create(link);
    return link;
  };
  Link const former = signed_by(key);
  Link const other = signed_by(revoked);
  EXPECT_TRUE(rotate(key, start_time + 60));
  Link const present = signed_by(key);
  remove_all_expired(start_time + 60);
  EXPECT_TRUE(found(former)->revoked);
  EXPECT_EQ(found(former)->sealed_credentials, "");
  EXPECT_TRUE(await(store().user_keys.revoke(revoked.user_key)));
  remove_all_expired(start_time + 60);
  EXPECT_TRUE(found(other)->revoked);
  EXPECT_EQ(found(present), present);
}

// ---- downloads that failed

TEST_P(StoreConformance, of_a_links_downloads_the_last_that_failed_is_kept) {
  Link link = add_link();
  Link const bystander = add_link();
  EXPECT_EQ(found(link)->last_failure, std::nullopt);
  DownloadFailure const first{start_time + 1, "request 1", "first" + every_byte()};
  await(store().links.note_failure(link.id, first));
  reopen();
  link.last_failure = first;
  EXPECT_EQ(found(link), link);
  EXPECT_EQ(found(bystander), bystander);
  DownloadFailure const second{start_time + 9, "request 2", "second"};
  await(store().links.note_failure(link.id, second));
  EXPECT_EQ(found(link)->last_failure, second);
  for (Link const& listed : await(store().links.list({.account_id = owner(), .limit = 9})))
    EXPECT_EQ(listed.last_failure.has_value(), listed.id == link.id);
}

TEST_P(StoreConformance, downloads_of_a_link_are_counted) {
  Link link = add_link();
  Link const bystander = add_link();
  EXPECT_EQ(found(link)->downloads, Downloads());
  auto const add = [&](std::string const& id, Downloads more) {
    await(store().links.add_downloads(id, more));
  };
  add(link.id, {.count = 2, .bytes = 1ULL << 40, .last_at = start_time + 9});
  add(link.id, {.count = 0, .bytes = 5, .last_at = start_time + 3});
  add("nobody", {.count = 1, .bytes = 1, .last_at = start_time});
  reopen();
  link.downloads = {.count = 2, .bytes = (1ULL << 40) + 5, .last_at = start_time + 9};
  EXPECT_EQ(found(link), link);
  EXPECT_EQ(found(bystander), bystander);
  for (Link const& listed : await(store().links.list({.account_id = owner(), .limit = 9})))
    EXPECT_EQ(listed.downloads.count, listed.id == link.id ? 2U : 0U);
}

// A client that tries again and again must not keep the database busy.
TEST_P(StoreConformance, of_one_second_the_first_failure_of_a_link_is_kept) {
  Link const link = add_link();
  Link const other = add_link();
  DownloadFailure const first{start_time, "request 1", "first"};
  DownloadFailure const second{start_time, "request 2", "second"};
  await(store().links.note_failure(link.id, first));
  await(store().links.note_failure(link.id, second));
  await(store().links.note_failure(other.id, second));
  EXPECT_EQ(found(link)->last_failure, first);
  EXPECT_EQ(found(other)->last_failure, second);
  DownloadFailure const earlier{start_time - 1, "request 3", "the clock was set back"};
  await(store().links.note_failure(link.id, earlier));
  EXPECT_EQ(found(link)->last_failure, earlier);
}

TEST_P(StoreConformance, a_failed_download_is_forgotten_with_its_link) {
  DownloadFailure const failure{start_time, "request", "error"};
  Link const link = add_link();
  await(store().links.note_failure(link.id, failure));
  await(store().links.revoke(link.id, start_time));
  EXPECT_EQ(found(link)->last_failure, failure);
  remove_all_expired(link.expires_at + seconds(base::limits::expired_link_retention));
  EXPECT_EQ(found(link), std::nullopt);
  await(store().links.note_failure(link.id, failure));  // it ends late
  create(link);
  EXPECT_EQ(found(link)->last_failure, std::nullopt);
}

}  // namespace store
