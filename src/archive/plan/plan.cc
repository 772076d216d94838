#include "archive/plan/plan.h"

#include "base/codec.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "zip/format.h"

#include <algorithm>
#include <array>
#include <bit>

namespace archive {
namespace {

zip::Entry in_layout(PlannedEntry const& entry, std::string_view name) {
  return {.name = name, .size = entry.size, .modified = entry.modified, .form = entry.form};
}

}  // namespace

void Plan::add(PlannedEntry const& entry, Texts texts) {
  if (entry_count() == base::limits::max_entries) {
    throw base::Error(base::Fault::too_large, "the selection has over " +
                                                  std::to_string(base::limits::max_entries) +
                                                  " objects: split it");
  }
  base::check(entry.form != zip::Form::stored_blocks || entry.size > 0,
              "an entry without bytes is not in stored blocks: nothing would be fetched, and its "
              "one empty block never written");
  base::check(entry.content.empty() || entry.content.size() == entry.size,
              "an entry's own content has its size");
  auto const keep = [&](std::string_view text) {
    return texts == Texts::adopted ? text : texts_.store(text);
  };
  std::string_view const key = keep(entry.key);
  // Most names are the key, or its end: they share its bytes.
  std::string_view const name = key.ends_with(entry.name)
                                    ? key.substr(key.size() - entry.name.size())
                                    : texts_.store(entry.name);
  Row row{.key = key,
          .etag = keep(entry.etag),
          .crc = entry.crc.value_or(0),
          .bucket = bucket_index(entry.bucket),
          .has = entry.crc ? has_crc : std::uint8_t{0},
          .name_changes = entry.name_changes};
  if (!entry.version_id.empty()) {
    row.has |= has_version;
    versions_.push_back({rows_.size(), texts_.store(entry.version_id)});
  }
  if (!entry.content.empty()) {
    row.has |= has_content;
    contents_.push_back({rows_.size(), texts_.store(entry.content)});
  }
  rows_.push_back(row);
  layout_.add(in_layout(entry, name));
  source_bytes_ += entry.size;
}

std::uint64_t Plan::archive_bytes_with(PlannedEntry const& entry) const {
  return layout_.size_with(in_layout(entry, entry.name));
}

void Plan::finish() {
  layout_.finish();
}

std::uint64_t Plan::memory_bytes() const {
  constexpr std::uint64_t each = sizeof(Row) + zip::Layout::bytes_per_entry;
  return adopted_.memory_bytes() + texts_.memory_bytes() + each * entry_count() +
         sizeof(RareText) * (versions_.size() + contents_.size());
}

PlannedEntry Plan::entry(std::size_t index) const {
  Row const& row = rows_[index];
  base::list_memory().used(row.key.size() + row.etag.size());
  zip::Entry const entry = layout_.entry(index);
  PlannedEntry planned{.bucket = buckets_[row.bucket],
                       .key = row.key,
                       .etag = row.etag,
                       .size = entry.size,
                       .modified = entry.modified,
                       .name = entry.name,
                       .form = entry.form,
                       .crc = std::nullopt,
                       .name_changes = row.name_changes};
  if ((row.has & has_crc) != 0) planned.crc = row.crc;
  if ((row.has & has_version) != 0) planned.version_id = find_text(versions_, index);
  if ((row.has & has_content) != 0) planned.content = find_text(contents_, index);
  return planned;
}

std::string_view Plan::find_text(RareTexts const& texts, std::size_t entry) {
  return std::ranges::lower_bound(texts, entry, {}, &RareText::entry)->text;
}

std::uint16_t Plan::bucket_index(std::string_view bucket) {
  // The bucket added last is the likely one; a request names few.
  for (std::size_t i = buckets_.size(); i-- > 0;) {
    if (buckets_[i] == bucket) return static_cast<std::uint16_t>(i);
  }
  if (buckets_.size() == UINT16_MAX)
    throw base::Error(base::Fault::too_large, "the selection names too many buckets");
  buckets_.emplace_back(bucket);
  return static_cast<std::uint16_t>(buckets_.size() - 1);
}

namespace {

// The number that holds an entry's form in its record: further bits tell which rare fields follow.
constexpr std::uint64_t form_bits = 3;
constexpr std::uint64_t version_bit = 4;
constexpr std::uint64_t name_change_bit = 8;
constexpr std::uint64_t content_bit = 16;

std::uint64_t rare_parts(PlannedEntry const& entry) {
  return (entry.version_id.empty() ? 0 : version_bit) |
         (entry.name_changes == 0 ? 0 : name_change_bit) |
         (entry.content.empty() ? 0 : content_bit);
}

}  // namespace

std::string encode_chunk(Plan const& plan, std::size_t first, std::size_t count) {
  base::Encoder out;
  out.number(count);
  std::string_view bucket;  // written when it changes
  for (std::size_t i = first; i < first + count; ++i) {
    PlannedEntry const entry = plan.entry(i);
    out.text(entry.bucket == bucket ? std::string_view() : entry.bucket);
    bucket = entry.bucket;
    out.text(entry.key);
    out.text(entry.etag);
    out.number(entry.size);
    out.signed_number(entry.modified);
    // The name is written as the key's end, or by itself.
    bool const is_tail = entry.key.ends_with(entry.name);
    out.number(is_tail ? entry.name.size() + 1 : 0);
    if (!is_tail) out.text(entry.name);
    out.number(static_cast<std::uint64_t>(entry.form) | rare_parts(entry));
    out.number(entry.crc ? std::uint64_t{*entry.crc} + 1 : 0);
    if (!entry.version_id.empty()) out.text(entry.version_id);
    if (entry.name_changes != 0) out.number(entry.name_changes);
    if (!entry.content.empty()) out.text(entry.content);
  }
  return out.take();
}

namespace {

[[noreturn]] void throw_damaged() {
  throw base::Error(base::Fault::corrupt, "a stored selection is damaged");
}

zip::Form decode_form(std::uint64_t number) {
  if (number > static_cast<std::uint64_t>(zip::Form::stored_blocks)) throw_damaged();
  return static_cast<zip::Form>(number);
}

void decode_rare_parts(base::Decoder& in, std::uint64_t parts, PlannedEntry& entry) {
  if ((parts & ~(version_bit | name_change_bit | content_bit)) != 0) throw_damaged();
  if ((parts & version_bit) != 0) entry.version_id = in.text();
  if ((parts & name_change_bit) != 0) {
    std::uint64_t const changes = in.number();
    if (changes > name_change::all) throw_damaged();
    entry.name_changes = static_cast<std::uint8_t>(changes);
  }
  if ((parts & content_bit) != 0) entry.content = in.text();
  // A rare field is never written empty.
  if (rare_parts(entry) != parts) throw_damaged();
}

// `number` is 0, or the CRC plus 1.
std::optional<std::uint32_t> decode_crc(std::uint64_t number) {
  if (number == 0) return std::nullopt;
  if (number - 1 > UINT32_MAX) throw_damaged();
  return static_cast<std::uint32_t>(number - 1);
}

// An entry that the plan does not take was never in a plan.
void add_decoded(Plan& plan, PlannedEntry const& entry) {
  if (entry.form == zip::Form::stored_blocks && entry.size == 0) throw_damaged();
  if (!entry.content.empty() && entry.content.size() != entry.size) throw_damaged();
  try {
    plan.add(entry);
  } catch (base::Error const& error) {
    throw base::Error(base::Fault::corrupt,
                      std::string("a stored selection is damaged: ") + error.what());
  }
}

}  // namespace

void add_chunk(Plan& plan, std::string_view chunk) {
  base::Decoder in(chunk);
  std::string_view bucket;
  for (std::uint64_t left = in.number(); left > 0; --left) {
    PlannedEntry entry;
    if (std::string_view const changed = in.text(); !changed.empty()) bucket = changed;
    entry.bucket = bucket;
    entry.key = in.text();
    entry.etag = in.text();
    entry.size = in.number();
    entry.modified = in.signed_number();
    std::uint64_t const tail = in.number();
    if (tail > entry.key.size() + 1) throw_damaged();
    entry.name = tail > 0 ? entry.key.substr(entry.key.size() - (tail - 1)) : in.text();
    std::uint64_t const form = in.number();
    entry.form = decode_form(form & form_bits);
    entry.crc = decode_crc(in.number());
    decode_rare_parts(in, form & ~form_bits, entry);
    add_decoded(plan, entry);
  }
  if (!in.done()) throw_damaged();
}

PlanEtag::PlanEtag() {
  hasher_.update("s3zipper layout " + std::to_string(zip::layout_version));
}

std::string PlanEtag::finish() {
  std::string const hash = hasher_.finish();
  return '"' + base::hex(base::as_bytes(hash).first(16)) + '"';
}

std::string plan_etag(Plan const& plan) {
  PlanEtag etag;
  constexpr std::size_t step = base::limits::selection_chunk_entries;
  for (std::size_t first = 0; first < plan.entry_count(); first += step) {
    etag.add_chunk(encode_chunk(plan, first, std::min(step, plan.entry_count() - first)));
  }
  return etag.finish();
}

std::string object_id(std::string_view endpoint_url, PlannedEntry const& entry) {
  if (entry.etag.empty()) return {};
  base::Encoder identity;
  identity.text(endpoint_url);
  identity.text(entry.bucket);
  identity.text(entry.key);
  identity.text(entry.etag);
  identity.number(entry.size);
  base::Sha256 const hash = base::sha256(identity.take());
  std::string_view const folder = entry.key.substr(0, entry.key.rfind('/') + 1);
  auto const place =
      std::bit_cast<std::array<char, 4>>(base::crc32(base::crc32(0, entry.bucket), folder));
  std::string id(place.begin(), place.end());
  id.append(hash.begin(), hash.begin() + 12);
  return id;
}

}  // namespace archive
