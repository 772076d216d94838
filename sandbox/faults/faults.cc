#include "sandbox/faults/faults.h"

#include "base/digest.h"
#include "base/error.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>

#include <fmt/format.h>

namespace sandbox {
namespace {

// splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

std::uint64_t random_number(std::uint64_t seed, std::uint64_t number) {
  return mix(seed + number * 0x9E3779B97F4A7C15);
}

double fraction(std::uint64_t random) {
  return static_cast<double>(random >> 11) * 0x1.0p-53;
}

bool contains(std::vector<std::string> const& list, std::string_view text) {
  return list.empty() || std::ranges::find(list, text) != list.end();
}

bool overlap(ByteSpan const& a, ByteSpan const& b) {
  return a.first <= b.last && b.first <= a.last;
}

// The caller has checked that the bucket fits.
bool matches(FaultRule const& rule, FaultSubject const& subject) {
  return contains(rule.calls, subject.call) &&
         (rule.key.empty() || fits_pattern(subject.key, rule.key)) &&
         (!rule.bytes || overlap(*rule.bytes, subject.bytes)) &&
         (rule.part == 0 || rule.part == subject.part);
}

}  // namespace

struct Faults::Counted {
  Counted(FaultRule read, std::uint64_t file_seed) : rule(std::move(read)) {
    base::Sha256 const hash = base::sha256(fmt::format("{}/{}", file_seed, rule.name));
    std::memcpy(&seed, hash.data(), sizeof seed);
  }

  Strike count() {
    std::lock_guard const lock(mutex);
    std::uint64_t const number = ++seen;
    if (number <= rule.skip || struck >= rule.times) return {};
    if (fraction(random_number(seed, 2 * number)) >= rule.probability) return {};
    ++struck;
    return {.rule = &rule, .number = number, .random = random_number(seed, 2 * number + 1)};
  }

  FaultRule const rule;
  std::uint64_t seed = 0;
  std::mutex mutex;
  std::uint64_t seen = 0;
  std::uint64_t struck = 0;
  std::atomic<SteadyTime> away_until{SteadyTime::min()};
};

void Faults::Rules::add(Counted& rule) {
  if (rule.rule.kind == FaultKind::away) away.push_back(&rule);
  auto& list = class_of(rule.rule.kind) == FaultClass::view ? views : answers_and_paces;
  list.push_back(&rule);
}

Faults::Faults(FaultFile file) {
  for (FaultRule& rule : file.rules) {
    for (std::string const& bucket : rule.buckets) by_bucket_[bucket];
    rules_.push_back(std::make_unique<Counted>(std::move(rule), file.seed));
  }
  for (std::unique_ptr<Counted> const& counted : rules_) {
    std::vector<std::string> const& buckets = counted->rule.buckets;
    for (std::string const& bucket : buckets) by_bucket_[bucket].add(*counted);
    if (!buckets.empty()) continue;
    for (auto& [bucket, rules] : by_bucket_) rules.add(*counted);
    others_.add(*counted);
  }
}

Faults::~Faults() = default;

Faults::Rules const& Faults::rules_for(std::string_view bucket) const {
  auto const found = by_bucket_.find(bucket);
  return found == by_bucket_.end() ? others_ : found->second;
}

Strikes Faults::strikes(FaultSubject const& subject, SteadyTime now) {
  Strikes strikes;
  for (Counted* const counted : rules_for(subject.bucket).answers_and_paces) {
    FaultRule const& rule = counted->rule;
    bool const is_pace = class_of(rule.kind) == FaultClass::pace;
    if (!is_pace && strikes.answer.rule != nullptr) continue;
    if (!matches(rule, subject)) continue;
    Strike const strike = counted->count();
    if (strike.rule == nullptr) continue;
    if (is_pace) strikes.paces.push_back(strike);
    if (!is_pace) strikes.answer = strike;
    if (rule.kind == FaultKind::away) counted->away_until = now + *rule.time;
    if (rule.kind == FaultKind::delay) strikes.delay += *rule.time;
    if (rule.kind == FaultKind::rate) {
      std::uint64_t const slowest = strikes.bytes_per_second;
      strikes.bytes_per_second =
          slowest == 0 ? rule.bytes_per_second : std::min(slowest, rule.bytes_per_second);
    }
  }
  return strikes;
}

Strike Faults::view(FaultSubject const& subject) {
  for (Counted* const counted : rules_for(subject.bucket).views) {
    if (!matches(counted->rule, subject)) continue;
    Strike const strike = counted->count();
    if (strike.rule != nullptr) return strike;
  }
  return {};
}

bool Faults::is_away(std::string_view bucket, SteadyTime now) const {
  return std::ranges::any_of(rules_for(bucket).away, [now](Counted const* counted) {
    return now < counted->away_until.load();
  });
}

}  // namespace sandbox
