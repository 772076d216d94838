// A request as the store gets it: a job or a link, with the messages that are to tell of its end.
// All of it is stored in one transaction, or nothing is.
#pragma once

#include "store/records/job.h"
#include "store/records/link.h"
#include "store/records/message.h"

#include <optional>
#include <string>

namespace store {

// A client sends this with a request so that it is done once, however often it is repeated.
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

// All that a failed or cancelled job needs to run anew.
struct Retry {
  std::string job_id;
  std::string sealed_credentials;      // in place of those that were erased
  bool uses_kept_credentials = false;  // of its expiry
  // Replaces the delivery that told, or was to tell, of the end before; nullopt if the job has
  // none.
  std::optional<Delivery> delivery = {};
};

// A page of an account's jobs or links.
struct ListQuery {
  std::string account_id;
  base::UnixSeconds created_from = 0;
  // The last item of the page before: the list goes on behind it.
  struct Place {
    base::UnixSeconds created_at = 0;
    std::string id;
  };
  std::optional<Place> after = std::nullopt;
  std::size_t limit = 0;
  // Only those whose id, or whose name, holds this; letters of ASCII in either case. A job's name
  // is "bucket/key" of its target, a link's the name of its file.
  std::string search = {};
};

}  // namespace store
