"""Multipart uploads by boto3: by its transfer manager, and call by call."""

import base64
import hashlib
import os
import tempfile
import unittest
import zlib
from pathlib import Path

from boto3.s3.transfer import TransferConfig

from sandbox_server import SandboxTest
from signing import signed_request

MIB = 1024 * 1024


def etag_of(parts):
    digests = b"".join(hashlib.md5(part).digest() for part in parts)
    return f'"{hashlib.md5(digests).hexdigest()}-{len(parts)}"'


def crc32_text(content):
    return base64.b64encode(zlib.crc32(content).to_bytes(4, "big")).decode()


class Multipart(SandboxTest):
    def create(self, key, **more):
        return self.s3.create_multipart_upload(Bucket="bucket", Key=key, **more)["UploadId"]

    def upload(self, key, upload_id, number, body, **more):
        done = self.s3.upload_part(Bucket="bucket", Key=key, UploadId=upload_id, PartNumber=number,
                                   Body=body, **more)
        return {"PartNumber": number, "ETag": done["ETag"]}

    def complete(self, key, upload_id, parts):
        return self.s3.complete_multipart_upload(Bucket="bucket", Key=key, UploadId=upload_id,
                                                 MultipartUpload={"Parts": parts})

    def no_uploads(self):
        self.assertNotIn("Uploads", self.s3.list_multipart_uploads(Bucket="bucket"))
        uploads = self.server.folder / ".s3zipper/buckets/bucket/uploads"
        self.assertEqual(list(uploads.iterdir()), [])

    def test_files_by_the_transfer_manager(self):
        config = TransferConfig(multipart_threshold=8 * MIB, multipart_chunksize=5 * MIB,
                                max_concurrency=4)
        for size in (20 * MIB, 70 * MIB + 1):  # joined, and kept in parts
            with self.subTest(size=size), tempfile.TemporaryDirectory() as folder:
                source, target = Path(folder) / "source", Path(folder) / "target"
                source.write_bytes(os.urandom(size))
                self.s3.upload_file(str(source), "bucket", "dir/file", Config=config,
                                    ExtraArgs={"Metadata": {"a": "1"}, "ContentType": "x/y"})
                content = source.read_bytes()
                parts = [content[at : at + 5 * MIB] for at in range(0, size, 5 * MIB)]
                head = self.s3.head_object(Bucket="bucket", Key="dir/file")
                self.assertEqual(head["ETag"], etag_of(parts))
                self.assertEqual((head["Metadata"], head["ContentType"]), ({"a": "1"}, "x/y"))
                self.s3.download_file("bucket", "dir/file", str(target), Config=config)
                self.assertTrue(target.read_bytes() == content)
                for start, end in ((5 * MIB - 1, 5 * MIB + 1), (5 * MIB, 15 * MIB), (size - 1, size)):
                    found = self.get("dir/file", Range=f"bytes={start}-{end - 1}")
                    self.assertTrue(found == content[start:end])
                self.s3.copy_object(Bucket="bucket", Key="copy",
                                    CopySource={"Bucket": "bucket", "Key": "dir/file"})
                self.assertTrue(self.get("copy") == content)
                number = self.s3.get_object(Bucket="bucket", Key="dir/file", PartNumber=2)
                self.assertEqual(number["PartsCount"], len(parts))
                self.assertTrue(number["Body"].read() == parts[1])
        self.s3.delete_object(Bucket="bucket", Key="dir/file")
        self.no_uploads()

    def test_parts_in_any_order_and_twice(self):
        upload_id = self.create("any")
        big, other = os.urandom(5 * MIB), os.urandom(5 * MIB)
        last = self.upload("any", upload_id, 9000, b"last")
        self.upload("any", upload_id, 7, other)
        first = self.upload("any", upload_id, 7, big)
        self.upload("any", upload_id, 8, b"left out")
        listed = self.s3.list_parts(Bucket="bucket", Key="any", UploadId=upload_id)["Parts"]
        self.assertEqual([(p["PartNumber"], p["Size"], p["ETag"]) for p in listed],
                         [(7, 5 * MIB, first["ETag"]), (8, 8, f'"{hashlib.md5(b"left out").hexdigest()}"'),
                          (9000, 4, last["ETag"])])
        done = self.complete("any", upload_id, [first, last])
        self.assertEqual(done["ETag"], etag_of([big, b"last"]))
        self.assertTrue(self.get("any") == big + b"last")
        # Again: the same answer; and then the upload is not known to other calls.
        self.assertEqual(self.complete("any", upload_id, [first, last])["ETag"], done["ETag"])
        self.refused("NoSuchUpload", self.upload, 404, key="any", upload_id=upload_id, number=1, body=b"")
        self.refused("NoSuchUpload", self.s3.abort_multipart_upload, 404, Bucket="bucket", Key="any",
                     UploadId=upload_id)
        self.no_uploads()

    def test_completions_that_are_refused(self):
        upload_id = self.create("refused")
        small = self.upload("refused", upload_id, 1, b"small")
        last = self.upload("refused", upload_id, 2, b"last")
        self.refused("EntityTooSmall", self.complete, 400, key="refused", upload_id=upload_id,
                     parts=[small, last])
        self.refused("InvalidPartOrder", self.complete, 400, key="refused", upload_id=upload_id,
                     parts=[last, small])
        for wrong in ({"PartNumber": 3, "ETag": last["ETag"]}, {"PartNumber": 2, "ETag": small["ETag"]}):
            self.refused("InvalidPart", self.complete, 400, key="refused", upload_id=upload_id,
                         parts=[wrong])
        self.refused("NoSuchUpload", self.complete, 404, key="refused", upload_id="nonsense",
                     parts=[last])
        self.refused("NoSuchUpload", self.complete, 404, key="other", upload_id=upload_id, parts=[last])
        for body in (b"", b"<a>", b"<CompleteMultipartUpload></CompleteMultipartUpload>"):
            answer, content = signed_request(
                self.server, "POST", f"/bucket/refused?uploadId={upload_id}", body=body)
            self.assertEqual(answer.status, 400)
            self.assertIn(b"<Code>MalformedXML</Code>", content)
        self.refused("404", self.s3.head_object, 404, Bucket="bucket", Key="refused")
        self.complete("refused", upload_id, [last])
        self.assertEqual(self.get("refused"), b"last")

    def test_wrong_part_numbers_and_digests(self):
        upload_id = self.create("wrong")
        for number in (0, 10_001):
            self.refused("InvalidArgument", self.upload, 400, key="wrong", upload_id=upload_id,
                         number=number, body=b"")
        self.refused("BadDigest", self.upload, 400, key="wrong", upload_id=upload_id, number=1,
                     body=b"content", ContentMD5=base64.b64encode(bytes(16)).decode())
        self.assertNotIn("Parts", self.s3.list_parts(Bucket="bucket", Key="wrong", UploadId=upload_id))
        self.s3.abort_multipart_upload(Bucket="bucket", Key="wrong", UploadId=upload_id)
        self.refused("NoSuchUpload", self.s3.list_parts, 404, Bucket="bucket", Key="wrong",
                     UploadId=upload_id)
        data = self.server.folder / ".s3zipper/buckets/bucket/data"
        self.assertEqual(list(data.iterdir()), [])

    def test_lists_of_parts_and_uploads_in_pages(self):
        ids = {}
        for key in ("p/a", "p/b", "p/c/d", "q"):
            ids[key] = self.create(key)
        for number in range(1, 8):
            self.upload("p/b", ids["p/b"], number, str(number).encode())
        pages = self.s3.get_paginator("list_parts").paginate(
            Bucket="bucket", Key="p/b", UploadId=ids["p/b"], PaginationConfig={"PageSize": 3})
        self.assertEqual([[p["PartNumber"] for p in page["Parts"]] for page in pages],
                         [[1, 2, 3], [4, 5, 6], [7]])
        pages = self.s3.get_paginator("list_multipart_uploads").paginate(
            Bucket="bucket", PaginationConfig={"PageSize": 1})
        found = [(u["Key"], u["UploadId"]) for page in pages for u in page["Uploads"]]
        self.assertEqual(found, sorted(ids.items()))
        page = self.s3.list_multipart_uploads(Bucket="bucket", Prefix="p/", Delimiter="/")
        self.assertEqual([u["Key"] for u in page["Uploads"]], ["p/a", "p/b"])
        self.assertEqual(page["CommonPrefixes"], [{"Prefix": "p/c/"}])
        for key, upload_id in ids.items():
            self.s3.abort_multipart_upload(Bucket="bucket", Key=key, UploadId=upload_id)
        self.no_uploads()

    def test_parts_copied_from_objects(self):
        content = os.urandom(12 * MIB)
        etag = self.put("source", content)["ETag"]
        self.put("small", b"0123456789")
        upload_id = self.create("copied")
        target = {"Bucket": "bucket", "Key": "copied", "UploadId": upload_id}
        source = {"CopySource": {"Bucket": "bucket", "Key": "source"}}

        def copy(number, **more):
            done = self.s3.upload_part_copy(**target, PartNumber=number, **{**source, **more})
            return {"PartNumber": number, "ETag": done["CopyPartResult"]["ETag"]}

        parts = [copy(1, CopySourceRange=f"bytes=1-{6 * MIB}", CopySourceIfMatch=etag), copy(2),
                 copy(3, CopySource={"Bucket": "bucket", "Key": "small"})]
        bodies = [content[1 : 6 * MIB + 1], content, b"0123456789"]
        self.assertEqual([part["ETag"] for part in parts],
                         [f'"{hashlib.md5(body).hexdigest()}"' for body in bodies])
        for code, status, more in (
                ("PreconditionFailed", 412, {"CopySourceIfMatch": '"other"'}),
                ("InvalidArgument", 400, {"CopySourceRange": f"bytes=0-{12 * MIB}"}),
                ("InvalidArgument", 400, {"CopySourceRange": "bytes=5-1"}),
                ("InvalidArgument", 400, {"CopySourceRange": "bytes=5-"}),
                ("InvalidRequest", 400, {"CopySource": {"Bucket": "bucket", "Key": "small"},
                                         "CopySourceRange": "bytes=0-1"}),
                ("NoSuchKey", 404, {"CopySource": {"Bucket": "bucket", "Key": "missing"}})):
            with self.subTest(code=code, more=more):
                self.refused(code, copy, status, number=4, **more)
        self.complete("copied", upload_id, parts)
        self.assertTrue(self.get("copied") == b"".join(bodies))

    def test_checksums_of_parts(self):
        bodies = [os.urandom(5 * MIB), b"last"]
        for kind in ("COMPOSITE", "FULL_OBJECT"):
            with self.subTest(kind=kind):
                headers = {"x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": kind}
                answer, text = signed_request(self.server, "POST", "/bucket/sums?uploads", headers)
                self.assertEqual(answer.headers["x-amz-checksum-algorithm"], "CRC32")
                upload_id = text.decode().partition("<UploadId>")[2].partition("<")[0]
                parts = []
                for number, body in enumerate(bodies, 1):
                    part = self.upload("sums", upload_id, number, body, ChecksumAlgorithm="CRC32")
                    parts.append({**part, "ChecksumCRC32": crc32_text(body)})
                listed = self.s3.list_parts(Bucket="bucket", Key="sums", UploadId=upload_id)
                self.assertEqual([p["ChecksumCRC32"] for p in listed["Parts"]],
                                 [crc32_text(body) for body in bodies])
                wrong = [{**parts[0], "ChecksumCRC32": "AAAAAA=="}, parts[1]]
                self.refused("InvalidPart", self.complete, 400, key="sums", upload_id=upload_id,
                             parts=wrong)
                done = self.complete("sums", upload_id, parts)
                values = b"".join(zlib.crc32(body).to_bytes(4, "big") for body in bodies)
                wanted = {"COMPOSITE": crc32_text(values) + "-2",
                          "FULL_OBJECT": crc32_text(b"".join(bodies))}[kind]
                self.assertEqual(done["ChecksumCRC32"], wanted)
                head = self.s3.head_object(Bucket="bucket", Key="sums", ChecksumMode="ENABLED")
                self.assertEqual(head["ChecksumCRC32"], wanted)
                self.assertEqual(head["ResponseMetadata"]["HTTPHeaders"]["x-amz-checksum-type"], kind)


if __name__ == "__main__":
    unittest.main()
