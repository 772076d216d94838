#include "store/kept_credentials.h"

#include "base/codec.h"
#include "base/error.h"
#include "store/master_keys.h"
#include "store/sealed_credentials.h"

namespace store {

// The secret is sealed apart, as it is erased apart; neither text opens as the other.
KeptCredentials seal_kept(accounts::Keys const& keys, std::string const& account_id,
                          UnsealedCredentials const& kept, base::UnixSeconds now) {
  base::Encoder out;
  out.text(kept.endpoint);
  out.text(kept.region);
  out.text(seal_credentials(keys, account_id, kept.credentials));
  KeptCredentials sealed{.account_id = account_id,
                         .user_key = kept.user_key,
                         .key_generation = kept.key_generation,
                         .sealed_credentials = out.take(),
                         .sealed_secret = {},
                         .kept_at = now};
  if (!kept.user_secret.empty())
    sealed.sealed_secret = keys.seal(kept.user_secret.reveal(), kept_secret_context(account_id));
  return sealed;
}

UnsealedCredentials open_kept(accounts::Keys const& keys, KeptCredentials const& sealed) {
  base::Decoder in(sealed.sealed_credentials);
  UnsealedCredentials kept;
  kept.endpoint = in.text();
  kept.region = in.text();
  kept.credentials = open_credentials(keys, sealed.account_id, in.text());
  if (!sealed.sealed_secret.empty())
    kept.user_secret = keys.open(sealed.sealed_secret, kept_secret_context(sealed.account_id));
  kept.user_key = sealed.user_key;
  kept.key_generation = sealed.key_generation;
  return kept;
}

net::task<std::optional<UnsealedCredentials>> find_kept(UserKeys& user_keys,
                                                        accounts::Keys const& keys,
                                                        std::string account_id) {
  std::optional<KeptCredentials> const sealed = co_await user_keys.find_kept(std::move(account_id));
  if (!sealed) co_return std::nullopt;
  co_return open_kept(keys, *sealed);
}

net::task<aws::Credentials> credentials_of(UserKeys& user_keys, accounts::Keys const& keys,
                                           Link const& link) {
  if (!link.uses_kept_credentials)
    co_return open_credentials(keys, link.id, link.sealed_credentials);
  std::optional<UnsealedCredentials> kept = co_await find_kept(user_keys, keys, link.account_id);
  if (!kept)
    throw base::Error(base::Fault::gone, "the account of this link keeps no credentials any more");
  co_return std::move(kept->credentials);
}

}  // namespace store
