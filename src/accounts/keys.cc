#include "accounts/keys.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include <fmt/format.h>
#include <sodium.h>

namespace accounts {
namespace {

static_assert(master_key_bytes == crypto_kdf_KEYBYTES);

// A sealed text: format (1) | nonce (24) | ciphertext | authentication tag (16).
constexpr char sealed_format = 1;
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t sealed_overhead = 1 + nonce_bytes + tag_bytes;

using Subkey = std::array<std::uint8_t, 32>;
static_assert(std::tuple_size_v<Subkey> == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

// The ids are part of every hash, token and sealed text: a purpose never gets another's.
constexpr char kdf_context[crypto_kdf_CONTEXTBYTES + 1] = "s3zipper";
constexpr std::uint64_t secrets_id = 1, tokens_id = 2, sealing_id = 3, links_id = 4, print_id = 5,
                        webhooks_id = 6;

// Derives the subkey into its place in locked memory, without a copy.
void derive(Subkey& out, base::Secret const& master_key, std::uint64_t id) {
  int const failed = crypto_kdf_derive_from_key(out.data(), out.size(), id, kdf_context,
                                                base::as_bytes(master_key.reveal()).data());
  base::check(failed == 0, "crypto_kdf_derive_from_key failed");
}

std::string text_of(base::Blake2b const& hash) {
  return {hash.begin(), hash.end()};
}

std::string signature(Subkey const& key, std::string_view text) {
  base::Blake2b const hash = base::keyed_blake2b(key, text);
  return base::hex(std::span(hash).first(16));
}

unsigned char* bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

struct Keys::Subkeys {
  Subkey secrets, tokens, sealing, links;
  Subkey print, webhooks;

  explicit Subkeys(base::Secret const& master_key) {
    derive(secrets, master_key, secrets_id);
    derive(tokens, master_key, tokens_id);
    derive(sealing, master_key, sealing_id);
    derive(links, master_key, links_id);
    derive(print, master_key, print_id);
    derive(webhooks, master_key, webhooks_id);
  }
  std::string fingerprint() const { return base::hex(std::span(print).first(8)); }
};

void Keys::Free::operator()(Subkeys* subkeys) const {
  sodium_free(subkeys);  // erases
}

struct Keys::Retired {
  Subkey secrets, links;
};

void Keys::FreeRetired::operator()(Retired* retired) const {
  sodium_free(retired);
}

Keys::Keys(std::span<base::Secret const> master_keys) : count_(master_keys.size()) {
  base::check(sodium_init() >= 0, "sodium_init failed");
  if (master_keys.empty()) throw base::Error(base::Fault::config, "no master key is given");
  auto* const place = static_cast<Subkeys*>(sodium_allocarray(count_, sizeof(Subkeys)));
  if (!place) throw std::bad_alloc();
  subkeys_.reset(place);
  for (std::size_t i = 0; i < count_; ++i) {
    base::Secret const& key = master_keys[i];
    if (key.reveal().size() != master_key_bytes) {
      throw base::Error(base::Fault::config, fmt::format("a master key has {} bytes; it takes {}",
                                                         key.reveal().size(), master_key_bytes));
    }
    new (place + i) Subkeys(key);
  }
  sodium_mprotect_readonly(place);
}

Keys::~Keys() = default;
Keys::Keys(Keys&&) noexcept = default;
Keys& Keys::operator=(Keys&&) noexcept = default;

std::span<Keys::Subkeys const> Keys::all() const {
  return {subkeys_.get(), count_};
}

std::span<Keys::Retired const> Keys::retired() const {
  return {retired_.get(), retired_count_};
}

base::Secret Keys::retired_part(std::string_view fingerprint) const {
  for (Subkeys const& subkeys : all()) {
    if (subkeys.fingerprint() != fingerprint) continue;
    std::string part;
    part.reserve(2 * sizeof(Subkey));  // growing would leave copies
    part.append(subkeys.secrets.begin(), subkeys.secrets.end());
    part.append(subkeys.links.begin(), subkeys.links.end());
    return base::Secret(std::move(part));
  }
  throw base::Error(base::Fault::config,
                    fmt::format("the master key {} is not among those given", fingerprint));
}

void Keys::add_retired(std::string_view fingerprint, base::Secret const& part) {
  if (has_fingerprint(fingerprint)) return;
  if (part.reveal().size() != sizeof(Retired))
    throw base::Error(base::Fault::corrupt,
                      fmt::format("the retired key {} is damaged", fingerprint));
  auto* const place = static_cast<Retired*>(sodium_allocarray(retired_count_ + 1, sizeof(Retired)));
  if (!place) throw std::bad_alloc();
  std::unique_ptr<Retired, FreeRetired> grown(place);
  std::ranges::copy(retired(), place);
  Retired& last = place[retired_count_];
  std::span<std::uint8_t const> const bytes = base::as_bytes(part.reveal());
  std::ranges::copy(bytes.first<sizeof(Subkey)>(), last.secrets.begin());
  std::ranges::copy(bytes.last<sizeof(Subkey)>(), last.links.begin());
  sodium_mprotect_readonly(place);
  retired_ = std::move(grown);
  ++retired_count_;
}

std::string Keys::hash_secret(std::string_view secret) const {
  return text_of(base::keyed_blake2b(all().front().secrets, secret));
}

bool Keys::secret_matches(std::string_view secret, std::string_view hash) const {
  bool matches = false;
  for (Subkeys const& subkeys : all()) {
    std::string const own = text_of(base::keyed_blake2b(subkeys.secrets, secret));
    matches |= base::equals_in_constant_time(own, hash);
  }
  for (Retired const& key : retired()) {
    std::string const own = text_of(base::keyed_blake2b(key.secrets, secret));
    matches |= base::equals_in_constant_time(own, hash);
  }
  return matches;
}

std::string Keys::seal(std::string_view plaintext, std::string_view context) const {
  std::string out(plaintext.size() + sealed_overhead, '\0');
  out[0] = sealed_format;
  unsigned char* const nonce = bytes(out) + 1;
  randombytes_buf(nonce, nonce_bytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      nonce + nonce_bytes, nullptr, base::as_bytes(plaintext).data(), plaintext.size(),
      base::as_bytes(context).data(), context.size(), nullptr, nonce, all().front().sealing.data());
  return out;
}

base::Secret Keys::open(std::string_view sealed, std::string_view context) const {
  if (sealed.size() < sealed_overhead || sealed[0] != sealed_format) {
    throw base::Error(base::Fault::corrupt, "a sealed secret is damaged");
  }
  unsigned char const* const nonce = base::as_bytes(sealed).data() + 1;
  std::size_t const cipher_bytes = sealed.size() - 1 - nonce_bytes;
  std::string out(cipher_bytes - tag_bytes, '\0');
  for (Subkeys const& subkeys : all()) {
    int const failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        bytes(out), nullptr, nullptr, nonce + nonce_bytes, cipher_bytes,
        base::as_bytes(context).data(), context.size(), nonce, subkeys.sealing.data());
    if (!failed) return base::Secret(std::move(out));
  }
  throw base::Error(base::Fault::corrupt,
                    "a sealed secret does not open: it is damaged, or its master key is not among "
                    "those configured");
}

std::string Keys::link_signature(std::string_view text) const {
  return signature(all().front().links, text);
}

bool Keys::link_matches(std::string_view text, std::string_view given) const {
  bool matches = false;
  for (Subkeys const& subkeys : all()) {
    matches |= base::equals_in_constant_time(signature(subkeys.links, text), given);
  }
  for (Retired const& key : retired())
    matches |= base::equals_in_constant_time(signature(key.links, text), given);
  return matches;
}

std::string Keys::webhook_secret(std::string_view account_id, int generation) const {
  std::string const text = fmt::format("{} {}", generation, account_id);
  return base::hex(base::keyed_blake2b(all().front().webhooks, text));
}

std::string Keys::fingerprint() const {
  return all().front().fingerprint();
}

bool Keys::has_fingerprint(std::string_view fingerprint) const {
  for (Subkeys const& subkeys : all()) {
    if (subkeys.fingerprint() == fingerprint) return true;
  }
  return false;
}

std::span<std::uint8_t const> Keys::token_key(std::size_t index) const {
  return all()[index].tokens;
}

}  // namespace accounts
