// What a request becomes in the store: a job or a link, with what is to be told of its end. All of
// it is stored in one transaction, or nothing is.
#pragma once

#include "store/records/job.h"
#include "store/records/link.h"
#include "store/records/message.h"

#include <optional>
#include <string>

namespace store {

// What a client sends with a request so that it is done once, however often it is repeated.
struct Once {
  std::string key;           // made up by the client; empty: none
  std::string request_hash;  // what else the key must come with
};

// The owner of mail and delivery is the job or link.
struct NewJob {
  Job job;  // queued: id, account, version, target, request, credentials, creation, expiry's wish
  Once once = {};
  std::optional<Mail> mail = {};
  std::optional<Delivery> delivery = {};
};

struct NewLink {
  Link link;  // listing, in the hands of the session that it names: all but what a listing brings
  Once once = {};
  std::optional<Mail> mail = {};
  std::optional<Delivery> delivery = {};
};

// What a job that failed or was cancelled needs to run anew.
struct Retry {
  std::string job_id;
  std::string sealed_credentials;      // in place of those that were erased
  bool uses_kept_credentials = false;  // of its expiry
  // In place of the one that told, or was to tell, of the end before; nullopt where the job has
  // none.
  std::optional<Delivery> delivery = {};
};

// A page of what an account has.
struct ListQuery {
  std::string account_id;
  base::UnixSeconds created_from = 0;
  // Only what stands after this one in the list: the last of the page before.
  struct Place {
    base::UnixSeconds created_at = 0;
    std::string id;
  };
  std::optional<Place> after = std::nullopt;
  std::size_t limit = 0;
};

}  // namespace store
