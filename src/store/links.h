// Links as the store keeps them (see accounts.h for what holds for every call).
#pragma once

#include "base/error.h"
#include "net/task.h"
#include "store/records/link.h"
#include "store/records/new_work.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

class Links {
 public:
  virtual ~Links() = default;

  // Like Jobs::create().
  virtual net::task<std::string> create(NewLink link) = 0;
  // A link whose signing generation is no longer its account's is found revoked, here and in lists.
  virtual net::task<std::optional<Link>> find(std::string id) = 0;
  // Links, the newest first, without request and credentials.
  virtual net::task<std::vector<Link>> list(ListQuery query) = 0;

  // The links that this session is listing, the oldest first.
  virtual net::task<std::vector<Hold>> listing(std::string session) = 0;
  // Takes all links that are still listing, the oldest first, at the start of the only program that
  // lists: this session holds them now.
  virtual net::task<std::vector<Hold>> take_listing(std::string session) = 0;
  // This session lists a failed link anew, as if the link had been created now. nullopt, and
  // nothing changes, if it has not failed or was revoked.
  virtual net::task<std::optional<Hold>> relist(std::string id, std::string session,
                                                base::UnixSeconds now) = 0;
  // The listing ended: the link is ready, its messages are due. Drops the chunks from
  // plan.chunk_count() on. False if the link has been revoked or has expired meanwhile.
  virtual net::task<bool> freeze(Hold hold, PlanFacts plan, base::UnixSeconds now) = 0;
  // The listing failed: credentials are erased, the selection is dropped, the messages are due.
  virtual net::task<bool> fail(Hold hold, base::Fault fault, std::string error,
                               base::UnixSeconds now) = 0;

  // Ends the link: credentials are erased, the selection is dropped. False for an unknown link.
  virtual net::task<bool> revoke(std::string id, base::UnixSeconds now) = 0;
  // A download of the link has failed: that is its last failure, until the link is deleted. Nothing
  // is written if a failure of the same second is known, or the link is unknown.
  virtual net::task<void> note_failure(std::string id, DownloadFailure failure) = 0;
  // Adds to what was downloaded of the link. Nothing is written for an unknown one.
  virtual net::task<void> add_downloads(std::string id, Downloads more) = 0;
};

}  // namespace store
