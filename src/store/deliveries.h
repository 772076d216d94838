// What webhooks are told: one delivery a job or stream that asks for it, and where it is kept. It
// is deleted with its job or stream.
#pragma once

#include "base/clock.h"
#include "store/job.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace store {

struct Delivery {
  std::string id;        // a uuid
  std::string owner_id;  // the job or stream
  std::string account_id;
  std::string host;                    // of the URL, with the port
  std::string sealed_url;              // for this delivery's id: a URL may hold a secret
  std::string link_base;               // what a stream's links begin with
  JobState state = JobState::pending;  // retry: an attempt has failed
  int attempts = 0;
  int last_status = 0;  // of HTTP; 0: there was no answer yet
  std::string error;    // of the last attempt
  base::UnixSeconds created_at = 0;
  base::UnixSeconds next_attempt_at = 0;  // where state is retry
  bool operator==(Delivery const&) const = default;
};

// Of one attempt.
struct Attempt {
  int status = 0;
  std::string error;  // empty: it was delivered
};

// Calls block, and throw, as those of store/store.h.
class DeliveryStore {
 public:
  virtual ~DeliveryStore() = default;

  // A new delivery, pending. Nothing happens where its owner has one already: then a create call
  // was repeated. Error{conflict} where the account does not exist.
  virtual void insert_delivery(Delivery const& delivery) = 0;
  virtual std::vector<Delivery> deliveries_of(std::string_view owner_id) = 0;
  // Those to be sent now, as their owners have ended: the first of each host and account, up to
  // limits::webhooks_…_at_once.
  virtual std::vector<Delivery> due_deliveries(base::UnixSeconds now) = 0;
  // The next two change one that has not ended, and count the attempt.
  virtual void retry_delivery(std::string_view id, Attempt const& attempt,
                              base::UnixSeconds next_attempt_at) = 0;
  // Delivered, or given up.
  virtual void finish_delivery(std::string_view id, Attempt const& attempt) = 0;
};

}  // namespace store
