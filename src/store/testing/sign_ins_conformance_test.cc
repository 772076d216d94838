// Sessions and codes: how they come to count, and how they end.
#include "accounts/sign_in.h"
#include "base/random.h"
#include "base/service_limits.h"
#include "store/testing/conformance.h"

namespace store {
namespace {

using accounts::Code;
using accounts::CodeKind;
using accounts::Session;

Session new_session(accounts::Account const& account, std::string const& token = "token") {
  return {.id = base::random_uuid(),
          .token_hash = accounts::hash_token(token),
          .account_id = account.id,
          .created_at = start_time,
          .seen_at = start_time,
          .browser = "Firefox on Linux",
          .address = "192.0.2.7"};
}

Code new_code(CodeKind kind, std::string const& token, std::string const& account_id = "") {
  return {.token_hash = accounts::hash_token(token),
          .kind = kind,
          .account_id = account_id,
          .expires_at = start_time + 60};
}

}  // namespace

TEST_P(StoreConformance, a_session_is_found_by_its_token_with_its_account) {
  accounts::Account const account = add_account("a");
  Session session = new_session(account);
  await(store().sign_ins.begin_session(session));
  reopen();
  auto const find = [&](base::UnixSeconds now) {
    return await(store().sign_ins.find_session(session.token_hash, now));
  };
  ASSERT_TRUE(find(start_time));
  EXPECT_EQ(find(start_time)->session, session);
  EXPECT_EQ(find(start_time)->account, account);
  EXPECT_FALSE(await(store().sign_ins.find_session("no such hash", start_time)));
  session.seen_at = start_time + 100;
  session.address = "198.51.100.1";
  await(store().sign_ins.note_session(session.id, session.address, session.seen_at));
  EXPECT_EQ(find(start_time)->session, session);
}

TEST_P(StoreConformance, a_session_ends_some_time_after_it_was_last_seen) {
  accounts::Account const account = add_account("a");
  Session const session = new_session(account);
  await(store().sign_ins.begin_session(session));
  base::UnixSeconds const end = start_time + seconds(base::limits::session_life);
  auto const is_live = [&](base::UnixSeconds now) {
    bool const is_listed = !await(store().sign_ins.list_sessions(account.id, now)).empty();
    bool const is_found = await(store().sign_ins.find_session(session.token_hash, now)).has_value();
    EXPECT_EQ(is_listed, is_found);
    return is_found;
  };
  remove_all_expired(end - 1);
  EXPECT_TRUE(is_live(end - 1));
  EXPECT_FALSE(is_live(end));
  remove_all_expired(end);
  EXPECT_FALSE(is_live(end - 1));
}

TEST_P(StoreConformance, sessions_are_listed_and_ended_by_their_account) {
  accounts::Account const account = add_account("a");
  accounts::Account const other = add_account("other");
  Session const old = new_session(account, "old");
  Session last = new_session(account, "last");
  last.seen_at += 1;
  Session const others = new_session(other, "other's");
  for (Session const& session : {old, last, others}) await(store().sign_ins.begin_session(session));
  auto const listed = [&](accounts::Account const& of) {
    return ids_of(await(store().sign_ins.list_sessions(of.id, start_time)));
  };
  EXPECT_EQ(listed(account), (Ids{last.id, old.id}));
  EXPECT_FALSE(await(store().sign_ins.end_session(account.id, others.id)));
  EXPECT_TRUE(await(store().sign_ins.end_session(account.id, old.id)));
  EXPECT_FALSE(await(store().sign_ins.end_session(account.id, old.id)));
  EXPECT_EQ(listed(account), Ids{last.id});
  await(store().sign_ins.begin_session(old));
  await(store().sign_ins.end_sessions(account.id, old.id));
  EXPECT_EQ(listed(account), Ids{old.id});
  await(store().sign_ins.end_sessions(account.id, ""));
  EXPECT_EQ(listed(account), Ids{});
  EXPECT_EQ(listed(other), Ids{others.id});
}

TEST_P(StoreConformance, an_account_has_a_bounded_number_of_sessions) {
  accounts::Account const account = add_account("a");
  for (std::size_t i = 0; i < base::limits::max_sessions + 3; ++i) {
    Session session = new_session(account, std::to_string(i));
    session.seen_at += static_cast<base::UnixSeconds>(i);
    await(store().sign_ins.begin_session(session));
  }
  auto const all = await(store().sign_ins.list_sessions(account.id, start_time));
  EXPECT_EQ(all.size(), base::limits::max_sessions);
  EXPECT_EQ(all.back().token_hash, accounts::hash_token("3")) << "the oldest have ended";
}

TEST_P(StoreConformance, disabling_ends_sessions_and_codes) {
  for (Standing const standing : {Standing::disabled, Standing::deleted}) {
    accounts::Account const account = add_account("a" + std::to_string(static_cast<int>(standing)));
    Session const session = new_session(account, account.name);
    await(store().sign_ins.begin_session(session));
    Code const code = new_code(CodeKind::password, account.name, account.id);
    await(store().sign_ins.add_code(code));
    EXPECT_TRUE(await(store().accounts.set_standing(account.id, standing)));
    EXPECT_FALSE(await(store().sign_ins.find_session(session.token_hash, start_time)));
    EXPECT_FALSE(
        await(store().sign_ins.take_code(CodeKind::password, code.token_hash, start_time)));
    EXPECT_EQ(fault_of([&] { await(store().sign_ins.begin_session(session)); }),
              base::Fault::conflict);
  }
}

TEST_P(StoreConformance, a_code_counts_once_for_its_kind_and_its_time) {
  Code code = new_code(CodeKind::confirmation, "secret");
  code.name = "name@example.org";
  code.password_hash = "hash";
  await(store().sign_ins.add_code(code));
  reopen();
  auto const take = [&](CodeKind kind, base::UnixSeconds now) {
    return await(store().sign_ins.take_code(kind, code.token_hash, now));
  };
  EXPECT_EQ(take(CodeKind::invitation, start_time), std::nullopt);
  EXPECT_EQ(take(CodeKind::confirmation, code.expires_at), std::nullopt);
  EXPECT_EQ(take(CodeKind::confirmation, code.expires_at - 1), code);
  EXPECT_EQ(take(CodeKind::confirmation, start_time), std::nullopt);
  await(store().sign_ins.add_code(code));
  remove_all_expired(code.expires_at);
  EXPECT_EQ(take(CodeKind::confirmation, start_time), std::nullopt);
}

TEST_P(StoreConformance, a_code_and_its_account_are_redeemed_together_or_not) {
  accounts::Account const taken = add_account("taken");
  Code const code = new_code(CodeKind::invitation, "secret");
  await(store().sign_ins.add_code(code));
  accounts::Account account{.id = "id", .name = "taken", .password_hash = "hash"};
  auto const redeem = [&] {
    return await(
        store().sign_ins.redeem(CodeKind::invitation, code.token_hash, account, start_time));
  };
  EXPECT_EQ(fault_of(redeem), base::Fault::conflict);
  account.name = "free";
  EXPECT_EQ(redeem(), account) << "the code still counts";
  EXPECT_EQ(await(store().accounts.find(AccountKey::id, "id")), account);
  account.id = "another";
  account.name = "another";
  EXPECT_EQ(redeem(), std::nullopt);
  EXPECT_EQ(await(store().accounts.find(AccountKey::id, "another")), std::nullopt);
}

TEST_P(StoreConformance, a_confirmation_brings_the_accounts_name_and_password) {
  Code code = new_code(CodeKind::confirmation, "secret");
  code.name = "name@example.org";
  code.password_hash = "hash";
  await(store().sign_ins.add_code(code));
  accounts::Account account{.id = "id", .name = ""};
  auto const made =
      await(store().sign_ins.redeem(CodeKind::confirmation, code.token_hash, account, start_time));
  account.name = code.name;
  account.password_hash = code.password_hash;
  EXPECT_EQ(made, account);
}

TEST_P(StoreConformance, a_server_is_set_up_once_by_the_last_code) {
  await(store().sign_ins.add_code(new_code(CodeKind::set_up, "first")));
  await(store().sign_ins.add_code(new_code(CodeKind::set_up, "second")));
  accounts::Account account{.id = "id", .name = "admin", .is_admin = true};
  auto const redeem = [&](std::string const& token) {
    return await(store().sign_ins.redeem(CodeKind::set_up, accounts::hash_token(token), account,
                                         start_time));
  };
  EXPECT_EQ(redeem("first"), std::nullopt);
  EXPECT_EQ(redeem("second"), account);
  account.id = account.name = "another";
  await(store().sign_ins.add_code(new_code(CodeKind::set_up, "third")));
  EXPECT_EQ(redeem("third"), std::nullopt) << "there is an account";
}

}  // namespace store
