#include "cli/zip/zip_flags.h"

#include "base/text.h"
#include "cli/s3_session.h"
#include "cli/zip/target_flags.h"

#include <utility>

#include <CLI/CLI.hpp>

namespace cli {

namespace limits = base::limits;

namespace {

// The words of a flag, with their values.
template <class Value>
using Words = std::vector<std::pair<std::string, Value>>;

Words<archive::NameStyle> const bases{{"key", archive::NameStyle::key},
                                      {"bucket", archive::NameStyle::bucket_and_key},
                                      {"folder", archive::NameStyle::below_path}};
Words<zip::NameRule> const name_rules{{"portable", zip::NameRule::portable},
                                      {"exact", zip::NameRule::exact}};
Words<archive::OnMissing> const missing_rules{{"fail", archive::OnMissing::fail},
                                              {"skip", archive::OnMissing::skip}};

Words<archive::OwnZips> const own_zips_rules{{"exclude", archive::OwnZips::exclude},
                                             {"include", archive::OwnZips::include}};

Words<archive::ManifestFormat> const manifest_formats{
    {"csv", archive::ManifestFormat::csv},
    {"jsonlines", archive::ManifestFormat::json_lines},
    {"inventory", archive::ManifestFormat::inventory}};
Words<archive::ReportFormat> const report_formats{{"csv", archive::ReportFormat::csv},
                                                  {"jsonlines", archive::ReportFormat::json_lines}};

template <class Value>
void add_words(CLI::App& command, char const* flag, Value& value, Words<Value> const& words,
               char const* help) {
  std::vector<std::string> allowed;
  for (auto const& [word, meaning] : words) allowed.push_back(word);
  auto const set = [&value, &words](std::string const& given) {
    for (auto const& [word, meaning] : words) {
      if (word == given) value = meaning;
    }
  };
  command.add_option_function<std::string>(flag, set, help)->check(CLI::IsMember(allowed));
}

// Both kinds go into one list, in the order of the command line.
void add_rule_flag(CLI::App& command, char const* flag, bool include,
                   std::vector<archive::KeyRule>& rules, char const* help) {
  auto const add = [&rules, include](std::string const& glob) { rules.push_back({include, glob}); };
  command.add_option_function<std::string>(flag, add, help)->trigger_on_parse()->type_name("GLOB");
}

void add_memory_flag(CLI::App& command, std::uint64_t& memory_bytes) {
  auto const set = [&memory_bytes](std::string const& text) {
    auto const bytes = base::parse_size(text);
    if (!bytes || *bytes < limits::min_budget_bytes)
      throw CLI::ValidationError("--memory", "a size of 16 MiB or more is wanted: 512MiB, 2GB");
    memory_bytes = *bytes;
  };
  command.add_option_function<std::string>("--memory", set,
                                           "Bytes for buffers; zips over 240 GB into a bucket "
                                           "need more [192MiB]");
}

}  // namespace

void add_zip_flags(CLI::App& command, ZipCommand& zip) {
  command.add_option("source", zip.sources,
                     "s3://bucket/key: objects, folders, buckets; in any number");
  command.add_option("-o,--output", zip.output, "FILE, s3://bucket/out.zip, or - for stdout")
      ->required();
  command.add_option(
      "--manifest", zip.manifest,
      "s3://bucket/key of a CSV, JSON Lines or S3 Inventory file that lists objects");
  add_words(command, "--manifest-format", zip.manifest_format, manifest_formats,
            "Its format [by its name: .csv, .jsonl, .ndjson, each perhaps with .gz, "
            "manifest.json]");
  add_words(command, "--report", zip.report, report_formats,
            "Add a report on all entries, as the zip's last one");
  command.add_flag("--request-payer", zip.request_payer,
                   "Pay for what is read, where a bucket's requesters have to");
  add_rule_flag(command, "--include", true, zip.rules,
                "Take keys like this, below each source; may be repeated, the last match decides");
  add_rule_flag(command, "--exclude", false, zip.rules, "Leave keys like this out");
  add_words(command, "--base", zip.base, bases,
            "Where names in the zip begin: at the key, the bucket, or below the source's folder "
            "[key]");
  add_words(command, "--names", zip.names, name_rules,
            "Make names fit for all systems, or keep keys as they are [portable]");
  add_words(command, "--on-missing", zip.on_missing, missing_rules,
            "What to do about a source that is not there [fail]");
  add_words(command, "--own-zips", zip.own_zips, own_zips_rules,
            "What to do about earlier zips of the same sources among these [exclude]");
  command.add_flag("-f,--force", zip.force, "Replace what exists");
  command.add_flag("-n,--dry-run", zip.dry_run,
                   "Only list: the entries, the zip's size, the S3 calls and their price");
  command.add_flag("-q,--quiet", zip.quiet, "Say nothing but errors");
  command.add_flag("--json", zip.json, "Progress, result and errors as a JSON object a line");
  add_target_flags(command, zip.attributes);
  add_memory_flag(command, zip.memory_bytes);
  add_aws_flags(command, zip.aws);
  add_patience_flag(command, zip.aws);
}

}  // namespace cli
