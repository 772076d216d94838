#include "store/testing/failing_store.h"

#include "base/error.h"
#include "net/deadline.h"

#include <chrono>
#include <map>
#include <mutex>
#include <type_traits>
#include <utility>

namespace store {
namespace {

constexpr auto until_cancelled = std::chrono::hours(24 * 365);

[[noreturn]] void throw_unavailable(std::string const& name) {
  throw base::Error(base::Fault::unavailable, name + ": the store was told to fail");
}

class Calls {
 public:
  void fail_at(std::size_t call, FailMode mode) {
    std::lock_guard const lock(mutex_);
    modes_[call] = mode;
  }
  void fail_at(std::string name, std::size_t number, FailMode mode) {
    std::lock_guard const lock(mutex_);
    modes_by_name_[{std::move(name), number}] = mode;
  }
  std::vector<std::string> names() const {
    std::lock_guard const lock(mutex_);
    return names_;
  }
  bool has_failed() const {
    std::lock_guard const lock(mutex_);
    return has_failed_;
  }

  // Runs `call`, or fails as it was told to.
  template <class T>
  net::task<T> pass(std::string name, net::task<T> call);

 private:
  std::optional<FailMode> begin(std::string const& name) {
    std::lock_guard const lock(mutex_);
    auto const of_all = modes_.find(names_.size());
    auto const of_name = modes_by_name_.find({name, begun_[name]++});
    names_.push_back(name);
    has_failed_ |= of_all != modes_.end() || of_name != modes_by_name_.end();
    if (of_all != modes_.end()) return of_all->second;
    return of_name == modes_by_name_.end() ? std::nullopt : std::optional(of_name->second);
  }

  mutable std::mutex mutex_;
  std::map<std::size_t, FailMode> modes_;
  std::map<std::pair<std::string, std::size_t>, FailMode> modes_by_name_;
  std::map<std::string, std::size_t> begun_;  // calls, by name
  bool has_failed_ = false;
  std::vector<std::string> names_;
};

// A task that is not awaited is not begun.
template <class T>
net::task<T> Calls::pass(std::string name, net::task<T> call) {
  std::optional<FailMode> const mode = begin(name);
  if (!mode) co_return co_await std::move(call);
  if (mode == FailMode::lose_answer) co_await std::move(call);
  if (mode == FailMode::hang) co_await net::sleep(until_cancelled);
  if (mode != FailMode::forget) throw_unavailable(name);
  if constexpr (std::is_same_v<T, bool>) {
    co_return true;
  } else if constexpr (!std::is_void_v<T>) {
    co_return T();
  }
}

template <class Interface>
class Failing : public Interface {
 public:
  Failing(Interface& inner, Calls& calls) : inner_(inner), calls_(calls) {}

