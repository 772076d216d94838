#include "sandbox/faults/fault_file.h"

#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "sandbox/files.h"
#include "sandbox/plain_path.h"
#include "sandbox/refusal.h"
#include "sandbox/toml_fields.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sandbox {
namespace {

constexpr std::int64_t max_milliseconds = 24 * 3600 * 1000;
constexpr std::int64_t max_integer = std::numeric_limits<std::int64_t>::max();

using Fields = TomlFields;

std::optional<std::int64_t> integer_within(Fields& fields, std::string_view key, std::int64_t least,
                                           std::int64_t most) {
  auto const value = fields.integer(key);
  if (value && (*value < least || *value > most))
    fields.reject(key, fmt::format("must be from {} to {}", least, most));
  return value;
}

std::optional<std::chrono::milliseconds> read_time(Fields& fields) {
  auto const value = integer_within(fields, "ms", 1, max_milliseconds);
  if (!value) return std::nullopt;
  return std::chrono::milliseconds(*value);
}

// Reads an error's code and words.
void read_code(Fields& fields, FaultRule& rule) {
  rule.code = fields.text("code").value_or("");
  rule.message = fields.text("message").value_or("");
  if (fields.has("code") && rule.code.empty()) fields.reject("code", "must not be empty");
  if (rule.code.empty() && !rule.message.empty())
    fields.reject("message", "is of no use without a code");
}

void read_error(Fields& fields, FaultRule& rule) {
  read_code(fields, rule);
  auto const status = integer_within(fields, "status", 300, 599);
  auto const of_code = status_of_code(rule.code);
  if (rule.code.empty()) fields.reject("code", "is missing: S3's code, such as \"SlowDown\"");
  if (!status && !of_code)
    fields.reject("status", fmt::format("is missing: \"{}\" has no status of its own", rule.code));
  rule.status = status ? static_cast<int>(*status) : *of_code;
  rule.early = fields.truth("early").value_or(false);
}

void read_after(Fields& fields, FaultRule& rule) {
  if (fields.is_text("after", "random")) {
    rule.after = FaultRule::random_place;
  } else {
    rule.after = fields.size("after");
  }
}

void read_reset(Fields& fields, FaultRule& rule) {
  read_after(fields, rule);
}

void read_stall(Fields& fields, FaultRule& rule) {
  read_after(fields, rule);
  rule.time = read_time(fields);
}

void read_cut(Fields& fields, FaultRule& rule) {
  read_after(fields, rule);
  if (!rule.after) rule.after = 0;
}

void read_by(Fields& fields, FaultRule& rule) {
  rule.by = integer_within(fields, "by", 1, max_integer).value_or(1);
}

void read_shift(Fields& fields, FaultRule& rule) {
  rule.by = integer_within(fields, "by", -max_integer, max_integer).value_or(1);
  if (rule.by == 0) fields.reject("by", "must not be 0");
}

void read_error_in_200(Fields& fields, FaultRule& rule) {
  read_code(fields, rule);
  if (rule.code.empty()) rule.code = "InternalError";
  rule.carry_out = fields.truth("carry_out").value_or(false);
}

void read_white_space(Fields& fields, FaultRule& rule) {
  read_code(fields, rule);
  rule.carry_out = fields.truth("carry_out").value_or(false);
  if (rule.code.empty() && fields.has("carry_out"))
    fields.reject("carry_out", "is of no use without a code");
  rule.before_declaration = fields.truth("before_declaration").value_or(false);
  rule.time = read_time(fields);
  if (!rule.time) fields.reject("ms", "is missing: for how long white space is sent");
}

void read_needed_time(Fields& fields, FaultRule& rule) {
  rule.time = read_time(fields);
  if (!rule.time) fields.reject("ms", "is missing: a number of milliseconds");
}

void read_change(Fields& fields, FaultRule& rule) {
  rule.size = fields.size("size");
  rule.keep_etag = fields.truth("keep_etag").value_or(false);
}

void read_crc32(Fields& fields, FaultRule& rule) {
  rule.crc32 = fields.text("crc32").value_or("");
}

void read_size(Fields& fields, FaultRule& rule) {
  rule.size = fields.size("size");
  if (rule.size && fields.has("by")) fields.reject("by", "goes not together with size");
  read_shift(fields, rule);
}

void read_rate(Fields& fields, FaultRule& rule) {
  auto const rate = fields.size("bytes_per_second");
  if (rate.value_or(0) == 0) fields.reject("bytes_per_second", "is missing, or 0");
  rule.bytes_per_second = *rate;
}

void read_nothing(Fields&, FaultRule&) {}

struct Kind {
  FaultKind kind;
  unsigned needs;  // flags, all of which a call must have
  void (*read)(Fields&, FaultRule&);
};

constexpr std::array kinds{
    Kind{FaultKind::error, 0, read_error},
    Kind{FaultKind::reset, 0, read_reset},
    Kind{FaultKind::stall, 0, read_stall},
    Kind{FaultKind::cut, CallTraits::body, read_cut},
    Kind{FaultKind::short_body, CallTraits::object, read_by},
    Kind{FaultKind::long_body, CallTraits::object, read_by},
    Kind{FaultKind::wrong_range, CallTraits::object, read_shift},
    Kind{FaultKind::error_in_200, CallTraits::in_200, read_error_in_200},
    Kind{FaultKind::white_space, CallTraits::in_200, read_white_space},
    Kind{FaultKind::lost_answer, 0, read_nothing},
    Kind{FaultKind::away, 0, read_needed_time},
    Kind{FaultKind::change, CallTraits::view, read_change},
    Kind{FaultKind::vanish, CallTraits::view, read_nothing},
    Kind{FaultKind::wrong_crc32, CallTraits::checksum, read_crc32},
    Kind{FaultKind::wrong_size, CallTraits::listing, read_size},
    Kind{FaultKind::delay, 0, read_needed_time},
    Kind{FaultKind::rate, 0, read_rate},
};

Kind const& read_kind(Fields& fields) {
  std::string const name = fields.text("do").value_or("");
  auto const* const found =
      std::ranges::find(kinds, name, [](Kind const& kind) { return name_of(kind.kind); });
  if (found != kinds.end()) return *found;
  std::vector<std::string_view> names;
  for (Kind const& kind : kinds) names.push_back(name_of(kind.kind));
  fields.reject("do", fmt::format("must be one of {}", fmt::join(names, ", ")));
}

// "0-1048575": first and last byte.
std::optional<ByteSpan> read_bytes(Fields& fields) {
  auto const text = fields.text("bytes");
  if (!text) return std::nullopt;
  std::size_t const dash = text->find('-');
  auto const first = base::parse_uint(std::string_view(*text).substr(0, dash));
  auto const last = dash == std::string::npos
                        ? first
                        : base::parse_uint(std::string_view(*text).substr(dash + 1));
  if (!first || !last || *first > *last) fields.reject("bytes", "must be as \"0-65535\"");
  return ByteSpan{.first = *first, .last = *last};
}

void read_requests(Fields& fields, FaultRule& rule) {
  rule.calls = fields.texts("call");
  rule.buckets = fields.texts("bucket");
  rule.key = fields.text("key").value_or("");
  rule.bytes = read_bytes(fields);
  rule.part = static_cast<std::uint32_t>(integer_within(fields, "part", 1, 10'000).value_or(0));
  for (std::string const& bucket : rule.buckets) {
    if (!is_served_bucket_name(bucket))
      fields.reject("bucket", fmt::format("\"{}\" is no name for a bucket", bucket));
  }
  if (fields.has("key") && rule.key.empty()) fields.reject("key", "must not be empty");
}

void read_which(Fields& fields, FaultRule& rule) {
  rule.skip =
      static_cast<std::uint64_t>(integer_within(fields, "skip", 0, max_integer).value_or(0));
  if (auto const probability = fields.real("probability")) {
    if (!(*probability > 0 && *probability <= 1))
      fields.reject("probability", "must be above 0, and 1 at most");
    rule.probability = *probability;
    rule.times = FaultRule::without_end;
  }
  if (class_of(rule.kind) == FaultClass::pace) rule.times = FaultRule::without_end;
  if (fields.is_text("times", "all")) {
    rule.times = FaultRule::without_end;
  } else if (auto const times = integer_within(fields, "times", 0, max_integer)) {
    rule.times = *times == 0 ? FaultRule::without_end : static_cast<std::uint64_t>(*times);
  }
}

struct Need {
  unsigned flags;  // one of which a call must have
  std::string_view key;
};

// The rule's needs: those of its kind, and those of its other keys.
std::vector<Need> needs_of(FaultRule const& rule, Kind const& kind) {
  std::vector<Need> needs;
  for (unsigned flag = 1; flag <= kind.needs; flag *= 2) {
    if ((kind.needs & flag) != 0) needs.push_back({flag, "do"});
  }
  bool const of_objects = kind.kind == FaultKind::wrong_size;
  unsigned const named = CallTraits::key | CallTraits::prefix;
  if (!rule.buckets.empty()) needs.push_back({CallTraits::bucket, "bucket"});
  if (!rule.key.empty() && !of_objects) needs.push_back({named, "key"});
  if (rule.bytes) needs.push_back({CallTraits::ranged, "bytes"});
  if (rule.part > 0) needs.push_back({CallTraits::part, "part"});
  if (rule.after) needs.push_back({CallTraits::body, "after"});
  return needs;
}

// A call that the rule can never strike is an error; a rule that names none means all others.
void choose_calls(Fields const& fields, FaultRule& rule, Kind const& kind) {
  std::vector<Need> const needs = needs_of(rule, kind);
  auto const lacks = [](CallTraits const& call) {
    return [&call](Need const& need) { return (call.flags & need.flags) == 0; };
  };
  for (std::string const& name : rule.calls) {
    CallTraits const* const call = find_call(name);
    if (call == nullptr) fields.reject("call", fmt::format("there is no call \"{}\"", name));
    auto const lacking = std::ranges::find_if(needs, lacks(*call));
    if (lacking != needs.end())
      fields.reject(lacking->key, fmt::format("can never work with the call {}", name));
  }
  if (!rule.calls.empty() || needs.empty()) return;
  for (CallTraits const& call : call_traits()) {
    if (std::ranges::none_of(needs, lacks(call))) rule.calls.emplace_back(call.name);
  }
  if (rule.calls.empty()) fields.reject("do", "can never work together with the other keys");
}

void check_view(Fields const& fields, FaultRule const& rule) {
  if (class_of(rule.kind) != FaultClass::view) return;
  if (rule.bytes) fields.reject("bytes", "goes not together with a fault of the object itself");
  if (rule.part > 0) fields.reject("part", "goes not together with a fault of the object itself");
}

FaultRule read_rule(toml::table const& table, std::string_view name, std::size_t number) {
  std::string const place = fmt::format("{}: fault {}", name, number);
  Fields fields(table, place);
  FaultRule rule;
  rule.name = fields.text("name").value_or(std::to_string(number));
  if (rule.name.empty()) fields.reject("name", "must not be empty");
  if (fields.has("name")) fields.rename(fmt::format("{} (\"{}\")", place, rule.name));
  Kind const& kind = read_kind(fields);
  rule.kind = kind.kind;
  read_requests(fields, rule);
  read_which(fields, rule);
  kind.read(fields, rule);
  fields.reject_unread(fmt::format("a fault that does \"{}\"", name_of(kind.kind)));
  check_view(fields, rule);
  choose_calls(fields, rule, kind);
  return rule;
}

Quirks read_quirks(Fields& fields) {
  std::vector<std::string> const names = fields.texts("quirks");
  try {
    return parse_quirks(names);
  } catch (base::Error const& error) {
    fields.reject("quirks", error.what());
  }
}

void read_bucket(toml::table const& table, std::string_view name, std::size_t number,
                 std::map<std::string, BucketRule, std::less<>>& buckets) {
  Fields fields(table, fmt::format("{}: bucket {}", name, number));
  std::vector<std::string> const names = fields.texts("name");
  if (names.empty()) fields.reject("name", "is missing");
  BucketRule rule;
  rule.list = fields.truth("list").value_or(true);
  rule.requester_pays = fields.truth("requester_pays").value_or(false);
  rule.quirks = read_quirks(fields);
  fields.reject_unread("a bucket");
  for (std::string const& bucket : names) {
    if (!is_served_bucket_name(bucket))
      fields.reject("name", fmt::format("\"{}\" is no name for a bucket", bucket));
    if (!buckets.emplace(bucket, rule).second)
      fields.reject("name", fmt::format("\"{}\" was named before", bucket));
  }
}

// The tables of [[key]].
std::vector<toml::table const*> tables_of(toml::table const& root, std::string_view key,
                                          std::string_view name) {
  std::vector<toml::table const*> found;
  toml::node const* const node = root.get(key);
  if (node == nullptr) return found;
  toml::array const* const list = node->as_array();
  if (list == nullptr || (!list->empty() && !list->is_homogeneous(toml::node_type::table)))
    throw base::Error(base::Fault::config, fmt::format("{}: {}: must be [[{}]]", name, key, key));
  for (toml::node const& item : *list) found.push_back(item.as_table());
  return found;
}

toml::table parse_toml(std::string_view text, std::string_view name) {
  try {
    return toml::parse(text);
  } catch (toml::parse_error const& error) {
    throw base::Error(
        base::Fault::config,
        fmt::format("{}: line {}: {}", name, error.source().begin.line, error.description()));
  }
}

}  // namespace

BucketRule const& BucketRules::of(std::string_view bucket) const {
  auto const found = named.find(bucket);
  return found == named.end() ? others : found->second;
}

void BucketRules::add_quirks(Quirks const& quirks) {
  others.quirks.add(quirks);
  for (auto& [name, rule] : named) rule.quirks.add(quirks);
}

FaultFile parse_fault_file(std::string_view text, std::string_view name) {
  toml::table const root = parse_toml(text, name);
  Fields fields(root, std::string(name));
  FaultFile file;
  auto const seed = integer_within(fields, "seed", 0, max_integer);
  file.seed = seed ? static_cast<std::uint64_t>(*seed) : base::random_below(max_integer);
  std::set<std::string, std::less<>> names;
  for (toml::table const* const table : tables_of(root, "fault", name)) {
    file.rules.push_back(read_rule(*table, name, file.rules.size() + 1));
    if (!names.insert(file.rules.back().name).second)
      throw base::Error(base::Fault::config,
                        fmt::format("{}: fault {}: name: \"{}\" is taken", name, file.rules.size(),
                                    file.rules.back().name));
  }
  std::size_t number = 0;
  for (toml::table const* const table : tables_of(root, "bucket", name))
    read_bucket(*table, name, ++number, file.buckets.named);
  file.buckets.add_quirks(read_quirks(fields));
  for (auto const& [key, value] : root) {
    if (key.str() != "seed" && key.str() != "fault" && key.str() != "bucket" &&
        key.str() != "quirks")
      fields.reject(key.str(), "there is no such key");
  }
  return file;
}

FaultFile read_fault_file(std::string const& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored))
    throw base::Error(base::Fault::config, fmt::format("there is no faults file {}", path));
  return parse_fault_file(read_text(path), path);
}

}  // namespace sandbox
