// A link whose GET is answered with an archive while it is being made, as the store keeps it; the
// API calls it a stream. Request and credentials are opaque here.
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "store/records/hold.h"
#include "store/records/plan_facts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace store {

enum class LinkState { listing, ready, failed };
inline constexpr std::array all_link_states{LinkState::listing, LinkState::ready,
                                            LinkState::failed};

constexpr std::string_view name(LinkState state) {
  constexpr std::array<std::string_view, all_link_states.size()> names{"listing", "ready",
                                                                       "failed"};
  return names.at(static_cast<std::size_t>(state));
}

// A download that came to nothing, or was cut, because of its bucket or its objects.
struct DownloadFailure {
  base::UnixSeconds at = 0;
  std::string request_id;
  std::string error;
  bool operator==(DownloadFailure const&) const = default;
};

// What was downloaded of a link, by all its visitors.
struct Downloads {
  std::uint64_t count = 0;        // answers that began with the first byte of an archive
  std::uint64_t bytes = 0;        // sent in all answers
  base::UnixSeconds last_at = 0;  // 0: never
  bool operator==(Downloads const&) const = default;

  void add(Downloads const& more) {
    count += more.count;
    bytes += more.bytes;
    last_at = std::max(last_at, more.last_at);
  }
};

struct Link {
  std::string id;          // a uuid
  std::string account_id;  // the owner's; callers compare
  int api_version = 0;     // 1 or 2
  LinkState state = LinkState::listing;
  std::string session;                        // of the process that lists it, or did
  int attempt = 1;                            // listings, counted
  std::string request;                        // opaque
  std::string sealed_credentials;             // opaque; empty once erased
  std::string file_name;                      // of the download
  std::string error;                          // why the listing failed,
  base::Fault fault = base::Fault::internal;  // and as what; nothing unless state is failed
  base::UnixSeconds created_at = 0;
  base::UnixSeconds expires_at = 0;  // the link ends when this second begins
  bool revoked = false;
  // The link has no credentials of its own: each use takes those that the account keeps by then.
  bool uses_kept_credentials = false;
  // The userKey whose secret signed the link, which ends with it, and the secret's generation.
  // Empty: a call made it.
  std::string signing_key;
  int signing_generation = 0;
  PlanFacts plan;
  std::optional<DownloadFailure> last_failure;
  Downloads downloads;
  bool operator==(Link const&) const = default;

  Hold hold() const { return {.id = id, .session = session, .attempt = attempt}; }
};

}  // namespace store