 protected:
  Interface& inner_;
  Calls& calls_;
};

class FailingAccounts final : public Failing<Accounts> {
 public:
  using Failing::Failing;
  net::task<void> insert(accounts::Account account, std::optional<accounts::UserKey> key) override {
    return calls_.pass("accounts.insert", inner_.insert(std::move(account), std::move(key)));
  }
  net::task<bool> set_standing(std::string id, Standing standing) override {
    return calls_.pass("accounts.set_standing", inner_.set_standing(std::move(id), standing));
  }
  net::task<bool> set_error_url(std::string id, std::string url) override {
    return calls_.pass("accounts.set_error_url",
                       inner_.set_error_url(std::move(id), std::move(url)));
  }
  net::task<bool> set_password(std::string id, std::string password_hash) override {
    return calls_.pass("accounts.set_password",
                       inner_.set_password(std::move(id), std::move(password_hash)));
  }
  net::task<bool> set_admin(std::string id, bool is_admin) override {
    return calls_.pass("accounts.set_admin", inner_.set_admin(std::move(id), is_admin));
  }
  net::task<std::optional<accounts::Account>> find(AccountKey by, std::string value) override {
    return calls_.pass("accounts.find", inner_.find(by, std::move(value)));
  }
  net::task<std::vector<accounts::Account>> list() override {
    return calls_.pass("accounts.list", inner_.list());
  }
  net::task<bool> is_any() override { return calls_.pass("accounts.is_any", inner_.is_any()); }
  net::task<std::vector<std::string>> ended(std::vector<std::string> ids) override {
    return calls_.pass("accounts.ended", inner_.ended(std::move(ids)));
  }
  net::task<void> add_usage(std::string account_id, Counted what, std::uint64_t amount,
                            base::UnixSeconds now) override {
    return calls_.pass("accounts.add_usage",
                       inner_.add_usage(std::move(account_id), what, amount, now));
  }
  net::task<Usage> usage_since(std::string account_id, base::UnixSeconds since) override {
    return calls_.pass("accounts.usage_since", inner_.usage_since(std::move(account_id), since));
  }
  net::task<std::vector<DayUsage>> usage_by_day(std::string account_id,
                                                base::UnixSeconds since) override {
    return calls_.pass("accounts.usage_by_day", inner_.usage_by_day(std::move(account_id), since));
  }
};

class FailingUserKeys final : public Failing<UserKeys> {
 public:
  using Failing::Failing;
  net::task<void> insert(accounts::UserKey key) override {
    return calls_.pass("user_keys.insert", inner_.insert(std::move(key)));
  }
  net::task<std::optional<KeyOfAccount>> find(std::string user_key) override {
    return calls_.pass("user_keys.find", inner_.find(std::move(user_key)));
  }
  net::task<std::vector<accounts::UserKey>> list(std::string account_id) override {
    return calls_.pass("user_keys.list", inner_.list(std::move(account_id)));
  }
  net::task<bool> rename(std::string user_key, std::string name) override {
    return calls_.pass("user_keys.rename", inner_.rename(std::move(user_key), std::move(name)));
  }
  net::task<bool> rotate(accounts::UserKey key) override {
    return calls_.pass("user_keys.rotate", inner_.rotate(std::move(key)));
  }
  net::task<bool> revoke(std::string user_key) override {
    return calls_.pass("user_keys.revoke", inner_.revoke(std::move(user_key)));
  }
  net::task<void> note_use(std::string user_key, std::string address,
                           base::UnixSeconds now) override {
    return calls_.pass("user_keys.note_use",
                       inner_.note_use(std::move(user_key), std::move(address), now));
  }
  net::task<void> keep(KeptCredentials kept) override {
    return calls_.pass("user_keys.keep", inner_.keep(std::move(kept)));
  }
  net::task<std::optional<KeptCredentials>> find_kept(std::string account_id) override {
    return calls_.pass("user_keys.find_kept", inner_.find_kept(std::move(account_id)));
  }
  net::task<bool> erase_kept(std::string account_id) override {
    return calls_.pass("user_keys.erase_kept", inner_.erase_kept(std::move(account_id)));
  }
};

class FailingSignIns final : public Failing<SignIns> {
 public:
  using Failing::Failing;
  net::task<void> begin_session(accounts::Session session) override {
    return calls_.pass("sign_ins.begin_session", inner_.begin_session(std::move(session)));
  }
  net::task<std::optional<SessionOfAccount>> find_session(std::string token_hash,
                                                          base::UnixSeconds now) override {
    return calls_.pass("sign_ins.find_session", inner_.find_session(std::move(token_hash), now));
  }
  net::task<void> note_session(std::string id, std::string address,
                               base::UnixSeconds now) override {
    return calls_.pass("sign_ins.note_session",
                       inner_.note_session(std::move(id), std::move(address), now));
  }
  net::task<std::vector<accounts::Session>> list_sessions(std::string account_id,
                                                          base::UnixSeconds now) override {
    return calls_.pass("sign_ins.list_sessions", inner_.list_sessions(std::move(account_id), now));
  }
  net::task<bool> end_session(std::string account_id, std::string id) override {
    return calls_.pass("sign_ins.end_session",
                       inner_.end_session(std::move(account_id), std::move(id)));
  }
  net::task<void> end_sessions(std::string account_id, std::string except_id) override {
    return calls_.pass("sign_ins.end_sessions",
                       inner_.end_sessions(std::move(account_id), std::move(except_id)));
  }
  net::task<void> add_code(accounts::Code code) override {
    return calls_.pass("sign_ins.add_code", inner_.add_code(std::move(code)));
  }
  net::task<std::optional<accounts::Code>> take_code(accounts::CodeKind kind,
                                                     std::string token_hash,
                                                     base::UnixSeconds now) override {
    return calls_.pass("sign_ins.take_code", inner_.take_code(kind, std::move(token_hash), now));
  }
  net::task<std::optional<accounts::Account>> redeem(accounts::CodeKind kind,
                                                     std::string token_hash,
                                                     accounts::Account account,
                                                     base::UnixSeconds now) override {
    return calls_.pass("sign_ins.redeem",
                       inner_.redeem(kind, std::move(token_hash), std::move(account), now));
  }
};

class FailingJobs final : public Failing<Jobs> {
 public:
  using Failing::Failing;
  net::task<std::string> create(NewJob job) override {
    return calls_.pass("jobs.create", inner_.create(std::move(job)));
  }
  net::task<std::optional<Job>> find(std::string id) override {
    return calls_.pass("jobs.find", inner_.find(std::move(id)));
  }
  net::task<std::optional<Job>> find_whole(std::string id) override {
    return calls_.pass("jobs.find_whole", inner_.find_whole(std::move(id)));
  }
  net::task<std::vector<Job>> list(ListQuery query, std::optional<JobState> state) override {
    return calls_.pass("jobs.list", inner_.list(std::move(query), state));
  }
  net::task<std::vector<Job>> list_unended(std::size_t limit) override {
    return calls_.pass("jobs.list_unended", inner_.list_unended(limit));
  }
  net::task<JobCounts> count(std::optional<std::string> account_id) override {
    return calls_.pass("jobs.count", inner_.count(std::move(account_id)));
  }
  net::task<bool> cancel(std::string id, base::UnixSeconds now) override {
    return calls_.pass("jobs.cancel", inner_.cancel(std::move(id), now));
  }
  net::task<bool> retry(Retry retry, base::UnixSeconds now) override {
    return calls_.pass("jobs.retry", inner_.retry(std::move(retry), now));
  }
  net::task<std::optional<Job>> claim(std::string session, Turn turn,
                                      base::UnixSeconds now) override {
    return calls_.pass("jobs.claim", inner_.claim(std::move(session), std::move(turn), now));
  }
  net::task<std::size_t> requeue(std::optional<std::string> session,
                                 base::UnixSeconds now) override {
    return calls_.pass("jobs.requeue", inner_.requeue(std::move(session), now));
  }
  net::task<bool> save(Hold hold, JobNews news) override {
    return calls_.pass("jobs.save", inner_.save(std::move(hold), std::move(news)));
  }
  net::task<bool> end_run(Hold hold, RunEnd end, base::UnixSeconds now) override {
    return calls_.pass("jobs.end_run", inner_.end_run(std::move(hold), std::move(end), now));
  }
  net::task<std::vector<Chore>> due_chores(ChoreKind kind, base::UnixSeconds now) override {
    return calls_.pass("jobs.due_chores", inner_.due_chores(kind, now));
  }
  net::task<bool> put_off(Chore chore, std::string note, base::UnixSeconds due_at) override {
    return calls_.pass("jobs.put_off", inner_.put_off(std::move(chore), std::move(note), due_at));
  }
  net::task<bool> end_chore(Chore chore, ChoreEnd end, base::UnixSeconds now) override {
    return calls_.pass("jobs.end_chore", inner_.end_chore(std::move(chore), std::move(end), now));
  }
};

class FailingLinks final : public Failing<Links> {
 public:
  using Failing::Failing;
  net::task<std::string> create(NewLink link) override {
    return calls_.pass("links.create", inner_.create(std::move(link)));
  }
  net::task<std::optional<Link>> find(std::string id) override {
    return calls_.pass("links.find", inner_.find(std::move(id)));
  }
  net::task<std::vector<Link>> list(ListQuery query) override {
    return calls_.pass("links.list", inner_.list(std::move(query)));
  }
  net::task<std::vector<Hold>> listing(std::string session) override {
    return calls_.pass("links.listing", inner_.listing(std::move(session)));
  }
  net::task<std::vector<Hold>> take_listing(std::string session) override {
    return calls_.pass("links.take_listing", inner_.take_listing(std::move(session)));
  }
  net::task<std::optional<Hold>> relist(std::string id, std::string session,
                                        base::UnixSeconds now) override {
    return calls_.pass("links.relist", inner_.relist(std::move(id), std::move(session), now));
  }
  net::task<bool> freeze(Hold hold, PlanFacts plan, base::UnixSeconds now) override {
    return calls_.pass("links.freeze", inner_.freeze(std::move(hold), std::move(plan), now));
  }
  net::task<bool> fail(Hold hold, base::Fault fault, std::string error,
                       base::UnixSeconds now) override {
    return calls_.pass("links.fail", inner_.fail(std::move(hold), fault, std::move(error), now));
  }
  net::task<bool> revoke(std::string id, base::UnixSeconds now) override {
    return calls_.pass("links.revoke", inner_.revoke(std::move(id), now));
  }
  net::task<void> note_failure(std::string id, DownloadFailure failure) override {
    return calls_.pass("links.note_failure",
                       inner_.note_failure(std::move(id), std::move(failure)));
  }
  net::task<void> add_downloads(std::string id, Downloads more) override {
    return calls_.pass("links.add_downloads", inner_.add_downloads(std::move(id), more));
  }
};

class FailingSelections final : public Failing<Selections> {
 public:
  using Failing::Failing;
  net::task<bool> put(Hold hold, std::uint64_t index, std::string chunk) override {
    return calls_.pass("selections.put", inner_.put(std::move(hold), index, std::move(chunk)));
  }
  net::task<std::optional<std::string>> get(std::string owner_id, std::uint64_t index) override {
    return calls_.pass("selections.get", inner_.get(std::move(owner_id), index));
  }
};

class FailingCrcs final : public Failing<Crcs> {
 public:
  using Failing::Failing;
  net::task<void> remember(std::vector<CrcRow> rows, base::UnixSeconds now) override {
    return calls_.pass("crcs.remember", inner_.remember(std::move(rows), now));
  }
  net::task<std::vector<CrcRow>> find(std::vector<std::string> object_ids,
                                      base::UnixSeconds now) override {
    return calls_.pass("crcs.find", inner_.find(std::move(object_ids), now));
  }
};

class FailingOutbox final : public Failing<Outbox> {
 public:
  using Failing::Failing;
  net::task<std::optional<Mail>> find_mail(std::string id) override {
    return calls_.pass("outbox.find_mail", inner_.find_mail(std::move(id)));
  }
  net::task<std::vector<Mail>> due_mails(base::UnixSeconds now) override {
    return calls_.pass("outbox.due_mails", inner_.due_mails(now));
  }
  net::task<bool> put_off_mail(Mail mail, std::string error, base::UnixSeconds due_at) override {
    return calls_.pass("outbox.put_off_mail",
                       inner_.put_off_mail(std::move(mail), std::move(error), due_at));
  }
  net::task<bool> end_mail(Mail mail, MessageState state, std::string error) override {
    return calls_.pass("outbox.end_mail",
                       inner_.end_mail(std::move(mail), state, std::move(error)));
  }
  net::task<std::optional<Delivery>> find_delivery(std::string owner_id) override {
    return calls_.pass("outbox.find_delivery", inner_.find_delivery(std::move(owner_id)));
  }
  net::task<std::vector<Delivery>> due_deliveries(base::UnixSeconds now) override {
    return calls_.pass("outbox.due_deliveries", inner_.due_deliveries(now));
  }
  net::task<bool> put_off_delivery(std::string id, Attempt attempt,
                                   base::UnixSeconds due_at) override {
    return calls_.pass("outbox.put_off_delivery",
                       inner_.put_off_delivery(std::move(id), std::move(attempt), due_at));
  }
  net::task<bool> end_delivery(std::string id, Attempt attempt) override {
    return calls_.pass("outbox.end_delivery",
                       inner_.end_delivery(std::move(id), std::move(attempt)));
  }
};

class FailingUpkeep final : public Failing<Upkeep> {
 public:
  using Failing::Failing;
  net::task<std::optional<std::string>> get_setting(std::string name) override {
    return calls_.pass("upkeep.get_setting", inner_.get_setting(std::move(name)));
  }
  net::task<void> set_setting(std::string name, std::string value) override {
    return calls_.pass("upkeep.set_setting", inner_.set_setting(std::move(name), std::move(value)));
  }
  net::task<void> check_usable() override {
    return calls_.pass("upkeep.check_usable", inner_.check_usable());
  }
  net::task<bool> remove_expired(base::UnixSeconds now) override {
    return calls_.pass("upkeep.remove_expired", inner_.remove_expired(now));
  }
};

}  // namespace

struct FailingStore::Verbs {
  explicit Verbs(Store const& inner)
      : accounts(inner.accounts, calls),
        user_keys(inner.user_keys, calls),
        sign_ins(inner.sign_ins, calls),
        jobs(inner.jobs, calls),
        links(inner.links, calls),
        selections(inner.selections, calls),
        crcs(inner.crcs, calls),
        outbox(inner.outbox, calls),
        upkeep(inner.upkeep, calls) {}

