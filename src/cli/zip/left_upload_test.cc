#include "cli/zip/left_upload.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

TEST(LeftUpload, what_removes_it_can_be_pasted_into_a_shell) {
  EXPECT_EQ(abort_command({"files", "a/it's $1.zip"}, "id-1", "http://127.0.0.1:9000"),
            "aws s3api abort-multipart-upload --bucket files --key 'a/it'\\''s $1.zip' "
            "--upload-id id-1 --endpoint-url http://127.0.0.1:9000");
}

TEST(LeftUpload, it_is_told_with_its_time_where_the_store_tells_it) {
  s3::ObjectName const target{"files", "out.zip"};
  s3::ListedUpload upload{.key = "out.zip", .upload_id = "7"};
  EXPECT_NE(text_of_left_upload(target, upload, "http://s").find("s3://files/out.zip is in"),
            std::string::npos);
  EXPECT_NE(json_of_left_upload(target, upload, "http://s").find("\"begun\":null"),
            std::string::npos);
  upload.begun_at = 0;
  EXPECT_NE(text_of_left_upload(target, upload, "http://s").find("1970-01-01T00:00:00Z"),
            std::string::npos);
}

}  // namespace
}  // namespace cli
