// The calls of the native API that ask for a zip: their body, completed by what the account keeps.
#pragma once

#include "api/request/native_request.h"
#include "api/zips/accept.h"

namespace api {

struct NativeCall {
  NativeRequest native;
  Terms terms;                 // with the key and hash by which a repeated request is known
  base::Budget::Grant memory;  // of all this
};

// The account outlives the result. Errors: those of parse_native_request() and use_kept().
net::task<NativeCall> read_native_call(Service const& service, http::Exchange& exchange,
                                       NativeKind kind, accounts::Account const& account);

}  // namespace api