  Calls calls;
  FailingAccounts accounts;
  FailingUserKeys user_keys;
  FailingSignIns sign_ins;
  FailingJobs jobs;
  FailingLinks links;
  FailingSelections selections;
  FailingCrcs crcs;
  FailingOutbox outbox;
  FailingUpkeep upkeep;
  Store const store{.accounts = accounts,
                    .user_keys = user_keys,
                    .sign_ins = sign_ins,
                    .jobs = jobs,
                    .links = links,
                    .selections = selections,
                    .crcs = crcs,
                    .outbox = outbox,
                    .upkeep = upkeep};
};

FailingStore::FailingStore(Store const& inner) : verbs_(std::make_unique<Verbs>(inner)) {}

FailingStore::~FailingStore() = default;

Store const& FailingStore::store() const {
  return verbs_->store;
}

void FailingStore::fail_at(std::size_t call, FailMode mode) {
  verbs_->calls.fail_at(call, mode);
}

void FailingStore::fail_at(std::string name, std::size_t number, FailMode mode) {
  verbs_->calls.fail_at(std::move(name), number, mode);
}

bool FailingStore::has_failed() const {
  return verbs_->calls.has_failed();
}

std::size_t FailingStore::calls() const {
  return names().size();
}

std::vector<std::string> FailingStore::names() const {
  return verbs_->calls.names();
}

}  // namespace store
