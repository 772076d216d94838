"""Faults of the sandbox that answer in good order, and wrong; each test has a bucket of its own."""

import hashlib
import time
import unittest

from botocore.exceptions import ClientError

from fault_case import SIZE, FaultTest, fault
from signing import Signing


class Bodies(FaultTest):
    """Answers that are whole, and wrong."""

    faults = "".join([
        fault("short", "short-body", by=5, times=2),
        fault("long", "long-body", by=70_000),
        fault("moved", "wrong-range", by=-3),
        fault("errors", "error-in-200", code="SlowDown", call="CopyObject", times=2),
        fault("errors-complete", "error-in-200", times=2),
        fault("errors-done", "error-in-200", carry_out=True),
        fault("spaces", "white-space", ms=250),
        fault("spaces-first", "white-space", ms=120, before_declaration=True),
        fault("spaces-error", "white-space", ms=120, code="InternalError"),
    ])

    def test_short_and_long_bodies(self):
        answer = self.get_raw("short")
        self.assertEqual((answer.header("content-length"), answer.end), (str(SIZE - 5), "whole"))
        self.assertTrue(answer.body == self.content()[:-5])
        answer = self.get_raw("short", headers={"Range": "bytes=10-29"})
        self.assertEqual((answer.header("content-range"), answer.body),
                         (f"bytes 10-29/{SIZE}", self.content()[10:25]))
        answer = self.get_raw("long")
        self.assertEqual(answer.header("content-length"), str(SIZE + 70_000))
        self.assertTrue(answer.body[:SIZE] == self.content())
        self.assertEqual(len(answer.body), SIZE + 70_000)
        # The connection goes on behind it.
        self.assertEqual(len(self.s3.get_object(Bucket="long", Key="object")["Body"].read()), SIZE)

    def test_a_wrong_range(self):
        answer = self.get_raw("moved", headers={"Range": "bytes=10-29"})
        self.assertEqual((answer.status, answer.header("content-range")),
                         (206, f"bytes 7-26/{SIZE}"))
        self.assertEqual(answer.body, self.content()[10:30])

    def upload(self, bucket):
        upload = self.s3.create_multipart_upload(Bucket=bucket, Key="key")["UploadId"]
        where = {"Bucket": bucket, "Key": "key", "UploadId": upload}
        part = self.s3.upload_part(**where, PartNumber=1, Body=b"part")
        document = (f"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>"
                    f"<ETag>{part['ETag']}</ETag></Part></CompleteMultipartUpload>").encode()
        return f"/{bucket}/key?uploadId={upload}", document

    def test_an_error_in_a_200(self):
        answer = self.send("PUT", "/errors/copy", {"x-amz-copy-source": "/errors/object"})
        self.assertEqual(answer.status, 200)
        self.assertIn(b"<Error><Code>SlowDown</Code>", answer.body)
        with self.assertRaises(ClientError):  # boto3 knows it for one
            self.s3.copy_object(Bucket="errors", Key="copy",
                                CopySource={"Bucket": "errors", "Key": "object"})
        self.assertEqual(self.keys("errors"), ["object"])
        target, document = self.upload("errors-complete")
        for expected in (b"<Code>InternalError</Code>", b"<Code>InternalError</Code>", b"<ETag>"):
            answer = self.send("POST", target, body=document)
            self.assertEqual(answer.status, 200)
            self.assertIn(expected, answer.body)

    def test_an_error_in_a_200_of_a_call_that_was_carried_out(self):
        target, document = self.upload("errors-done")
        answer = self.send("POST", target, body=document)
        self.assertEqual(answer.status, 200)
        self.assertIn(b"<Code>InternalError</Code>", answer.body)
        self.assertIn("key", self.keys("errors-done"))

    def chunks(self, bucket):
        target, document = self.upload(bucket)
        host = f"127.0.0.1:{self.server.port}"
        lines = Signing().headers("POST", target, host, hashlib.sha256(document).hexdigest())
        answer, content = self.server.raw("POST", target, lines, document)
        self.assertEqual(answer.status, 200)
        self.assertIsNone(answer.getheader("content-length"))
        return content

    def test_white_space_before_the_document(self):
        begin = time.monotonic()
        content = self.chunks("spaces")
        self.assertGreaterEqual(time.monotonic() - begin, 0.25)
        self.assertRegex(content, rb'^<\?xml version="1.0" encoding="UTF-8"\?>\n +'
                                  rb"<CompleteMultipartUploadResult ")
        self.assertRegex(self.chunks("spaces-first"), rb"^ +<\?xml [^>]*>\n<CompleteMultipart")
        self.assertRegex(self.chunks("spaces-error"), rb"^<\?xml [^>]*>\n +<Error><Code>Internal")
        self.assertNotIn("key", self.keys("spaces-error"))


