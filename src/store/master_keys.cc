#include "store/master_keys.h"

#include "base/codec.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace store {

using base::Error;
using base::Fault;

namespace {

std::string_view name(SealedKind kind) {
  switch (kind) {
    case SealedKind::credentials:
      return "the credentials of job or stream";
    case SealedKind::kept_credentials:
      return "the credentials kept by account";
    case SealedKind::kept_secret:
      return "the userSecret kept by account";
    case SealedKind::result:
      return "the result of job";
    case SealedKind::webhook_url:
      return "the webhook of delivery";
    case SealedKind::retired_key:
      break;
  }
  return "the retired key";
}

std::string retired_context(std::string_view fingerprint) {
  return fmt::format("retired key {}", fingerprint);
}

std::string context_of(SealedKind kind, std::string_view id) {
  switch (kind) {
    case SealedKind::credentials:
    case SealedKind::kept_credentials:
      return std::string(id);
    case SealedKind::kept_secret:
      return kept_secret_context(id);
    case SealedKind::result:
      return result_context(id);
    case SealedKind::webhook_url:
      return webhook_context(id);
    case SealedKind::retired_key:
      break;
  }
  return retired_context(id);
}

// The row as the first key seals it. Error{corrupt} if no key opens it.
std::string sealed_anew(accounts::Keys const& keys, SealedRow const& row) {
  std::string const context = context_of(row.kind, row.id);
  auto const anew = [&](std::string_view sealed) {
    return keys.seal(keys.open(sealed, context).reveal(), context);
  };
  if (row.kind != SealedKind::kept_credentials) return anew(row.sealed);
  base::Decoder in(row.sealed);  // as seal_kept() has written it
  base::Encoder out;
  out.text(in.text());  // endpoint
  out.text(in.text());  // region
  out.text(anew(in.text()));
  return out.take();
}

bool opens(accounts::Keys const& keys, SealedRow const& row) {
  try {
    sealed_anew(keys, row);
    return true;
  } catch (Error const& error) {
    if (error.fault() != Fault::corrupt) throw;
    return false;
  }
}

void for_each_sealed(SealedStore& store, std::function<void(SealedRow const&)> const& look) {
  for (SealedKind const kind : all_sealed) {
    std::string after;
    for (;;) {
      std::vector<SealedRow> const rows = store.sealed_rows(kind, after);
      if (rows.empty()) break;
      for (SealedRow const& row : rows) look(row);
      after = rows.back().id;
    }
  }
}

std::vector<std::string> keys_not_given(SealedStore& store, accounts::Keys const& keys) {
  std::vector<std::string> missing = store.master_keys();
  std::erase_if(missing, [&](std::string const& one) { return keys.has_fingerprint(one); });
  return missing;
}

[[noreturn]] void refuse(std::vector<std::string> const& missing, std::uint64_t accounts,
                         std::uint64_t sealed) {
  throw Error(
      Fault::config,
      fmt::format("key_files lacks the master key {} of this database, by which {} account secrets "
                  "and {} other values are kept: restore its file, list it behind the first one, "
                  "and run s3zipper key rotate before it is taken out",
                  fmt::join(missing, ", "), accounts, sealed));
}

// Rows are looked at only if a key that they may need is missing.
void check_needed_keys(SealedStore& store, accounts::Keys const& keys) {
  std::vector<std::string> const missing = keys_not_given(store, keys);
  if (missing.empty()) return;
  std::uint64_t accounts = 0;
  for (std::string const& fingerprint : missing) accounts += store.count_hashed_by(fingerprint);
  std::uint64_t sealed = 0;
  for_each_sealed(store, [&](SealedRow const& row) { sealed += opens(keys, row) ? 0 : 1; });
  // A database none of whose keys is given may not even be the one that is meant.
  bool const is_of_others = missing.size() == store.master_keys().size();
  if (is_of_others || accounts + sealed > 0) refuse(missing, accounts, sealed);
  for (std::string const& fingerprint : missing) store.forget_master_key(fingerprint);
}

void load_retired(SealedStore& store, accounts::Keys& keys) {
  std::string after;
  for (;;) {
    std::vector<SealedRow> const rows = store.sealed_rows(SealedKind::retired_key, after);
    if (rows.empty()) return;
    for (SealedRow const& row : rows)
      keys.add_retired(row.id, keys.open(row.sealed, retired_context(row.id)));
    after = rows.back().id;
  }
}

// A row that has changed meanwhile is left alone: the process that wrote it has sealed it anew.
std::uint64_t seal_all_anew(SealedStore& store, accounts::Keys const& keys) {
  std::uint64_t sealed = 0;
  std::vector<std::string> closed;
  for_each_sealed(store, [&](SealedRow const& row) {
    if (!opens(keys, row)) {
      closed.push_back(fmt::format("{} {}", name(row.kind), row.id));
    } else if (store.replace_sealed(row, sealed_anew(keys, row))) {
      ++sealed;
    }
  });
  if (closed.empty()) return sealed;
  throw Error(
      Fault::corrupt,
      fmt::format("no key of key_files opens {}{}; the keys of before stay needed", closed.front(),
                  closed.size() > 1 ? fmt::format(" and {} more", closed.size() - 1) : ""));
}

}  // namespace

std::string kept_secret_context(std::string_view account_id) {
  return std::string(account_id).append("/userSecret");
}

std::string result_context(std::string_view job_id) {
  return std::string(job_id).append("/result");
}

std::string webhook_context(std::string_view delivery_id) {
  return std::string(delivery_id).append("/webhook");
}

void take_up_keys(SealedStore& store, accounts::Keys& keys) {
  check_needed_keys(store, keys);
  load_retired(store, keys);
  store.add_master_key(keys.fingerprint());
}

Rotation rotate_keys(SealedStore& store, accounts::Keys& keys, base::UnixSeconds now) {
  // Links of a retired key have ended after so long.
  constexpr std::chrono::seconds longest_link = std::chrono::hours(base::limits::max_link_hours);
  take_up_keys(store, keys);
  Rotation rotation{.retired = store.master_keys()};
  std::erase(rotation.retired, keys.fingerprint());
  for (std::string const& fingerprint : rotation.retired) {
    base::Secret const part = keys.retired_part(fingerprint);
    store.add_retired_key(fingerprint, keys.seal(part.reveal(), retired_context(fingerprint)), now);
  }
  rotation.sealed = seal_all_anew(store, keys);
  for (std::string const& fingerprint : rotation.retired) store.forget_master_key(fingerprint);
  store.forget_retired_keys(now - longest_link.count());
  return rotation;
}

}  // namespace store
