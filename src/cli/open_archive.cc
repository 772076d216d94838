#include "cli/open_archive.h"

#include "base/visible_text.h"
#include "cli/exit_code.h"
#include "cli/progress_bar.h"
#include "s3/uri.h"

#include <cstdio>

#include <fmt/format.h>

namespace cli {

aws::AwsSettings settings_for_archive(aws::AwsFlags const& flags, std::string const& where) {
  if (!s3::is_uri(where)) return {};
  if (parse_s3_argument(where).key.empty())
    throw UsageError(where + ": the zip's name is missing: s3://bucket/archive.zip");
  return read_aws_settings(flags);
}

net::task<archive::ArchiveBytes> open_archive(S3Session& session, std::string where) {
  if (!s3::is_uri(where)) co_return archive::open_file(session.blocking, std::move(where));
  s3::ObjectName name = s3::parse_uri(where);
  co_return co_await archive::open_object(session.store, std::move(name));
}

void tell_bytes_behind(std::string const& where, zip::End const& end) {
  if (end.bytes_behind == 0) return;
  fmt::print(stderr,
             "s3zipper: warning: {}: {} bytes behind the end of the zip are no part of it\n",
             base::visible(where), with_commas(end.bytes_behind));
}

}  // namespace cli
