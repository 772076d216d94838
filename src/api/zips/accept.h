// A request for a zip that has been checked becomes a job or a link: a row in the store, its
// credentials sealed, with the mail and the delivery that are to tell of its end. Both APIs use it.
#pragma once

#include "accounts/account.h"
#include "api/request/zip_request.h"
#include "api/service.h"
#include "store/records/new_work.h"

#include <memory>
#include <string>

namespace api {

struct Accepted {
  std::string id;
  std::string mail_id;                   // empty: no mail is asked for
  std::shared_ptr<store::LiveZip> live;  // how far it is
  bool is_new = true;                    // false: the idempotency key was known
};

// The fields of the request that are not for the zip itself.
struct Terms {
  accounts::Account const& account;
  int api_version = 2;
  std::string link_base;  // of a link's URLs
  store::Once once;
};

// `id` is the new job's or link's; it is given, as it goes into the target's name. The log has it
// with the request's id.
net::task<Accepted> accept_job(Service const& service, http::Exchange& exchange, ZipRequest asked,
                               Terms terms, std::string id);
net::task<Accepted> accept_link(Service const& service, http::Exchange& exchange, ZipRequest asked,
                                Terms terms, std::string id);

}  // namespace api
