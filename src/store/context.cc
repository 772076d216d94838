#include "store/context.h"

#include "base/codec.h"
#include "base/error.h"

namespace store {

aws::Endpoint endpoint_of(Context const& context, archive::Request const& request) {
  std::string const& url = request.endpoint.empty() ? context.default_endpoint : request.endpoint;
  std::string const& region = request.region.empty() ? context.default_region : request.region;
  if (url.empty()) return aws::aws_endpoint(region);
  return aws::custom_endpoint(url, {.region = region, .addressing = context.addressing});
}

std::shared_ptr<s3::ObjectStore> open_store(Context const& context, Loop const& loop,
                                            archive::Request const& request,
                                            aws::Credentials credentials, std::string_view made_for,
                                            std::chrono::milliseconds patience) {
  auto store = std::make_shared<s3::S3Store>(context.s3, *loop.pool, endpoint_of(context, request),
                                             std::move(credentials), made_for);
  store->set_requester_pays(request.request_payer);
  store->set_patience(s3::Patience(patience));
  return store;
}

net::task<Loop> this_loop(Context const& context) {
  net::Executor const here = co_await net::this_loop();
  for (Loop const& loop : context.loops) {
    if (loop.executor == here) co_return loop;
  }
  throw base::Error(base::Fault::internal, "this task runs on none of the program's loops");
}

std::string seal_credentials(accounts::Keys const& keys, std::string_view owner_id,
                             aws::Credentials const& credentials) {
  base::Encoder out;
  out.text(credentials.access_key);
  out.text(credentials.secret_key.reveal());
  out.text(credentials.session_token.reveal());
  for (std::string const& bucket : credentials.allowed_buckets) out.text(bucket);
  base::Secret const plain(out.take());
  return keys.seal(plain.reveal(), owner_id);
}

aws::Credentials open_credentials(accounts::Keys const& keys, std::string_view owner_id,
                                  std::string_view sealed) {
  if (sealed.empty())
    throw base::Error(base::Fault::gone, "its credentials have been erased, as its time is over");
  base::Secret const plain = keys.open(sealed, owner_id);
  base::Decoder in(plain.reveal());
  aws::Credentials credentials;
  credentials.access_key = in.text();
  credentials.secret_key = base::Secret(std::string(in.text()));
  credentials.session_token = base::Secret(std::string(in.text()));
  while (!in.done()) credentials.allowed_buckets.emplace_back(in.text());
  return credentials;
}

}  // namespace store
