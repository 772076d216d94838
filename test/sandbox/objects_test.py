"""Objects and buckets by boto3, and by raw requests where no client would send them."""

import base64
import functools
import hashlib
import os
import shutil
import unittest
import zlib
from datetime import timedelta

from sandbox_server import SandboxTest
from signing import Signing, signed_request

MIB = 1024 * 1024


def crc32_text(content):
    return base64.b64encode(zlib.crc32(content).to_bytes(4, "big")).decode()


def md5_text(content):
    return base64.b64encode(hashlib.md5(content).digest()).decode()


class Content(SandboxTest):
    def test_sizes_around_the_limits_of_buffers_and_parts(self):
        for size in (0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 5 * MIB - 1, 5 * MIB,
                     5 * MIB + 1):
            with self.subTest(size=size):
                content = os.urandom(size)
                etag = self.put("sized", content)["ETag"]
                self.assertEqual(etag, f'"{hashlib.md5(content).hexdigest()}"')
                found = self.s3.get_object(Bucket="bucket", Key="sized")
                self.assertEqual(found["ContentLength"], size)
                self.assertEqual(found["ETag"], etag)
                self.assertTrue(found["Body"].read() == content)

    def test_ranges(self):
        content = os.urandom(1000)
        self.put("ranged", content)
        for header, start, end in (("bytes=0-0", 0, 1), ("bytes=0-999", 0, 1000),
                                   ("bytes=999-999", 999, 1000), ("bytes=500-", 500, 1000),
                                   ("bytes=-1", 999, 1000), ("bytes=-5000", 0, 1000),
                                   ("bytes=990-5000", 990, 1000)):
            with self.subTest(header=header):
                found = self.s3.get_object(Bucket="bucket", Key="ranged", Range=header)
                self.assertEqual(found["ResponseMetadata"]["HTTPStatusCode"], 206)
                self.assertEqual(found["ContentRange"], f"bytes {start}-{end - 1}/1000")
                self.assertEqual(found["Body"].read(), content[start:end])
        for header in ("bytes=1000-", "bytes=1000-2000", "bytes=-0"):
            with self.subTest(header=header):
                self.refused("InvalidRange", self.get, 416, key="ranged", Range=header)
        # What is no range, or more than one, gets the whole.
        for header in ("bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6"):
            with self.subTest(header=header):
                found = self.s3.get_object(Bucket="bucket", Key="ranged", Range=header)
                self.assertEqual(found["ResponseMetadata"]["HTTPStatusCode"], 200)
                self.assertEqual(found["Body"].read(), content)
        self.put("empty", b"")
        self.refused("InvalidRange", self.get, 416, key="empty", Range="bytes=0-")

    def test_conditions(self):
        etag = self.put("conditional", b"content")["ETag"]
        time = self.s3.head_object(Bucket="bucket", Key="conditional")["LastModified"]
        earlier = time - timedelta(seconds=1)
        for good in ({"IfMatch": etag}, {"IfNoneMatch": '"other"'}, {"IfModifiedSince": earlier},
                     {"IfUnmodifiedSince": time}, {"IfMatch": etag, "IfUnmodifiedSince": earlier}):
            with self.subTest(good=good):
                self.assertEqual(self.get("conditional", **good), b"content")
        for bad in ({"IfMatch": '"other"'}, {"IfUnmodifiedSince": earlier}):
            with self.subTest(bad=bad):
                self.refused("PreconditionFailed", self.get, 412, key="conditional", **bad)
        for same in ({"IfNoneMatch": etag}, {"IfModifiedSince": time}):
            with self.subTest(same=same):
                self.refused("304", self.get, 304, key="conditional", **same)
                self.refused("304", self.s3.head_object, 304, Bucket="bucket", Key="conditional",
                             **same)

    def test_puts_with_conditions(self):
        target = "/bucket/only-once"
        for status in (200, 412):
            answer, content = signed_request(self.server, "PUT", target, {"if-none-match": "*"},
                                             b"first")
            self.assertEqual(answer.status, status, content)
        etag = self.s3.head_object(Bucket="bucket", Key="only-once")["ETag"]
        for wanted, status in ((etag, 200), (etag, 412), ('"0"', 412)):
            answer, _ = signed_request(self.server, "PUT", target, {"if-match": wanted}, b"second")
            self.assertEqual(answer.status, status)
        self.assertEqual(self.get("only-once"), b"second")
        answer, _ = signed_request(self.server, "PUT", "/bucket/nothing", {"if-match": etag}, b"")
        self.assertEqual(answer.status, 404)

    def test_headers_are_kept_and_can_be_overridden(self):
        kept = {"ContentType": "text/plain; charset=utf-8", "CacheControl": "no-cache",
                "ContentDisposition": 'attachment; filename="a b"', "ContentEncoding": "gzip",
                "ContentLanguage": "fi", "Metadata": {"one": "1", "two": "a=b&c %20", "empty": ""}}
        self.put("headers", b"x", **kept)
        head = self.s3.head_object(Bucket="bucket", Key="headers")
        self.assertEqual({name: head[name] for name in kept}, kept)
        found = self.s3.get_object(Bucket="bucket", Key="headers", ResponseContentType="image/png",
                                   ResponseContentDisposition="inline")
        self.assertEqual(found["ContentType"], "image/png")
        self.assertEqual(found["ContentDisposition"], "inline")
        self.put("headers", b"x")
        head = self.s3.head_object(Bucket="bucket", Key="headers")
        self.assertEqual(head["ContentType"], "binary/octet-stream")
        self.assertEqual(head["Metadata"], {})
        self.refused("MetadataTooLarge", self.put, 400, key="m", body=b"", Metadata={"a": "x" * 2048})

    def test_copies(self):
        content = os.urandom(300_000)
        etag = self.put("from/a+b %2F\u00e4", content, Metadata={"a": "1"}, ContentType="a/b")["ETag"]
        source = {"Bucket": "bucket", "Key": "from/a+b %2F\u00e4"}
        copied = self.s3.copy_object(Bucket="bucket", Key="to", CopySource=source)
        self.assertEqual(copied["CopyObjectResult"]["ETag"], etag)
        found = self.s3.get_object(Bucket="bucket", Key="to")
        self.assertEqual(found["Body"].read(), content)
        self.assertEqual((found["Metadata"], found["ContentType"]), ({"a": "1"}, "a/b"))
        self.s3.copy_object(Bucket="bucket", Key="to", CopySource=source,
                            MetadataDirective="REPLACE", Metadata={"b": "2"})
        self.assertEqual(self.s3.head_object(Bucket="bucket", Key="to")["Metadata"], {"b": "2"})
        itself = {"Bucket": "bucket", "Key": "to"}
        self.refused("InvalidRequest", self.s3.copy_object, 400, Bucket="bucket", Key="to",
                     CopySource=itself)
        self.s3.copy_object(Bucket="bucket", Key="to", CopySource=itself,
                            MetadataDirective="REPLACE", Metadata={"c": "3"})
        self.assertEqual(self.get("to"), content)
        self.refused("PreconditionFailed", self.s3.copy_object, 412, Bucket="bucket", Key="to",
                     CopySource=source, CopySourceIfMatch='"other"')
        self.refused("PreconditionFailed", self.s3.copy_object, 412, Bucket="bucket", Key="to",
                     CopySource=source, CopySourceIfNoneMatch=etag)
        self.refused("NoSuchKey", self.s3.copy_object, 404, Bucket="bucket", Key="to",
                     CopySource={"Bucket": "bucket", "Key": "missing"})
        self.refused("NoSuchBucket", self.s3.copy_object, 404, Bucket="bucket", Key="to",
                     CopySource={"Bucket": "missing", "Key": "missing"})

    def test_tags_and_encryption(self):
        """Told as they came; of a copy tags by their directive, encryption as its request says."""
        self.put("tagged", b"x", Tagging="team=a%20b&%C3%BC=", ServerSideEncryption="AES256")
        for directive, tags in (({}, {"team": "a b", "\u00fc": ""}),
                                ({"TaggingDirective": "REPLACE", "Tagging": "c=d"}, {"c": "d"}),
                                ({"TaggingDirective": "REPLACE"}, {})):
            self.s3.copy_object(Bucket="bucket", Key="copy", **directive,
                                CopySource={"Bucket": "bucket", "Key": "tagged"})
            found = self.s3.get_object_tagging(Bucket="bucket", Key="copy").get("TagSet", [])
            self.assertEqual({tag["Key"]: tag["Value"] for tag in found}, tags)
        head = self.s3.head_object(Bucket="bucket", Key="tagged")
        self.assertEqual(head["ServerSideEncryption"], "AES256")
        self.assertNotIn("ServerSideEncryption", self.s3.head_object(Bucket="bucket", Key="copy"))
        itself = {"Bucket": "bucket", "Key": "copy"}
        self.s3.copy_object(Bucket="bucket", Key="copy", CopySource=itself,
                            ServerSideEncryption="aws:kms", SSEKMSKeyId="a")
        head = self.s3.head_object(Bucket="bucket", Key="copy")
        self.assertEqual((head["ServerSideEncryption"], head["SSEKMSKeyId"]), ("aws:kms", "a"))
        refused = functools.partial(self.put, "refused", b"x")
        self.refused("InvalidArgument", refused, 400, ServerSideEncryption="DES")
        self.refused("InvalidTag", refused, 400, Tagging="aws:a=1")
        self.refused("InvalidArgument", refused, 400, Tagging="a=1&a=2")
        self.refused("BadRequest", refused, 400, Tagging="&".join(f"{i}=1" for i in range(11)))

    def test_deleting(self):
        for key in ("d/1", "d/2", "d/3"):
            self.put(key, b"x")
        for _ in range(2):  # what is not there is deleted as well
            self.s3.delete_object(Bucket="bucket", Key="d/1")
        quiet = self.s3.delete_objects(Bucket="bucket", Delete={
            "Quiet": True, "Objects": [{"Key": "d/2"}, {"Key": "d/missing"}]})
        self.assertNotIn("Deleted", quiet)
        self.assertEqual(self.keys(Prefix="d/"), ["d/3"])
        too_many = {"Objects": [{"Key": str(number)} for number in range(1001)]}
        self.refused("MalformedXML", self.s3.delete_objects, 400, Bucket="bucket", Delete=too_many)


