#include "s3/messages/replies.h"

#include "base/error.h"
#include "base/text.h"

#include <functional>

#include <gtest/gtest.h>

namespace s3 {
namespace {

http::Response reply(int status, std::vector<http::Field> const& headers = {}) {
  http::Response out{.status = status, .reason = "", .headers = {}};
  for (http::Field const& line : headers) out.headers.add(line.name, line.value);
  return out;
}

// The message of the Error{corrupt} that `parse` throws; empty if it throws none.
std::string refusal(std::function<void()> const& parse) {
  try {
    parse();
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::corrupt);
    return error.what();
  }
  return {};
}

// ---- header replies

// "HeadObject" and "GetObject", Amazon S3 API reference.
TEST(ObjectInfo, is_read_from_the_headers) {
  ObjectInfo const info = parse_object(
      Call::head_object, reply(200, {{"x-amz-request-id", "318BC8BC143432E5"},
                                     {"x-amz-version-id", "3HL4kqtJlcpXroDTDmjVBH40Nrjfkd"},
                                     {"Date", "Wed, 28 Oct 2009 22:32:00 GMT"},
                                     {"Last-Modified", "Sun, 1 Jan 2006 12:00:00 GMT"},
                                     {"ETag", "\"fba9dede5f27731c9771645a39863328\""},
                                     {"Content-Length", "434234"},
                                     {"Content-Type", "text/plain"},
                                     {"X-Amz-Storage-Class", "GLACIER"},
                                     {"x-amz-meta-S3Zipper-Job", "42"}}));
  EXPECT_EQ(info.size, 434234U);
  EXPECT_EQ(info.etag, "\"fba9dede5f27731c9771645a39863328\"");
  EXPECT_EQ(info.last_modified, std::nullopt);  // "1 Jan" is no valid date: days have two digits
  EXPECT_EQ(info.content_type, "text/plain");
  EXPECT_EQ(info.storage_class, "GLACIER");
  EXPECT_EQ(info.version_id, "3HL4kqtJlcpXroDTDmjVBH40Nrjfkd");
  EXPECT_EQ(info.crc32, std::nullopt);
  EXPECT_EQ(info.metadata, (std::map<std::string, std::string>{{"s3zipper-job", "42"}}));

  ObjectInfo const ceph = parse_object(
      Call::head_object, reply(200, {{"Content-Length", "5"},
                                     {"Last-Modified", "Sun, 22 Nov 2026 12:56:55 GMT"},
                                     {"ETag", "\"5d41402abc4b2a76b9719d911017c592\""}}));
  EXPECT_EQ(ceph.size, 5U);
  EXPECT_EQ(ceph.last_modified, base::parse_rfc3339("2026-11-22T12:56:55Z"));
}

TEST(ObjectInfo, of_a_range_knows_the_whole_size) {
  http::Response const part =
      reply(206, {{"Content-Length", "2"}, {"Content-Range", "bytes 1-2/5"}, {"ETag", "\"e\""}});
  EXPECT_EQ(parse_object(Call::get_object, part).size, 5U);
  EXPECT_EQ(content_range(part), (ContentRange{.range = {.offset = 1, .size = 2}, .total = 5}));
  EXPECT_EQ(content_range(reply(206, {{"Content-Range", "bytes 0-0/*"}})),
            (ContentRange{.range = {.offset = 0, .size = 1}, .total = std::nullopt}));
}

TEST(ObjectInfo, without_a_size_is_refused_by_name) {
  EXPECT_NE(refusal([] { parse_object(Call::head_object, reply(200)); }).find("HeadObject"),
            std::string::npos);
  EXPECT_NE(refusal([] { parse_object(Call::head_object, reply(200, {{"Content-Length", "x"}})); }),
            "");
  for (std::string const value :
       {"", "bytes", "bytes 1-2", "bytes */5", "bytes 2-1/5", "bytes 1-5/5", "bytes -1/5",
        "bytes 1-/5", "items 1-2/5", "bytes 0-18446744073709551615/*", "bytes 0-1/x"}) {
    http::Response const part = reply(206, {{"Content-Length", "2"}, {"Content-Range", value}});
    EXPECT_NE(refusal([&] { parse_object(Call::get_object, part); }), "") << value;
    EXPECT_EQ(content_range(part), std::nullopt) << value;
  }
}

TEST(ObjectInfo, trusts_the_type_of_a_checksum_never_its_look) {
  auto const crc = [](std::vector<http::Field> headers) {
    headers.push_back({"Content-Length", "5"});
    return parse_object(Call::head_object, reply(200, headers)).crc32;
  };
  EXPECT_EQ(crc({{"x-amz-checksum-crc32", "NhCmhg=="}, {"x-amz-checksum-type", "FULL_OBJECT"}}),
            0x3610A686U);
  EXPECT_EQ(crc({{"x-amz-checksum-crc32", "NhCmhg=="}, {"x-amz-checksum-type", "COMPOSITE"}}),
            std::nullopt);
  EXPECT_EQ(crc({{"x-amz-checksum-crc32", "NhCmhg=="}}), std::nullopt);
  EXPECT_EQ(crc({{"x-amz-checksum-crc32", "NhCmhg==-2"}, {"x-amz-checksum-type", "FULL_OBJECT"}}),
            std::nullopt);
  EXPECT_EQ(crc({{"x-amz-checksum-crc64nvme", "NhCmhg=="}, {"x-amz-checksum-type", "FULL_OBJECT"}}),
            std::nullopt);
}

TEST(Written, has_an_etag) {
  Written const part = parse_written(Call::upload_part,
                                     reply(200, {{"ETag", " \"b54357faf0632cce46e942fa68356b38\""},
                                                 {"x-amz-checksum-crc32", "NhCmhg=="},
                                                 {"x-amz-version-id", "v1"}}));
  EXPECT_EQ(part.etag, "\"b54357faf0632cce46e942fa68356b38\"");
  EXPECT_EQ(part.crc32, 0x3610A686U);
  EXPECT_EQ(part.version_id, "v1");
  EXPECT_NE(refusal([] { parse_written(Call::upload_part, reply(200)); }).find("UploadPart"),
            std::string::npos);
}

TEST(Written, a_copied_part_tells_of_itself_in_xml) {
  Written const part = parse_copied_part(
      "<CopyPartResult><LastModified>2026-01-01T00:00:00Z</LastModified><ETag>&quot;e&quot;</ETag>"
      "<ChecksumCRC32>NhCmhg==</ChecksumCRC32></CopyPartResult>");
  EXPECT_EQ(part.etag, "\"e\"");
  EXPECT_EQ(part.crc32, 0x3610A686U);
  EXPECT_NE(refusal([] { parse_copied_part("<CopyPartResult/>"); }).find("UploadPartCopy"),
            std::string::npos);
}

TEST(BucketRegion, is_in_a_header) {
  EXPECT_EQ(bucket_region(reply(403, {{"x-amz-bucket-region", "eu-west-1"}})), "eu-west-1");
  EXPECT_EQ(bucket_region(reply(200)), "");
}

// ---- listings

TEST(Buckets, are_read_with_their_time) {
  std::vector<ListedBucket> const buckets = parse_buckets(R"(<?xml version="1.0"?>
<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Buckets>
    <Bucket><CreationDate>2013-09-17T18:07:53.000Z</CreationDate><Name>a.b</Name></Bucket>
    <Bucket><Name>of-no-time</Name></Bucket>
  </Buckets>
  <Owner><ID>1</ID></Owner>
</ListAllMyBucketsResult>)");
  EXPECT_EQ(buckets, (std::vector<ListedBucket>{{"a.b", 1'379'441'273}, {"of-no-time", {}}}));
  EXPECT_TRUE(parse_buckets("<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>").empty());
}

TEST(Buckets, without_a_name_or_of_another_call_are_refused) {
  for (std::string_view const body :
       {"<ListAllMyBucketsResult><Buckets><Bucket/></Buckets></ListAllMyBucketsResult>",
        "<ListBucketResult/>", "<ListAllMyBucketsResult><Buckets>", ""})
    EXPECT_THROW(parse_buckets(body), base::Error) << body;
}

// "ListObjectsV2", Amazon S3 API reference: its samples, with today's checksum elements.
TEST(ListPage, reads_the_documented_samples) {
  ListPage const page = parse_list_page(R"(<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Name>quotes</Name>
  <Prefix>E</Prefix>
  <StartAfter>ExampleGuide.pdf</StartAfter>
  <KeyCount>1</KeyCount>
  <MaxKeys>3</MaxKeys>
  <IsTruncated>false</IsTruncated>
  <Contents>
    <Key>ExampleObject.txt</Key>
    <LastModified>2013-09-17T18:07:53.000Z</LastModified>
    <ETag>"599bab3ed2c697f1d26842727561fd94"</ETag>
    <ChecksumAlgorithm>CRC32</ChecksumAlgorithm>
    <ChecksumType>FULL_OBJECT</ChecksumType>
    <Size>857</Size>
    <StorageClass>REDUCED_REDUNDANCY</StorageClass>
  </Contents>
</ListBucketResult>)");
  ASSERT_EQ(page.objects.size(), 1U);
  EXPECT_EQ(page.objects[0],
            (ListedObject{.key = "ExampleObject.txt",
                          .size = 857,
                          .etag = "\"599bab3ed2c697f1d26842727561fd94\"",
                          .last_modified = base::parse_rfc3339("2013-09-17T18:07:53Z"),
                          .storage_class = "REDUCED_REDUNDANCY",
                          .checksum_algorithms = {"CRC32"},
                          .checksum_type = "FULL_OBJECT"}));
  EXPECT_FALSE(page.is_truncated);

  ListPage const first = parse_list_page(R"(
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Name>amzn-s3-demo-bucket</Name>
  <Prefix></Prefix>
  <NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken>
  <KeyCount>2</KeyCount>
  <MaxKeys>2</MaxKeys>
  <Delimiter>/</Delimiter>
  <IsTruncated>true</IsTruncated>
  <CommonPrefixes><Prefix>photos/</Prefix></CommonPrefixes>
  <CommonPrefixes><Prefix>videos/</Prefix></CommonPrefixes>
</ListBucketResult>)");
  EXPECT_TRUE(first.is_truncated);
  EXPECT_EQ(first.next_continuation_token, "1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=");
  EXPECT_EQ(first.common_prefixes, (std::vector<std::string>{"photos/", "videos/"}));
}

std::vector<std::string> keys(ListPage const& page) {
  std::vector<std::string> out;
  for (ListedObject const& object : page.objects) out.push_back(object.key);
  return out;
}

// Ceph RGW 16 answers like this: '/' encoded in keys, not in prefixes; tokens are raw keys.
TEST(ListPage, reads_odd_keys_of_ceph) {
  std::string const contents_end =
      "</Key><LastModified>2026-11-22T12:56:55.176Z</LastModified><ETag>"
      "&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag><Size>5</Size><StorageClass>STANDARD"
      "</StorageClass><Type>Normal</Type></Contents>";
  std::string body =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult "
      "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><EncodingType>url</EncodingType>"
      "<Name>bucket1</Name><Prefix></Prefix><MaxKeys>5</MaxKeys><IsTruncated>true</IsTruncated>";
  for (std::string const key :
       {"%01ctl", "%20lead", "a%2541.txt", "a%2Bb%20c.txt", "cr%0Dx", "line%0Afeed",
        "quote%22%26%3C%3E&apos;.txt", "x%2F..%2Fz", "x%2F%2Fy", "%C3%BCn%C3%AF.txt"})
    body += "<Contents><Key>" + key + contents_end;
  body +=
      "<CommonPrefixes><Prefix>p%2541/</Prefix></CommonPrefixes>"
      "<CommonPrefixes><Prefix>p%2Bq%20r/</Prefix></CommonPrefixes>"
      "<NextContinuationToken>a%+&#x01;&#x0d;x</NextContinuationToken>"
      "<KeyCount>5</KeyCount></ListBucketResult>";
  ListPage const page = parse_list_page(body);
  EXPECT_EQ(keys(page), (std::vector<std::string>{std::string(1, '\x01') + "ctl", " lead",
                                                  "a%41.txt", "a+b c.txt", "cr\rx", "line\nfeed",
                                                  "quote\"&<>'.txt", "x/../z", "x//y", "ünï.txt"}));
  EXPECT_EQ(page.common_prefixes, (std::vector<std::string>{"p%41/", "p+q r/"}));
  EXPECT_EQ(page.next_continuation_token, "a%+\x01\rx");
  EXPECT_EQ(page.objects[0].etag, "\"5d41402abc4b2a76b9719d911017c592\"");
}

std::string listing(std::string_view inner, std::string_view encoding = "url") {
  return "<ListBucketResult><EncodingType>" + std::string(encoding) + "</EncodingType>" +
         std::string(inner) + "</ListBucketResult>";
}

TEST(ListPage, a_plus_is_a_space_as_aws_and_minio_encode_it) {
  std::string const contents = "<Contents><Key>a+b%2Bc</Key><Size>0</Size></Contents>";
  std::string const end = "<IsTruncated>false</IsTruncated>";
  EXPECT_EQ(keys(parse_list_page(listing(contents + end))), (std::vector<std::string>{"a b+c"}));
  EXPECT_EQ(keys(parse_list_page(listing(contents + end, ""))),
            (std::vector<std::string>{"a+b%2Bc"}));
}

TEST(ListPage, white_space_and_character_data_in_keys_are_kept) {
  std::string const end = "<IsTruncated>false</IsTruncated>";
  EXPECT_EQ(keys(parse_list_page(
                listing("<Contents><Key> </Key><Size>0</Size></Contents>"
                        "<Contents><Key>a&amp;&lt;b</Key><Size>0</Size></Contents>"
                        "<Contents><Key><![CDATA[c<d>]]>&amp;e</Key><Size>0</Size></Contents>" +
                            end,
                        ""))),
            (std::vector<std::string>{" ", "a&<b", "c<d>&e"}));
}

TEST(ListPage, sizes_beyond_32_bits_and_missing_extras) {
  ListPage const page = parse_list_page(listing(
      "<Contents><Key>k</Key><Size>54975581388800</Size><LastModified>yesterday</LastModified>"
      "</Contents><IsTruncated>False</IsTruncated>"));
  EXPECT_EQ(page.objects[0].size, 54'975'581'388'800U);
  EXPECT_EQ(page.objects[0].last_modified, std::nullopt);
  EXPECT_EQ(page.objects[0].etag, "");
}

TEST(ListPage, what_would_hide_or_spoil_keys_is_refused) {
  std::string const object = "<Contents><Key>k</Key><Size>1</Size></Contents>";
  std::string const end = "<IsTruncated>false</IsTruncated>";
  struct Row {
    std::string body;
    std::string_view names;
  };
  for (Row const& row : std::vector<Row>{
           {"", "no body"},
           {" \r\n ", "no body"},
           {"not XML", "XML"},
           {"<html><body>Welcome</body></html>", "html"},
           {"<ListAllMyBucketsResult/>", "ListAllMyBucketsResult"},
           {"<Error><Code>InternalError</Code></Error>", "Error"},
           {"<ListBucketResult/>", "IsTruncated"},
           {listing(object), "IsTruncated"},
           {listing(object + "<IsTruncated>maybe</IsTruncated>"), "IsTruncated"},
           {listing(object + "<IsTruncated>true</IsTruncated>"), "NextContinuationToken"},
           {listing("<Contents><Size>1</Size></Contents>" + end), "Key"},
           {listing("<Contents><Key></Key><Size>1</Size></Contents>" + end), "Key"},
           {listing("<Contents><Key>k</Key></Contents>" + end), "Size"},
           {listing("<Contents><Key>k</Key><Size>-1</Size></Contents>" + end), "Size"},
           {listing("<Contents><Key>k</Key><Size>1.5</Size></Contents>" + end), "Size"},
           {listing("<Contents><Key>k</Key><Size>18446744073709551616</Size></Contents>" + end),
            "Size"},
           {listing("<Contents><Key>%zz</Key><Size>1</Size></Contents>" + end), "%zz"},
           {listing("<CommonPrefixes/>" + end), "Prefix"},
           {"<ListBucketResult><a></b></ListBucketResult>", "XML"},
           {std::string("<ListBucketResult>\0</ListBucketResult>", 38), "XML"}}) {
    std::string const message = refusal([&] { parse_list_page(row.body); });
    EXPECT_EQ(message.substr(0, 15), "ListObjectsV2: ") << row.body;
    EXPECT_NE(message.find(row.names), std::string::npos) << message;
  }
}

// A store's bytes come back in the message, and may be anything.
TEST(ListPage, what_is_no_utf8_is_refused_in_utf8) {
  for (std::string const& body :
       {std::string("<h\xFF\xF0x></h\xFF\xF0x>"),
        std::string("<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false"
                    "</IsTruncated><Contents><Key>%\xFF\xF0x</Key><Size>1</Size></Contents>"
                    "</ListBucketResult>"),
        std::string("<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>k</Key>"
                    "<Size>\xFF\xF0x</Size></Contents></ListBucketResult>")}) {
    try {
      parse_list_page(body);
      FAIL() << body;
    } catch (base::Error const& error) {
      EXPECT_TRUE(base::is_utf8(error.what())) << error.what();
    }
  }
}

TEST(ListPage, a_reply_cut_anywhere_is_refused) {
  std::string const body =
      listing("<Contents><Key>k</Key><Size>1</Size></Contents><IsTruncated>false</IsTruncated>");
  EXPECT_NO_THROW(parse_list_page(body));
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_THROW(parse_list_page(body.substr(0, size)), base::Error) << body.substr(0, size);
}

// ---- multipart

TEST(Multipart, created_upload) {
  // "CreateMultipartUpload", Amazon S3 API reference.
  CreatedUpload const aws = parse_created_upload(
      reply(200, {{"x-amz-checksum-algorithm", "CRC32"}, {"x-amz-checksum-type", "COMPOSITE"}}),
      R"(<?xml version="1.0" encoding="UTF-8"?>
<InitiateMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Bucket>example-bucket</Bucket>
  <Key>example-object</Key>
  <UploadId>VXBsb2FkIElEIGZvciA2aWWpbmcncyBteS1tb3ZpZS5tMnRzIHVwbG9hZA</UploadId>
</InitiateMultipartUploadResult>)");
  EXPECT_EQ(aws.upload_id, "VXBsb2FkIElEIGZvciA2aWWpbmcncyBteS1tb3ZpZS5tMnRzIHVwbG9hZA");
  EXPECT_EQ(aws.checksum_algorithm, "CRC32");
  EXPECT_EQ(aws.checksum_type, "COMPOSITE");
  EXPECT_NE(refusal([] {
              parse_created_upload(reply(200), "<InitiateMultipartUploadResult/>");
            }).find("UploadId"),
            std::string::npos);
}

TEST(Multipart, parts_page_of_ceph) {
  PartsPage const page = parse_parts_page(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListPartsResult "
      "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Bucket>bucket1</Bucket><Key>big</Key>"
      "<UploadId>2~yMa0j4mVk5KV91QbtznsgJGoADYWsbJ</UploadId><StorageClass>STANDARD"
      "</StorageClass><PartNumberMarker>0</PartNumberMarker><NextPartNumberMarker>2"
      "</NextPartNumberMarker><MaxParts>1000</MaxParts><IsTruncated>false</IsTruncated>"
      "<Owner><ID></ID><DisplayName></DisplayName></Owner><Part><LastModified>"
      "2026-11-22T12:56:55.408Z</LastModified><PartNumber>1</PartNumber><ETag>"
      "&quot;79b281060d337b9b2b84ccf390adcf74&quot;</ETag><Size>5242880</Size></Part><Part>"
      "<LastModified>2026-11-22T12:56:55.413Z</LastModified><PartNumber>2</PartNumber><ETag>"
      "&quot;92eb5ffee6ae2fec3ad71c777531578f&quot;</ETag><Size>1</Size></Part>"
      "</ListPartsResult>");
  EXPECT_EQ(
      page.parts,
      (std::vector<ListedPart>{
          {.number = 1,
           .size = 5'242'880,
           .etag = "\"79b281060d337b9b2b84ccf390adcf74\"",
           .crc32 = {}},
          {.number = 2, .size = 1, .etag = "\"92eb5ffee6ae2fec3ad71c777531578f\"", .crc32 = {}}}));
  EXPECT_FALSE(page.is_truncated);
}

std::string parts(std::string_view inner) {
  return "<ListPartsResult>" + std::string(inner) + "</ListPartsResult>";
}

TEST(Multipart, parts_page_that_goes_on) {
  std::string const part =
      "<Part><PartNumber>7</PartNumber><ETag>\"e\"</ETag><Size>1</Size>"
      "<ChecksumCRC32>NhCmhg==</ChecksumCRC32></Part>";
  PartsPage const page = parse_parts_page(parts(
      part + "<IsTruncated>true</IsTruncated><NextPartNumberMarker>7</NextPartNumberMarker>"));
  EXPECT_TRUE(page.is_truncated);
  EXPECT_EQ(page.next_marker, 7U);
  EXPECT_EQ(page.parts.at(0).crc32, 0x3610A686U);
  EXPECT_TRUE(parse_parts_page(parts("<IsTruncated>false</IsTruncated>")).parts.empty());
  for (std::string const& body : std::vector<std::string>{
           part, part + "<IsTruncated>true</IsTruncated>",
           part + "<IsTruncated>true</IsTruncated><NextPartNumberMarker>6</NextPartNumberMarker>",
           std::string(
               "<IsTruncated>true</IsTruncated><NextPartNumberMarker>6</NextPartNumberMarker>"),
           std::string("<Part><PartNumber>1</PartNumber><ETag>e</ETag></Part>"
                       "<IsTruncated>false</IsTruncated>"),
           std::string("<Part><PartNumber>1</PartNumber><Size>1</Size></Part>"
                       "<IsTruncated>false</IsTruncated>"),
           std::string(
               "<Part><PartNumber>4294967296</PartNumber><Size>1</Size><ETag>e</ETag></Part>"
               "<IsTruncated>false</IsTruncated>")}) {
    EXPECT_EQ(refusal([&] { parse_parts_page(parts(body)); }).substr(0, 11), "ListParts: ") << body;
  }
}

TEST(Multipart, completed_upload) {
  // "CompleteMultipartUpload", Amazon S3 API reference, behind the white space that S3 sends while
  // it works.
  std::string const body = R"(<?xml version="1.0" encoding="UTF-8"?>
<CompleteMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
 <Location>http://Example-Bucket.s3.region-code.amazonaws.com/Example-Object</Location>
 <Bucket>Example-Bucket</Bucket>
 <Key>Example-Object</Key>
 <ETag>"3858f62230ac3c915f300c664312c11f-9"</ETag>
 <ChecksumCRC32>NhCmhg==</ChecksumCRC32>
 <ChecksumType>FULL_OBJECT</ChecksumType>
</CompleteMultipartUploadResult>)";
  CompletedUpload const aws =
      parse_completed_upload(reply(200, {{"x-amz-version-id", "v"}}), "  \n \r\n" + body);
  EXPECT_EQ(aws.etag, "\"3858f62230ac3c915f300c664312c11f-9\"");
  EXPECT_EQ(aws.location, "http://Example-Bucket.s3.region-code.amazonaws.com/Example-Object");
  EXPECT_EQ(aws.version_id, "v");
  EXPECT_EQ(aws.crc32, 0x3610A686U);

  CompletedUpload const ceph = parse_completed_upload(
      reply(200),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><CompleteMultipartUploadResult "
      "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Location>s3.localhost/bucket1/big"
      "</Location><Bucket>bucket1</Bucket><Key>big</Key><ETag></ETag>"
      "</CompleteMultipartUploadResult>");
  EXPECT_EQ(ceph.etag, "");
  EXPECT_EQ(ceph.crc32, std::nullopt);
}

TEST(Multipart, a_complete_without_its_result_is_no_success) {
  for (std::string_view const body :
       {"", "   \n  ", "<Error><Code>InternalError</Code></Error>",
        "  \n<?xml version=\"1.0\"?><Error><Code>InternalError</Code></Error>",
        "<CompleteMultipartUploadResult>", "<CompleteMultipartUploadResult><ETag>\"a",
        "<InitiateMultipartUploadResult/>"}) {
    std::string const message = refusal([&] { parse_completed_upload(reply(200), body); });
    EXPECT_EQ(message.substr(0, 25), "CompleteMultipartUpload: ") << body;
  }
}

TEST(ListPage, elements_may_have_a_namespace_prefix) {
  ListPage const page = parse_list_page(
      "<ns2:ListBucketResult xmlns:ns2=\"u\"><ns2:IsTruncated>false</ns2:IsTruncated>"
      "<ns2:Contents><ns2:Key>a:b</ns2:Key><ns2:Size>1</ns2:Size><ns2:ETag>abc</ns2:ETag>"
      "</ns2:Contents></ns2:ListBucketResult>");
  ASSERT_EQ(page.objects.size(), 1U);
  EXPECT_EQ(page.objects[0].key, "a:b");
  EXPECT_EQ(page.objects[0].etag, "\"abc\"");
}

TEST(ObjectInfo, tells_what_the_store_keeps_of_an_archive_and_of_packed_bytes) {
  http::Response const head = reply(
      200, {{"x-goog-stored-content-length", "7"}, {"x-amz-archive-status", "ARCHIVE_ACCESS"}});
  EXPECT_EQ(object_size(head), 7U);
  EXPECT_EQ(parse_object(Call::head_object, head).archive_status, "ARCHIVE_ACCESS");
  EXPECT_EQ(object_size(reply(200)), std::nullopt);
}

std::string uploads_xml(std::string const& inner) {
  return "<ListMultipartUploadsResult>" + inner + "</ListMultipartUploadsResult>";
}

TEST(Multipart, uploads_page_says_how_it_goes_on) {
  std::string const one = "<Upload><Key>k</Key><UploadId>i</UploadId></Upload>";
  UploadsPage const page = parse_uploads_page(
      uploads_xml(one + "<IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker>"
                        "<NextUploadIdMarker>i</NextUploadIdMarker>"));
  EXPECT_EQ(page.uploads, (std::vector<ListedUpload>{{.key = "k", .upload_id = "i"}}));
  EXPECT_TRUE(page.is_truncated);
  EXPECT_EQ(page.next, (UploadMarker{.key = "k", .upload_id = "i"}));
  EXPECT_FALSE(parse_uploads_page(uploads_xml(one)).is_truncated);
  EXPECT_NE(refusal([] {
              parse_uploads_page(uploads_xml("<IsTruncated>true</IsTruncated>"));
            }).find("NextKeyMarker"),
            std::string::npos);
}

TEST(Multipart, parts_that_go_back_are_refused) {
  std::string const part = "<Part><PartNumber>2</PartNumber><Size>1</Size><ETag>e</ETag></Part>";
  EXPECT_NE(refusal([&part] {
              parse_parts_page("<ListPartsResult>" + part + part +
                               "<IsTruncated>false</IsTruncated></ListPartsResult>");
            }).find("twice"),
            std::string::npos);
}

}  // namespace
}  // namespace s3
