#include "cli/zip/target_flags.h"

#include "archive/select/target_metadata.h"
#include "base/text.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace cli {
namespace {

void check(std::string const& flag, std::optional<std::string> const& flaw) {
  if (flaw) throw CLI::ValidationError(flag, *flaw);
}

std::pair<std::string, std::string> split_pair(std::string const& flag, std::string const& text) {
  std::size_t const equals = text.find('=');
  if (equals == std::string::npos) throw CLI::ValidationError(flag, "NAME=VALUE is wanted");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

void add_storage_class(CLI::App& command, std::string& storage_class) {
  std::string const flag = "--storage-class";
  auto const set = [&storage_class, flag](std::string const& text) {
    check(flag, s3::flaw_of_storage_class(text));
    storage_class = text;
  };
  command.add_option_function<std::string>(flag, set,
                                           "Of the zip in the bucket: STANDARD_IA, GLACIER_IR, …");
}

void add_pairs(CLI::App& command, s3::Attributes& attributes) {
  auto const tag = [&attributes](std::string const& text) {
    auto [name, value] = split_pair("--tag", text);
    attributes.tags.push_back({std::move(name), std::move(value)});
    http::Field const& last = attributes.tags.back();
    check("--tag", s3::flaw_of_tag(last));
    if (std::ranges::count(attributes.tags, last.name, &http::Field::name) > 1)
      throw CLI::ValidationError("--tag", last.name + " is given twice");
    check("--tag", s3::flaw_of_tag_count(attributes.tags));
  };
  command.add_option_function<std::string>("--tag", tag, "A tag of it; may be repeated")
      ->trigger_on_parse()
      ->type_name("NAME=VALUE");
  auto const metadata = [&attributes](std::string const& text) {
    auto [name, value] = split_pair("--metadata", text);
    attributes.metadata.push_back({base::to_lower(name), std::move(value)});
    check("--metadata", archive::flaw_of_target_metadata(attributes.metadata));
  };
  command
      .add_option_function<std::string>("--metadata", metadata,
                                        "User metadata of it; may be repeated")
      ->trigger_on_parse()
      ->type_name("NAME=VALUE");
}

void add_encryption(CLI::App& command, s3::Encryption& encryption) {
  auto const type = [&encryption](std::string const& text) {
    check("--sse", s3::flaw_of_encryption_type(text));
    encryption.type = text;
  };
  CLI::Option* const sse = command.add_option_function<std::string>(
      "--sse", type, "How S3 encrypts it: AES256, aws:kms");
  command.add_option("--sse-kms-key-id", encryption.kms_key_id, "With which key of KMS")
      ->needs(sse);
}

}  // namespace

void add_target_flags(CLI::App& command, s3::Attributes& attributes) {
  add_storage_class(command, attributes.storage_class);
  add_pairs(command, attributes);
  add_encryption(command, attributes.encryption);
}

}  // namespace cli
