// A request for a zip that has been checked becomes a job or a stream: a row in the store, its
// credentials sealed, a mail behind it where one is asked for. Of both APIs.
#pragma once

#include "accounts/account.h"
#include "api/request/zip_request.h"
#include "api/service.h"
#include "store/job.h"

#include <memory>
#include <string>

namespace api {

struct Created {
  std::string id;
  std::string mail_id;                // empty: no mail is asked for
  std::shared_ptr<store::Live> live;  // how far it is
  bool is_new = true;                 // false: the idempotency key was known
};

// What of the request is not for the zip itself.
struct CreateContext {
  accounts::Account const& account;
  int api_version = 2;
  std::string link_base;  // of a stream's links
  store::Once once;
};

// The id that the job or stream is to have goes into its target's name: hence it is given.
net::task<Created> create_job(Service const& service, ZipRequest asked, CreateContext context,
                              std::string id);
net::task<Created> create_stream(Service const& service, ZipRequest asked, CreateContext context,
                                 std::string id);

}  // namespace api