class Digests(SandboxTest):
    def refused_put(self, code, body, headers, payload_hash=None, status=400):
        answer, content = signed_request(self.server, "PUT", "/bucket/refused", headers, body,
                                         payload_hash)
        self.assertEqual(answer.status, status, content)
        self.assertIn(f"<Code>{code}</Code>".encode(), content)
        self.refused("404", self.s3.head_object, 404, Bucket="bucket", Key="refused")

    def test_what_does_not_fit_the_content_is_refused(self):
        self.refused_put("BadDigest", b"content", {"content-md5": md5_text(b"other")})
        self.refused_put("InvalidDigest", b"content", {"content-md5": "abc"})
        self.refused_put("BadDigest", b"content", {"x-amz-checksum-crc32": crc32_text(b"other")})
        self.refused_put("InvalidDigest", b"content", {"x-amz-checksum-crc32": "AAAA"})
        self.refused_put("XAmzContentSHA256Mismatch", b"content", {},
                         hashlib.sha256(b"other").hexdigest())
        self.refused_put("InvalidArgument", b"content", {}, "SOMETHING-ELSE")

    def test_a_stored_crc32_comes_back_in_checksum_mode_only(self):
        put = self.put("checked", b"content", ChecksumAlgorithm="CRC32")
        self.assertEqual(put["ChecksumCRC32"], crc32_text(b"content"))
        found = self.s3.get_object(Bucket="bucket", Key="checked", ChecksumMode="ENABLED")
        self.assertEqual(found["ChecksumCRC32"], crc32_text(b"content"))
        self.assertEqual(found["Body"].read(), b"content")
        self.assertEqual(found["ResponseMetadata"]["HTTPHeaders"]["x-amz-checksum-type"], "FULL_OBJECT")
        self.assertNotIn("ChecksumCRC32", self.s3.head_object(Bucket="bucket", Key="checked"))
        self.put("unchecked", b"content")
        head = self.s3.head_object(Bucket="bucket", Key="unchecked", ChecksumMode="ENABLED")
        self.assertNotIn("ChecksumCRC32", head)

    def test_bodies_in_signed_chunks(self):
        content = os.urandom(300_000)
        chunks = [content[at : at + 65536] for at in range(0, len(content), 65536)]
        for trailers in (None, {"x-amz-checksum-crc32": crc32_text(content)}):
            with self.subTest(trailers=trailers):
                signing = Signing()
                kind = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + ("-TRAILER" if trailers else "")
                headers = {"content-encoding": "aws-chunked",
                           "x-amz-decoded-content-length": str(len(content))}
                if trailers:
                    headers["x-amz-trailer"] = "x-amz-checksum-crc32"
                lines = signing.headers("PUT", "/bucket/chunks", f"127.0.0.1:{self.server.port}",
                                        kind, headers)
                body = signing.signed_chunks(chunks, trailers)
                answer, text = self.server.raw("PUT", "/bucket/chunks", lines, body)
                self.assertEqual(answer.status, 200, text)
                found = self.s3.get_object(Bucket="bucket", Key="chunks", ChecksumMode="ENABLED")
                self.assertEqual(found["Body"].read(), content)
                self.assertNotIn("ContentEncoding", found)
                self.assertEqual(found.get("ChecksumCRC32"), trailers and crc32_text(content))
                changed = body.replace(content[1000:1010], b"0123456789")
                answer, text = self.server.raw("PUT", "/bucket/changed", lines, changed)
                self.assertIn(b"<Code>SignatureDoesNotMatch</Code>", text)

    def test_bodies_in_unsigned_chunks_with_a_trailer(self):
        content = os.urandom(100_000)
        for crc32, status in ((crc32_text(content), 200), (crc32_text(b"other"), 400)):
            body = b"%x\r\n" % len(content) + content + b"\r\n0\r\n"
            body += f"x-amz-checksum-crc32:{crc32}\r\n\r\n".encode()
            headers = {"content-encoding": "aws-chunked", "x-amz-trailer": "x-amz-checksum-crc32",
                       "x-amz-decoded-content-length": str(len(content))}
            answer, text = signed_request(self.server, "PUT", "/bucket/unsigned", headers, body,
                                          "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
            self.assertEqual(answer.status, status, text)
        self.assertEqual(self.get("unsigned"), content)

    def test_lengths_that_are_wrong_or_missing(self):
        headers = {"content-encoding": "aws-chunked", "x-amz-decoded-content-length": "3"}
        unsigned = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
        self.refused_put("IncompleteBody", b"2\r\nab\r\n0\r\n\r\n", headers, unsigned)
        self.refused_put("IncompleteBody", b"3\r\nabc\r\n", headers, unsigned)
        self.refused_put("InvalidRequest", b"4\r\nabcd\r\n0\r\n\r\n", headers, unsigned)
        self.refused_put("MissingContentLength", b"0\r\n\r\n", {}, unsigned, 411)
        self.refused_put("MissingContentLength", iter([b"abc"]),
                         {"transfer-encoding": "chunked"}, "UNSIGNED-PAYLOAD", 411)


class Buckets(SandboxTest):
    def test_buckets_come_and_go(self):
        self.s3.create_bucket(Bucket="second.bucket-2")
        self.s3.create_bucket(Bucket="second.bucket-2")  # as us-east-1 has it
        names = [found["Name"] for found in self.s3.list_buckets()["Buckets"]]
        self.assertEqual(names, ["bucket", "second.bucket-2"])
        head = self.s3.head_bucket(Bucket="second.bucket-2")
        self.assertEqual(head["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"], "us-east-1")
        self.s3.put_object(Bucket="second.bucket-2", Key="a/b/c", Body=b"")
        self.refused("BucketNotEmpty", self.s3.delete_bucket, 409, Bucket="second.bucket-2")
        self.s3.delete_object(Bucket="second.bucket-2", Key="a/b/c")
        self.s3.delete_bucket(Bucket="second.bucket-2")
        self.refused("404", self.s3.head_bucket, 404, Bucket="second.bucket-2")
        self.refused("NoSuchBucket", self.s3.delete_bucket, 404, Bucket="second.bucket-2")
        # One of the same name starts empty.
        self.s3.create_bucket(Bucket="second.bucket-2")
        self.assertEqual(self.keys("second.bucket-2"), [])
        self.s3.delete_bucket(Bucket="second.bucket-2")

    def test_a_bucket_removed_by_hand_is_gone_with_all_that_was_hidden(self):
        self.s3.create_bucket(Bucket="by-hand")
        for key in ("plain", "odd//key"):
            self.s3.put_object(Bucket="by-hand", Key=key, Body=b"x")
        shutil.rmtree(self.server.folder / "by-hand")
        self.refused("NoSuchBucket", self.s3.list_objects_v2, 404, Bucket="by-hand")
        self.s3.create_bucket(Bucket="by-hand")
        self.assertEqual(self.keys("by-hand"), [])
        self.s3.delete_bucket(Bucket="by-hand")

    def test_names_and_regions_that_cannot_be(self):
        for name in ("ab", "Upper", "under_score", "127.0.0.1", ".s3zipper", "a..b", "-abc"):
            with self.subTest(name=name):
                answer, content = signed_request(self.server, "PUT", f"/{name}")
                self.assertEqual(answer.status, 400, content)
                self.assertIn(b"<Code>InvalidBucketName</Code>", content)
        self.refused("IllegalLocationConstraintException", self.s3.create_bucket, 400,
                     Bucket="elsewhere",
                     CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.assertIsNone(self.s3.get_bucket_location(Bucket="bucket")["LocationConstraint"])

    def test_what_is_not_there(self):
        for call in (self.s3.get_object, self.s3.delete_object):
            self.refused("NoSuchBucket", call, 404, Bucket="missing", Key="k")
        self.refused("NoSuchBucket", self.s3.put_object, 404, Bucket="missing", Key="k", Body=b"x")
        self.refused("NoSuchBucket", self.s3.list_objects_v2, 404, Bucket="missing")
        error = self.refused("NoSuchKey", self.get, 404, key="missing/k y")
        self.assertEqual(error["Error"]["Resource"], "/bucket/missing/k%20y")
        self.assertEqual(error["ResponseMetadata"]["RequestId"],
                         error["ResponseMetadata"]["HTTPHeaders"]["x-amz-request-id"])
        self.refused("404", self.s3.head_object, 404, Bucket="bucket", Key="missing")
        answer, content = signed_request(self.server, "HEAD", "/bucket/missing")
        self.assertEqual((answer.status, content), (404, b""))
        self.assertTrue(answer.headers["x-amz-request-id"])

    def test_settings_are_those_of_a_new_bucket(self):
        self.assertNotIn("Status", self.s3.get_bucket_versioning(Bucket="bucket"))
        grants = self.s3.get_bucket_acl(Bucket="bucket")["Grants"]
        self.assertEqual([grant["Permission"] for grant in grants], ["FULL_CONTROL"])
        self.put("tagged", b"")
        self.assertEqual(self.s3.get_object_tagging(Bucket="bucket", Key="tagged")["TagSet"], [])
        for code, call in (("NoSuchBucketPolicy", self.s3.get_bucket_policy),
                           ("NoSuchCORSConfiguration", self.s3.get_bucket_cors),
                           ("NoSuchTagSet", self.s3.get_bucket_tagging),
                           ("NoSuchLifecycleConfiguration",
                            self.s3.get_bucket_lifecycle_configuration)):
            self.refused(code, call, 404, Bucket="bucket")
        self.refused("NotImplemented", self.s3.put_bucket_versioning, 501, Bucket="bucket",
                     VersioningConfiguration={"Status": "Enabled"})
        self.refused("NotImplemented", self.s3.list_object_versions, 501, Bucket="bucket")
        self.refused("NoSuchVersion", self.get, 404, key="tagged", VersionId="abc")

    def test_virtual_host_style(self):
        self.put("a/b", b"hosted")
        for host in ("bucket.s3.localhost", "bucket.localhost"):
            lines = Signing().headers("GET", "/a/b", f"{host}:{self.server.port}", "UNSIGNED-PAYLOAD")
            answer, content = self.server.raw("GET", "/a/b", lines)
            self.assertEqual((answer.status, content), (200, b"hosted"))
        lines = Signing().headers("GET", "/?list-type=2", "bucket.s3.localhost", "UNSIGNED-PAYLOAD")
        _, content = self.server.raw("GET", "/?list-type=2", lines)
        self.assertIn(b"<Key>a/b</Key>", content)


if __name__ == "__main__":
    unittest.main()
