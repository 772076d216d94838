// The flags of `s3zipper zip`.
#pragma once

#include "archive/request.h"
#include "archive/select/own_zips.h"
#include "aws/sources/aws_profile.h"
#include "base/limits.h"
#include "cli/zip/zip_output.h"
#include "s3/messages/attributes.h"

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

struct ZipCommand {
  aws::AwsFlags aws;
  std::vector<std::string> sources;
  std::string output;
  ZipOutput where;  // that is
  std::string manifest;
  archive::ManifestFormat manifest_format = archive::ManifestFormat::by_name;
  archive::ReportFormat report = archive::ReportFormat::none;
  bool request_payer = false;
  s3::Attributes attributes;
  std::vector<archive::KeyRule> rules;
  zip::NameRule names = zip::NameRule::portable;
  archive::NameStyle base = archive::NameStyle::key;
  archive::OnMissing on_missing = archive::OnMissing::fail;
  archive::OwnZips own_zips = archive::OwnZips::exclude;
  std::uint64_t memory_bytes = base::limits::default_budget_bytes;
  bool force = false;
  bool dry_run = false;
  bool quiet = false;
  bool json = false;

  bool into_bucket() const { return where.kind == ZipOutput::Kind::bucket; }
  bool in_order() const { return where.kind == ZipOutput::Kind::in_order; }
};

void add_zip_flags(CLI::App& command, ZipCommand& zip);

}  // namespace cli
