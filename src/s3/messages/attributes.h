// The attributes that an object is stored with, and S3's rules for them.
#pragma once

#include "http/forms.h"
#include "http/message.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace s3 {

// The store itself encrypts. S3 user guide, "Protecting data with server-side encryption".
struct Encryption {
  std::string type = {};        // "AES256", "aws:kms", "aws:kms:dsse"; empty: as the bucket says
  std::string kms_key_id = {};  // with the last two; empty: AWS's own key
  bool bucket_key = false;      // with "aws:kms": fewer calls of KMS
  bool operator==(Encryption const&) const = default;
};

struct Attributes {
  std::string content_type = {};
  std::string content_disposition = {};
  std::string acl = {};  // canned: "private", "public-read"…
  std::string storage_class = {};
  std::vector<http::Field> metadata = {};  // names without x-amz-meta-
  std::vector<http::Field> tags = {};
  Encryption encryption = {};
  bool operator==(Attributes const&) const = default;
};

// The flaw of a value, to be said behind its field's name: "must be …"; nullopt: it has none.
// Stores have classes of their own, so that only the form is checked.
std::optional<std::string> flaw_of_storage_class(std::string_view text);
// S3 user guide, "Categorizing your storage using tags".
std::optional<std::string> flaw_of_tag(http::Field const& tag);
std::optional<std::string> flaw_of_tag_count(std::vector<http::Field> const& tags);
// S3 user guide, "Working with object metadata": S3 itself would take other characters than ASCII,
// and give them back encoded by RFC 2047.
std::optional<std::string> flaw_of_metadata(http::Field const& line);
std::optional<std::string> flaw_of_metadata_size(std::vector<http::Field> const& lines);
std::optional<std::string> flaw_of_encryption_type(std::string_view text);
std::optional<std::string> flaw_of_kms_key_id(Encryption const& encryption);
std::optional<std::string> flaw_of_bucket_key(Encryption const& encryption);

}  // namespace s3
