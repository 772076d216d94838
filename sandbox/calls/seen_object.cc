#include "sandbox/calls/seen_object.h"

#include "base/text.h"
#include "s3/messages/checksum.h"
#include "sandbox/buckets/bucket_access.h"
#include "sandbox/buckets/object_headers.h"
#include "sandbox/calls/fault_answers.h"
#include "sandbox/calls/quirky_calls.h"
#include "sandbox/refusal.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sandbox {
namespace {

Strike strike_of(Call const& call, std::string const& bucket, std::string const& key) {
  FaultSubject const subject{.call = call.operation, .bucket = bucket, .key = key, .bytes = {}};
  Strike const strike = call.faults.view(subject);
  if (strike.rule != nullptr) log_strike(strike, call.operation, bucket, key);
  return strike;
}

// An object with other content, and another ETag unless the rule keeps it.
Object changed_object(Object const& original, FaultRule const& rule, std::string const& key) {
  std::uint64_t const size = rule.size.value_or(original.size);
  std::string const seed = fmt::format("changed/{}/{}", rule.name, key);
  Object changed = computed_object(seed, size, original.modified + 1);
  changed.headers = original.headers;
  if (rule.keep_etag) {
    changed.etag = original.etag;
    changed.modified = original.modified;
    changed.crc32 = original.crc32;
    changed.crc32_type = original.crc32_type;
  }
  return changed;
}

void falsify_crc32(Object& object, Strike const& strike) {
  std::size_t const dash = object.crc32.rfind('-');
  std::string const count = dash == std::string::npos ? "" : object.crc32.substr(dash);
  object.crc32 = strike.rule->crc32;
  if (object.crc32.empty())
    object.crc32 = s3::crc32_text(static_cast<std::uint32_t>(strike.random)) + count;
  if (object.crc32_type.empty()) object.crc32_type = "FULL_OBJECT";
}

std::uint64_t wrong_size(std::uint64_t size, FaultRule const& rule) {
  if (rule.size) return *rule.size;
  auto const by = static_cast<std::uint64_t>(rule.by);
  if (rule.by < 0) return size - std::min(size, 0 - by);
  return size + by;
}

Opened open_as_seen(Call const& call, std::string const& bucket, std::string const& key) {
  auto opened = call.store.bucket(bucket)->open(key);
  if (!opened) throw missing_key(call, bucket);
  if (!call.faults.has_views(bucket)) return *std::move(opened);
  Strike const strike = strike_of(call, bucket, key);
  if (strike.rule == nullptr) return *std::move(opened);
  FaultRule const& rule = *strike.rule;
  if (rule.kind == FaultKind::vanish) throw missing_key(call, bucket);
  Object seen = *opened->object;
  if (rule.kind == FaultKind::change) seen = changed_object(seen, rule, key);
  if (rule.kind == FaultKind::wrong_crc32) falsify_crc32(seen, strike);
  if (rule.kind == FaultKind::wrong_size) seen.size = wrong_size(seen.size, rule);
  opened->object = std::make_shared<Object const>(std::move(seen));
  return *std::move(opened);
}

}  // namespace

Opened open_object(Call const& call, std::string const& bucket, std::string const& key) {
  Opened opened = open_as_seen(call, bucket, key);
  bool const reads = call.operation != "HeadObject" && call.operation != "GetObjectAttributes";
  if (reads && (is_archived(*opened.object) || is_archived_tier(call, *opened.object)))
    throw refusal("InvalidObjectState");
  return opened;
}

ObjectPointer listed_object(Call const& call, std::string const& key, ObjectPointer object) {
  if (!call.faults.has_views(call.bucket)) return object;
  Strike const strike = strike_of(call, call.bucket, key);
  if (strike.rule == nullptr) return object;
  Object seen = *object;
  seen.size = wrong_size(seen.size, *strike.rule);
  return std::make_shared<Object const>(std::move(seen));
}

}  // namespace sandbox
