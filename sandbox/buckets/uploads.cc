#include "sandbox/buckets/uploads.h"

#include "base/random.h"
#include "base/text.h"
#include "http/forms.h"
#include "sandbox/files.h"
#include "sandbox/refusal.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

namespace sandbox {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t id_length = 48;
constexpr char const* description_name = "upload";

std::string description_of(Upload const& upload) {
  std::string text =
      fmt::format("key={}&initiated={}&checksum_type={}", base::percent_encode(upload.key),
                  upload.initiated, upload.checksum_type);
  for (http::Field const& header : upload.headers)
    text += fmt::format("&h.{}={}", base::percent_encode(header.name),
                        base::percent_encode(header.value));
  return text;
}

Upload parse_description(std::string const& id, std::string_view text) {
  Upload upload;
  upload.id = id;
  for (http::Field const& field : http::parse_urlencoded(text)) {
    if (field.name == "key") upload.key = field.value;
    if (field.name == "checksum_type") upload.checksum_type = field.value;
    if (field.name == "initiated")
      upload.initiated = static_cast<base::UnixSeconds>(base::parse_uint(field.value).value_or(0));
    if (field.name.starts_with("h.")) upload.headers.push_back({field.name.substr(2), field.value});
  }
  return upload;
}

// The name is "00001.d41d8cd98f00b204e9800998ecf8427e.00000000": number, MD5, CRC-32.
std::string part_file_name(std::uint32_t number, UploadPart const& part) {
  return fmt::format("{:05}.{}.{:08x}", number, part.md5, part.crc32);
}

struct NumberedPart {
  std::uint32_t number = 0;
  UploadPart part;
};

std::optional<NumberedPart> parse_part_file_name(std::string const& name) {
  std::vector<std::string_view> const pieces = base::split(name, '.');
  if (pieces.size() != 3 || pieces[1].size() != 32 || pieces[2].size() != 8) return std::nullopt;
  auto const number = base::parse_uint(pieces[0]);
  if (!number) return std::nullopt;
  NumberedPart found{.number = static_cast<std::uint32_t>(*number), .part = {}};
  found.part.md5 = pieces[1];
  std::string_view const crc = pieces[2];
  auto const parsed = std::from_chars(crc.begin(), crc.end(), found.part.crc32, 16);
  if (parsed.ec != std::errc() || parsed.ptr != crc.end()) return std::nullopt;
  return found;
}

void remove_quietly(fs::path const& path) {
  std::error_code ignored;  // files that remain are removed when the bucket is loaded again
  fs::remove(path, ignored);
}

}  // namespace

Uploads::Uploads(fs::path hidden, std::set<std::string> const& in_use)
    : hidden_(std::move(hidden)) {
  fs::create_directories(hidden_ / "uploads");
  for (fs::directory_entry const& entry : fs::directory_iterator(hidden_ / "uploads"))
    if (entry.is_directory()) load(entry.path().filename(), in_use);
}

void Uploads::load(std::string const& id, std::set<std::string> const& in_use) {
  bool is_part_of_object = false;
  std::map<std::uint32_t, UploadPart> parts;
  std::vector<std::string> unused;
  for (fs::directory_entry const& entry : fs::directory_iterator(folder(id))) {
    std::string const file_name = entry.path().filename();
    std::string const name = fmt::format("uploads/{}/{}", id, file_name);
    if (file_name != description_name) unused.push_back(name);
    if (in_use.contains(name)) is_part_of_object = true;
    auto found = parse_part_file_name(file_name);
    struct stat status{};
    if (!found || ::stat(entry.path().c_str(), &status) != 0) continue;
    FileStamp const stamp = stamp_of(status);
    found->part.size = stamp.size;
    found->part.modified = modified_seconds(stamp);
    found->part.name = name;
    // Two files have one number if the process ended before it removed the older one.
    UploadPart& part = parts[found->number];
    if (part.name.empty() || part.modified <= found->part.modified) part = found->part;
  }
  std::string const description = read_text(folder(id) / description_name);
  if (!description.empty() && !is_part_of_object) {
    Upload upload = parse_description(id, description);
    upload.parts = std::move(parts);
    uploads_.emplace(id, std::move(upload));
    return;
  }
  remove_quietly(folder(id) / description_name);
  for (std::string const& name : unused) {
    if (!in_use.contains(name)) remove_quietly(hidden_ / name);
  }
  if (!is_part_of_object) remove_quietly(folder(id));
}

std::string Uploads::create(Upload upload) {
  upload.id = base::random_text(id_length);
  upload.initiated = base::unix_now();
  fs::create_directory(folder(upload.id));
  replace_text(folder(upload.id) / description_name, description_of(upload));
  std::lock_guard const lock(mutex_);
  std::string id = upload.id;
  uploads_.emplace(id, std::move(upload));
  return id;
}

Upload& Uploads::locked(std::string const& key, std::string const& id) {
  auto const found = uploads_.find(id);
  if (found == uploads_.end() || found->second.key != key || found->second.completing)
    throw refusal("NoSuchUpload");
  return found->second;
}

void Uploads::put_part(std::string const& key, std::string const& id, std::uint32_t number,
                       fs::path const& source, UploadPart part) {
  part.name = fmt::format("uploads/{}/{}", id, part_file_name(number, part));
  part.modified = base::unix_now();
  std::lock_guard const lock(mutex_);
  Upload& upload = locked(key, id);
  fs::rename(source, hidden_ / part.name);
  UploadPart& place = upload.parts[number];
  if (!place.name.empty() && place.name != part.name) remove_quietly(hidden_ / place.name);
  place = std::move(part);
}

Upload Uploads::find(std::string const& key, std::string const& id) const {
  std::lock_guard const lock(mutex_);
  auto const found = uploads_.find(id);
  if (found == uploads_.end() || found->second.key != key) throw refusal("NoSuchUpload");
  return found->second;
}

std::vector<Upload> Uploads::list() const {
  std::vector<Upload> all;
  {
    std::lock_guard const lock(mutex_);
    for (auto const& [id, upload] : uploads_) {
      Upload head;
      head.id = id;
      head.key = upload.key;
      head.initiated = upload.initiated;
      all.push_back(std::move(head));
    }
  }
  std::ranges::sort(all, {}, [](Upload const& upload) { return std::tie(upload.key, upload.id); });
  return all;
}

void Uploads::abort(std::string const& key, std::string const& id) {
  std::lock_guard const lock(mutex_);
  Upload const upload = locked(key, id);
  uploads_.erase(id);
  // The description goes first: without it, the next start removes the rest.
  remove_quietly(folder(id) / description_name);
  for (auto const& [number, part] : upload.parts) remove_quietly(hidden_ / part.name);
  remove_quietly(folder(id));
}

Upload Uploads::begin_completion(std::string const& key, std::string const& id) {
  std::lock_guard const lock(mutex_);
  Upload& upload = locked(key, id);
  upload.completing = true;
  return upload;
}

void Uploads::give_up_completion(std::string const& id) {
  std::lock_guard const lock(mutex_);
  uploads_.at(id).completing = false;
}

void Uploads::end_completion(std::string const& id, std::set<std::string> const& kept) {
  Upload upload;
  {
    std::lock_guard const lock(mutex_);
    upload = std::move(uploads_.at(id));
    uploads_.erase(id);
  }
  remove_quietly(folder(id) / description_name);
  for (auto const& [number, part] : upload.parts) {
    if (!kept.contains(part.name)) remove_quietly(hidden_ / part.name);
  }
  remove_quietly(folder(id));  // the folder stays where parts are kept
}

}  // namespace sandbox
