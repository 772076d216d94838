// An object store's refusal of credentials, told to a client.
#pragma once

#include "base/error.h"
#include "net/task.h"

#include <optional>
#include <string>
#include <utility>

namespace api {

// The object store does not know the credentials; this server knows the client: what is 401 there
// is 403 here.
template <class T>
net::task<T> with_refusal_as_forbidden(net::task<T> work) {
  std::optional<base::Error> refusal;
  std::optional<T> result;
  try {
    result = co_await std::move(work);
  } catch (base::Error const& error) {
    if (error.fault() != base::Fault::unauthorized) throw;
    refusal = base::Error(base::Fault::forbidden, std::string(error.message()));
  }
  if (refusal) throw *refusal;
  co_return *std::move(result);
}

}  // namespace api