class Objects(FaultTest):
    """Objects that are not what the listing said."""

    faults = "".join([
        fault("changes", "change", call="GetObject", skip=2, times="all"),
        fault("grows", "change", size=SIZE + 10, keep_etag=True, times="all"),
        fault("once", "change", times=1),
        fault("vanishes", "vanish", skip=1, times="all"),
        fault("copied", "vanish", call="UploadPartCopy", key="obj*"),
        fault("crc", "wrong-crc32", times="all"),
        fault("crc-own", "wrong-crc32", crc32="AAAAAA==", times="all"),
        fault("sizes", "wrong-size", call="ListObjectsV2", key="b*", by=-7, times="all"),
        fault("sizes-head", "wrong-size", size=5, call="HeadObject"),
    ])

    def etag(self, bucket):
        return self.s3.head_object(Bucket=bucket, Key="object")["ETag"]

    def test_an_object_that_changes(self):
        listed = self.s3.list_objects_v2(Bucket="changes")["Contents"][0]["ETag"]
        for _ in range(2):
            found = self.s3.get_object(Bucket="changes", Key="object", IfMatch=listed)
            self.assertTrue(found["Body"].read() == self.content())
        for _ in range(2):
            self.refused("PreconditionFailed", self.s3.get_object, 412, Bucket="changes",
                         Key="object", IfMatch=listed)
        found = self.s3.get_object(Bucket="changes", Key="object")
        self.assertNotEqual(found["ETag"], listed)
        self.assertEqual(found["ContentLength"], SIZE)
        self.assertFalse(found["Body"].read() == self.content())

    def test_an_object_that_changes_under_its_etag(self):
        found = self.s3.get_object(Bucket="grows", Key="object")
        listed = self.s3.list_objects_v2(Bucket="grows")["Contents"][0]
        self.assertEqual((found["ETag"], listed["Size"]), (listed["ETag"], SIZE))
        self.assertEqual(len(found["Body"].read()), SIZE + 10)

    def test_an_object_that_changes_for_one_request(self):
        etag = self.etag("once")
        self.assertNotEqual(etag, self.etag("once"))
        self.assertEqual(self.etag("once"), self.etag("once"))

    def test_an_object_that_vanishes(self):
        self.assertEqual(self.outcomes("vanishes", 3), [200, 404, 404])
        self.assertEqual(self.keys("vanishes"), ["object"])

    def test_a_source_of_a_copy_that_vanishes(self):
        upload = self.s3.create_multipart_upload(Bucket="copied", Key="key")["UploadId"]
        arguments = {"Bucket": "copied", "Key": "key", "UploadId": upload, "PartNumber": 1,
                     "CopySource": {"Bucket": "copied", "Key": "object"}}
        self.refused("NoSuchKey", self.s3.upload_part_copy, 404, **arguments)
        self.s3.upload_part_copy(**arguments)

    def test_a_wrong_crc32(self):
        for bucket in ("crc", "crc-own"):
            put = self.s3.put_object(Bucket=bucket, Key="file", Body=b"123456789",
                                     ChecksumAlgorithm="CRC32")
            head = self.s3.head_object(Bucket=bucket, Key="file", ChecksumMode="ENABLED")
            self.assertEqual(put["ChecksumCRC32"], "y/Q5Jg==")
            self.assertNotEqual(head["ChecksumCRC32"], "y/Q5Jg==")
            self.assertEqual(head["ResponseMetadata"]["HTTPHeaders"]["x-amz-checksum-type"],
                             "FULL_OBJECT")
            self.assertEqual(head["ChecksumCRC32"] == "AAAAAA==", bucket == "crc-own")

    def test_wrong_sizes(self):
        for key in ("a", "b", "b/c"):
            self.s3.put_object(Bucket="sizes", Key=key, Body=b"0123456789")
        listed = self.s3.list_objects_v2(Bucket="sizes")["Contents"]
        self.assertEqual({found["Key"]: found["Size"] for found in listed},
                         {"a": 10, "b": 3, "b/c": 3, "object": SIZE})
        self.assertEqual(len(self.s3.get_object(Bucket="sizes", Key="b")["Body"].read()), 10)
        head = self.s3.head_object(Bucket="sizes-head", Key="object")
        self.assertEqual(head["ContentLength"], 5)


if __name__ == "__main__":
    unittest.main()
