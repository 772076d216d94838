// Master keys and the database that they seal: a program whose keys cannot open its rows does not
// start, and a rotation seals everything anew, so that old keys are needed no more.
#pragma once

#include "accounts/keys.h"
#include "base/clock.h"
#include "store/sealed_store.h"
#include "store/store.h"

#include <cstdint>
#include <string>
#include <vector>

namespace store {

// Comes before any use of the keys on the store. Error{config} names a master key that a row needs
// and that is not among them. The first key is noted before anything is sealed with it; retired
// keys of the store become part of `keys`.
void take_up_keys(SealedStore& store, accounts::Keys& keys);

struct Rotation {
  std::uint64_t sealed = 0;          // anew
  std::vector<std::string> retired;  // fingerprints that are needed no more
};
// Seals all rows with the first key. The other keys are needed no more then: the parts that check
// account secrets and links of their time stay in the store, sealed. Meanwhile other processes may
// write with these keys. Error{corrupt} names rows that no key opens; then all keys are still
// needed.
Rotation rotate_keys(SealedStore& store, accounts::Keys& keys, base::UnixSeconds now);

// The contexts of sealed texts that are not a plain id.
std::string kept_secret_context(std::string_view account_id);
std::string result_context(std::string_view job_id);
std::string webhook_context(std::string_view delivery_id);

}  // namespace store
