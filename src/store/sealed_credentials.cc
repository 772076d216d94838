#include "store/sealed_credentials.h"

#include "base/codec.h"
#include "base/error.h"

namespace store {

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
