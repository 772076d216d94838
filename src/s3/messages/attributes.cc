#include "s3/messages/attributes.h"

#include "base/limits.h"
#include "base/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace s3 {

namespace limits = base::limits;

namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

bool is_tag_text(std::string_view text) {
  static constexpr std::string_view marks = " +-=._:/@";
  // Letters of all languages are allowed.
  return base::is_utf8(text) && std::ranges::all_of(text, [](char c) {
           return is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
                  marks.find(c) != std::string_view::npos;
         });
}

std::size_t characters(std::string_view text) {
  auto const begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::ranges::count_if(text, begins));
}

bool is_kms(std::string_view type) {
  return type == "aws:kms" || type == "aws:kms:dsse";
}

}  // namespace

std::optional<std::string> flaw_of_storage_class(std::string_view text) {
  bool const has_form =
      text.size() <= limits::max_storage_class_bytes && std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
      });
  if (has_form) return std::nullopt;
  return "must be a storage class such as STANDARD_IA: capital letters, digits, _ and -";
}

std::optional<std::string> flaw_of_tag(http::Field const& tag) {
  if (tag.name.empty() || characters(tag.name) > limits::max_tag_key_characters)
    return fmt::format("must have a name of 1 to {} characters", limits::max_tag_key_characters);
  if (tag.name.starts_with("aws:")) return "must not begin with aws:, which is AWS's own";
  if (characters(tag.value) > limits::max_tag_value_characters)
    return fmt::format("has more than {} characters", limits::max_tag_value_characters);
  if (!is_tag_text(tag.name) || !is_tag_text(tag.value))
    return "may hold letters, digits, spaces and + - = . _ : / @ only, in name and value";
  return std::nullopt;
}

std::optional<std::string> flaw_of_tag_count(std::vector<http::Field> const& tags) {
  if (tags.size() <= limits::max_tags) return std::nullopt;
  return fmt::format("has more than {} tags", limits::max_tags);
}

std::optional<std::string> flaw_of_metadata(http::Field const& line) {
  bool const is_token = !line.name.empty() && std::ranges::all_of(line.name, [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_';
  });
  if (!is_token) return "must have a name of letters, digits, - and _";
  if (line.value.empty()) return "must not be empty";
  if (!std::ranges::all_of(line.value, is_printable)) return "must be printable ASCII";
  return std::nullopt;
}

std::optional<std::string> flaw_of_metadata_size(std::vector<http::Field> const& lines) {
  std::size_t bytes = 0;
  for (http::Field const& line : lines) bytes += line.name.size() + line.value.size();
  if (bytes <= limits::max_metadata_bytes) return std::nullopt;
  return fmt::format("makes names and values {} bytes; {} are S3's limit", bytes,
                     limits::max_metadata_bytes);
}

std::optional<std::string> flaw_of_encryption_type(std::string_view text) {
  if (text == "AES256" || is_kms(text)) return std::nullopt;
  return "must be one of AES256, aws:kms, aws:kms:dsse";
}

std::optional<std::string> flaw_of_kms_key_id(Encryption const& encryption) {
  std::string const& id = encryption.kms_key_id;
  if (id.empty()) return std::nullopt;
  if (!is_kms(encryption.type)) return "is for the types aws:kms and aws:kms:dsse";
  bool const fits =
      id.size() <= limits::max_kms_key_id_bytes && std::ranges::all_of(id, is_printable);
  if (!fits) return "must be the id, ARN or alias of a key of KMS";
  return std::nullopt;
}

std::optional<std::string> flaw_of_bucket_key(Encryption const& encryption) {
  if (!encryption.bucket_key || encryption.type == "aws:kms") return std::nullopt;
  return "is for the type aws:kms";
}

}  // namespace s3
