#include "cli/zip/left_upload.h"

#include "base/clock.h"
#include "base/text.h"
#include "base/visible_text.h"
#include "cli/shell_text.h"
#include "s3/messages/faults.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace cli {

std::string abort_command(s3::ObjectName const& target, std::string const& upload_id,
                          std::string const& endpoint_url) {
  return fmt::format(
      "aws s3api abort-multipart-upload --bucket {} --key {} --upload-id {} --endpoint-url {}",
      shell_word(target.bucket), shell_word(target.key), shell_word(upload_id),
      shell_word(endpoint_url));
}

std::string text_of_left_upload(s3::ObjectName const& target, s3::ListedUpload const& upload,
                                std::string const& endpoint_url) {
  std::string const begun =
      upload.begun_at ? ", begun at " + base::rfc3339(*upload.begun_at) : std::string();
  return fmt::format(
      "s3zipper: an unfinished upload to {}{} is in the bucket, and its parts are paid for. If no "
      "other run is at it, remove it:\n  {}\n",
      base::visible(s3::shown(target.bucket, target.key)), begun,
      base::visible(abort_command(target, upload.upload_id, endpoint_url)));
}

std::string json_of_left_upload(s3::ObjectName const& target, s3::ListedUpload const& upload,
                                std::string const& endpoint_url) {
  boost::json::object fields{{"event", "left_upload"},
                             {"bucket", target.bucket},
                             {"key", base::to_utf8(target.key)},
                             {"upload_id", base::to_utf8(upload.upload_id)}};
  fields["begun"] = upload.begun_at ? boost::json::value(base::rfc3339(*upload.begun_at)) : nullptr;
  fields["remove"] = base::to_utf8(abort_command(target, upload.upload_id, endpoint_url));
  return base::visible_json(boost::json::serialize(fields)) + "\n";
}

}  // namespace cli
