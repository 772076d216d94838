#include "s3/messages/requests.h"

#include "base/error.h"
#include "s3/messages/checksum.h"

#include <gtest/gtest.h>
#include <pugixml.hpp>

namespace s3 {
namespace {

aws::Target const bucket = aws::target_of(aws::custom_endpoint("http://127.0.0.1:9000"), "bkt");
aws::Target const object =
    aws::target_of(aws::custom_endpoint("http://127.0.0.1:9000"), "bkt", "a b");

// The request's lines, without its last empty one.
std::string wire(http::Request const& request) {
  std::string text = http::to_wire(request);
  EXPECT_TRUE(text.ends_with("\r\n\r\n"));
  text.resize(text.size() - 4);
  return text;
}

TEST(Requests, on_buckets) {
  aws::Target const service = aws::target_of(aws::custom_endpoint("http://127.0.0.1:9000"), "");
  EXPECT_EQ(wire(list_buckets(service)), "GET / HTTP/1.1\r\nHost: 127.0.0.1:9000");
  EXPECT_EQ(list_buckets(aws::target_of(aws::aws_endpoint("eu-west-1"), "")).headers.get("host"),
            "s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(wire(head_bucket(bucket)), "HEAD /bkt HTTP/1.1\r\nHost: 127.0.0.1:9000");
}

TEST(Requests, list_a_bucket_with_every_value_encoded) {
  EXPECT_EQ(list_objects(bucket, {}).target, "/bkt?encoding-type=url&list-type=2&max-keys=1000");
  ListOptions const options{.prefix = "a+b c&d=ü/%",
                            .delimiter = "/",
                            .start_after = "a\x01",
                            .continuation_token = "1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=",
                            .max_keys = 2};
  EXPECT_EQ(list_objects(bucket, options).target,
            "/bkt?continuation-token=1ueGcxLPRx1Tr%2FXYExHnhbYLgveDs2J%2Fwm36Hy4vbOwM%3D&"
            "delimiter=%2F&encoding-type=url&list-type=2&max-keys=2&"
            "prefix=a%2Bb%20c%26d%3D%C3%BC%2F%25&start-after=a%01");
}

TEST(Requests, head_and_get_an_object) {
  EXPECT_EQ(wire(head_object(object)), "HEAD /bkt/a%20b HTTP/1.1\r\nHost: 127.0.0.1:9000");
  EXPECT_EQ(wire(head_object(object, {.version_id = "v/1", .checksum_mode = true})),
            "HEAD /bkt/a%20b?versionId=v%2F1 HTTP/1.1\r\nHost: 127.0.0.1:9000\r\n"
            "x-amz-checksum-mode: ENABLED");
  GetOptions options;
  options.range = base::Extent{.offset = 5'000'000'000, .size = 10};
  options.if_match = "\"abc-2\"";
  EXPECT_EQ(wire(get_object(object, options)),
            "GET /bkt/a%20b HTTP/1.1\r\nHost: 127.0.0.1:9000\r\n"
            "Range: bytes=5000000000-5000000009\r\nIf-Match: \"abc-2\"");
  options = {};
  options.response_content_disposition = "attachment; filename=\"a b.zip\"";
  options.response_content_type = "application/zip";
  EXPECT_EQ(wire(get_object(object, options)),
            "GET /bkt/a%20b?response-content-disposition=attachment%3B%20filename%3D%22a%20b.zip"
            "%22&response-content-type=application%2Fzip HTTP/1.1\r\nHost: 127.0.0.1:9000");
}

TEST(Requests, put_an_object) {
  EXPECT_EQ(wire(put_object(object, {})),
            "PUT /bkt/a%20b HTTP/1.1\r\nHost: 127.0.0.1:9000\r\nContent-Length: 0");
  PutOptions options;
  options.content_length = 5;
  options.crc32 = 0x3610A686;  // of "hello"
  options.only_if_absent = true;
  options.attributes = {.content_type = "application/zip",
                        .content_disposition = "attachment",
                        .acl = "public-read",
                        .storage_class = "STANDARD_IA",
                        .metadata = {{"s3zipper-job", "42"}},
                        .tags = {{"team", "b&w"}, {"ü", ""}},
                        .encryption = {"aws:kms", "alias/zips", true}};
  EXPECT_EQ(wire(put_object(object, options)),
            "PUT /bkt/a%20b HTTP/1.1\r\nHost: 127.0.0.1:9000\r\nContent-Length: 5\r\n"
            "Content-Type: application/zip\r\nContent-Disposition: attachment\r\n"
            "x-amz-acl: public-read\r\nx-amz-storage-class: STANDARD_IA\r\n"
            "x-amz-meta-s3zipper-job: 42\r\nx-amz-tagging: team=b%26w&%C3%BC=\r\n"
            "x-amz-server-side-encryption: aws:kms\r\n"
            "x-amz-server-side-encryption-aws-kms-key-id: alias/zips\r\n"
            "x-amz-server-side-encryption-bucket-key-enabled: true\r\nx-amz-checksum-crc32: "
            "NhCmhg==\r\nIf-None-Match: *");
}

TEST(Requests, delete_an_object) {
  EXPECT_EQ(delete_object(object).method, "DELETE");
  EXPECT_EQ(delete_object(object).target, "/bkt/a%20b");
  EXPECT_EQ(delete_object(object, "3/L4").target, "/bkt/a%20b?versionId=3%2FL4");
}

TEST(Requests, header_values_cannot_smuggle_lines) {
  for (std::string const bad : {"a\r\nx-amz-acl: public-read", "a\n", "ü", "\x7F", "a\tb"}) {
    for (Attributes const& attributes :
         {Attributes{.content_type = bad}, Attributes{.content_disposition = bad},
          Attributes{.acl = bad}, Attributes{.storage_class = bad},
          Attributes{.encryption = {bad, "", false}},
          Attributes{.encryption = {"aws:kms", bad, false}}, Attributes{.metadata = {{"a", bad}}},
          Attributes{.metadata = {{bad, "a"}}}}) {
      EXPECT_THROW(put_object(object, {.attributes = attributes}), base::Error) << bad;
      EXPECT_THROW(create_upload(object, {.attributes = attributes}), base::Error) << bad;
    }
    GetOptions options;
    options.if_match = "x" + bad + "x";  // white space around a tag is no part of it
    EXPECT_THROW(get_object(object, options), base::Error) << bad;
  }
}

TEST(Requests, multipart_calls) {
  CreateUploadOptions create;
  create.crc32 = true;
  create.attributes.metadata = {{"s3zipper-job", "42"}};
  EXPECT_EQ(wire(create_upload(object, create)),
            "POST /bkt/a%20b?uploads= HTTP/1.1\r\nHost: 127.0.0.1:9000\r\nContent-Length: 0\r\n"
            "x-amz-meta-s3zipper-job: 42\r\nx-amz-checksum-algorithm: CRC32");
  create.checksum_type = ChecksumType::full_object;
  EXPECT_EQ(create_upload(object, create).headers.get("x-amz-checksum-type"), "FULL_OBJECT");

  PartOptions const part{
      .upload_id = "2~a/b+c", .number = 10'000, .content_length = 1, .crc32 = 0x71B025F9};
  EXPECT_EQ(wire(upload_part(object, part)),
            "PUT /bkt/a%20b?partNumber=10000&uploadId=2~a%2Fb%2Bc HTTP/1.1\r\n"
            "Host: 127.0.0.1:9000\r\nContent-Length: 1\r\nx-amz-checksum-crc32: cbAl+Q==");

  EXPECT_EQ(list_parts(object, {.upload_id = "u"}).target, "/bkt/a%20b?max-parts=1000&uploadId=u");
  EXPECT_EQ(list_parts(object, {.upload_id = "u", .after = 7, .max_parts = 2}).target,
            "/bkt/a%20b?max-parts=2&part-number-marker=7&uploadId=u");
  EXPECT_EQ(list_uploads(bucket, "a b").target, "/bkt?encoding-type=url&prefix=a%20b&uploads=");
  EXPECT_EQ(abort_upload(object, "u").method, "DELETE");
  EXPECT_EQ(abort_upload(object, "u").target, "/bkt/a%20b?uploadId=u");
}

TEST(Requests, copy_a_part) {
  CopyPartOptions const part{.upload_id = "u",
                             .number = 3,
                             .source_bucket = "other",
                             .source_key = "a b/ü",
                             .source_range = base::Extent{100, 50},
                             .source_if_match = "\"e\""};
  EXPECT_EQ(wire(copy_part(object, part)),
            "PUT /bkt/a%20b?partNumber=3&uploadId=u HTTP/1.1\r\nHost: 127.0.0.1:9000\r\n"
            "Content-Length: 0\r\nx-amz-copy-source: other/a%20b/%C3%BC\r\n"
            "x-amz-copy-source-range: bytes=100-149\r\nx-amz-copy-source-if-match: \"e\"");
}

TEST(Requests, complete_an_upload) {
  CompleteOptions options;
  options.upload_id = "u";
  options.parts = {{.number = 1, .etag = "\"a1\"", .crc32 = 0x3610A686},
                   {.number = 2, .etag = "\"<&>\"", .crc32 = {}}};
  RequestWithBody const request = complete_upload(object, options);
  EXPECT_EQ(request.body,
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            "<Part><PartNumber>1</PartNumber><ETag>\"a1\"</ETag>"
            "<ChecksumCRC32>NhCmhg==</ChecksumCRC32></Part>"
            "<Part><PartNumber>2</PartNumber><ETag>\"&lt;&amp;&gt;\"</ETag></Part>"
            "</CompleteMultipartUpload>");
  EXPECT_EQ(wire(request.head),
            "POST /bkt/a%20b?uploadId=u HTTP/1.1\r\nHost: 127.0.0.1:9000\r\nContent-Length: " +
                std::to_string(request.body.size()) + "\r\nContent-Type: application/xml");
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(request.body.c_str()));
  EXPECT_STREQ(document.document_element().last_child().child_value("ETag"), "\"<&>\"");

  options.crc32 = 1;
  options.only_if_absent = true;
  http::Headers const headers = complete_upload(object, options).head.headers;
  EXPECT_EQ(headers.get("x-amz-checksum-crc32"), "AAAAAQ==");
  EXPECT_EQ(headers.get("x-amz-checksum-type"), "FULL_OBJECT");
  EXPECT_EQ(headers.get("If-None-Match"), "*");
}

TEST(Checksum, reads_what_it_writes_and_nothing_else) {
  for (std::uint32_t const crc : {0U, 1U, 0x3610A686U, 0xFFFFFFFFU})
    EXPECT_EQ(parse_crc32(crc32_text(crc)), crc);
  for (std::string_view const text : {"", "NhCmhg==-2", "NhCm", "NhCmhgA=", "NhCmhg", "!hCmhg=="})
    EXPECT_EQ(parse_crc32(text), std::nullopt) << text;
}

TEST(Requests, conditions_want_quotes) {
  GetOptions get;
  get.if_match = "0cc175b9";
  get.packed = true;
  EXPECT_EQ(get_object(object, get).headers.get("if-match"), "\"0cc175b9\"");
  EXPECT_EQ(get_object(object, get).headers.get("accept-encoding"), "gzip");
  EXPECT_FALSE(get_object(object).headers.find("accept-encoding"));
}

TEST(Requests, a_list_of_uploads_goes_on_behind_a_marker) {
  EXPECT_EQ(list_uploads(bucket, "a", {.key = "a&b", .upload_id = "i"}).target,
            "/bkt?encoding-type=url&key-marker=a%26b&prefix=a&upload-id-marker=i&uploads=");
}

}  // namespace
}  // namespace s3
