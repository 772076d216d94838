"""AWS's rules for CRC32: of objects put at once, of uploads of both types, of their parts, of ranges
and copies; and GetObjectAttributes, which tells them."""

import base64
import os
import re
import unittest
import zlib

from sandbox_server import SandboxTest
from signing import signed_request

MIB = 1024 * 1024


def crc32_text(content):
    return base64.b64encode(zlib.crc32(content).to_bytes(4, "big")).decode()


def composite_text(bodies):
    return crc32_text(b"".join(zlib.crc32(body).to_bytes(4, "big") for body in bodies))


class Checksums(SandboxTest):
    def create(self, key, kind=None):
        headers = {"x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": kind} if kind else {}
        _, text = signed_request(self.server, "POST", f"/bucket/{key}?uploads", headers)
        return re.search("<UploadId>(.*)</UploadId>", text.decode())[1]

    def upload(self, key, upload_id, bodies, first=1):
        """The parts as Complete names them."""
        parts = []
        for number, body in enumerate(bodies, first):
            done = self.s3.upload_part(Bucket="bucket", Key=key, UploadId=upload_id,
                                       PartNumber=number, Body=body, ChecksumAlgorithm="CRC32")
            self.assertEqual(done["ChecksumCRC32"], crc32_text(body))
            parts.append((number, done["ETag"], crc32_text(body)))
        return parts

    def complete(self, key, upload_id, parts, headers=None):
        """The status and the document of the answer."""
        named = "".join(f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag>"
                        + (f"<ChecksumCRC32>{crc}</ChecksumCRC32>" if crc else "") + "</Part>"
                        for number, etag, crc in parts)
        body = f"<CompleteMultipartUpload>{named}</CompleteMultipartUpload>".encode()
        answer, text = signed_request(self.server, "POST", f"/bucket/{key}?uploadId={upload_id}",
                                      headers, body)
        return answer.status, text.decode()

    def completion_refused(self, code, key, upload_id, parts, headers=None, status=400):
        found, text = self.complete(key, upload_id, parts, headers)
        self.assertEqual((found, re.search("<Code>(.*)</Code>", text)[1]), (status, code), text)

    def checksum(self, key, method="GET", headers=None, query=""):
        """The checksum that checksum mode tells, and its type."""
        answer, _ = signed_request(self.server, method, f"/bucket/{key}{query}",
                                   {"x-amz-checksum-mode": "ENABLED", **(headers or {})})
        return answer.headers["x-amz-checksum-crc32"], answer.headers["x-amz-checksum-type"]

    def attributes(self, key, names="ETag,Checksum,ObjectParts,StorageClass,ObjectSize", **headers):
        lines = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        answer, text = signed_request(self.server, "GET", f"/bucket/{key}?attributes",
                                      {"x-amz-object-attributes": names, **lines})
        self.assertEqual(answer.status, 200, text)
        return text.decode()

    def test_an_object_that_was_put_with_its_crc32(self):
        body = os.urandom(1000)
        put = self.put("put", body, ChecksumAlgorithm="CRC32")
        self.assertEqual(put["ChecksumCRC32"], crc32_text(body))
        whole = (crc32_text(body), "FULL_OBJECT")
        self.assertEqual(self.checksum("put"), whole)
        self.assertEqual(self.checksum("put", "HEAD"), whole)
        answer, _ = signed_request(self.server, "GET", "/bucket/put")
        self.assertIsNone(answer.headers["x-amz-checksum-crc32"])
        for byte_range in ("bytes=0-9", "bytes=0-999"):
            self.assertEqual(self.checksum("put", headers={"Range": byte_range}), (None, None))
        wrong = crc32_text(b"other")
        answer, text = signed_request(self.server, "PUT", "/bucket/put",
                                      {"x-amz-checksum-crc32": wrong}, body)
        self.assertEqual(answer.status, 400)
        self.assertIn(b"<Code>BadDigest</Code>", text)
        listed = self.s3.list_objects_v2(Bucket="bucket", Prefix="put")["Contents"][0]
        self.assertEqual(listed["ChecksumAlgorithm"], ["CRC32"])

    def test_an_object_without_a_crc32(self):
        signed_request(self.server, "PUT", "/bucket/none", body=b"content")
        self.assertEqual(self.checksum("none"), (None, None))
        text = self.attributes("none")
        self.assertNotIn("Checksum", text)
        self.assertNotIn("ObjectParts", text)

    def test_a_composite_upload(self):
        bodies = [os.urandom(5 * MIB), os.urandom(5 * MIB), b"last"]
        upload = self.create("composite", "COMPOSITE")
        parts = self.upload("composite", upload, bodies)
        bare = [(number, etag, "") for number, etag, _ in parts]
        self.completion_refused("InvalidRequest", "composite", upload, bare)
        self.completion_refused("InvalidRequest", "composite", upload, parts[:2] + bare[2:])
        self.completion_refused("InvalidPartOrder", "composite", upload, parts[1:])
        self.completion_refused("BadDigest", "composite", upload, parts,
                                {"x-amz-checksum-crc32": crc32_text(b"")})
        self.completion_refused("InvalidRequest", "composite", upload, parts,
                                {"x-amz-checksum-type": "FULL_OBJECT"})
        value = composite_text(bodies)
        status, text = self.complete("composite", upload, parts, {"x-amz-checksum-crc32": value})
        self.assertEqual(status, 200, text)
        self.assertIn(f"<ChecksumCRC32>{value}-3</ChecksumCRC32>", text)
        self.assertEqual(self.checksum("composite", "HEAD"), (f"{value}-3", "COMPOSITE"))
        # Of its parts, by number; of a range that is the whole, without the count; of others none.
        for number, body in enumerate(bodies, 1):
            self.assertEqual(self.checksum("composite", query=f"?partNumber={number}"),
                             (crc32_text(body), "COMPOSITE"))
        size = 10 * MIB + 4
        self.assertEqual(self.checksum("composite", headers={"Range": f"bytes=0-{size - 1}"}),
                         (value, "COMPOSITE"))
        self.assertEqual(self.checksum("composite", headers={"Range": "bytes=0-9"}), (None, None))
        self.server.kill()
        self.server.start()
        type(self).s3 = self.server.client()
        self.assertEqual(self.checksum("composite", query="?partNumber=2"),
                         (crc32_text(bodies[1]), "COMPOSITE"))

    def test_a_full_object_upload(self):
        bodies = [os.urandom(5 * MIB), b"last"]
        whole = crc32_text(b"".join(bodies))
        upload = self.create("full", "FULL_OBJECT")
        parts = self.upload("full", upload, bodies)
        listed = self.s3.list_parts(Bucket="bucket", Key="full", UploadId=upload)["Parts"]
        self.assertEqual([p["ChecksumCRC32"] for p in listed], [crc32_text(b) for b in bodies])
        told = {"x-amz-checksum-crc32": whole, "x-amz-checksum-type": "FULL_OBJECT",
                "x-amz-mp-object-size": str(5 * MIB + 4)}
        for wrong in ({"x-amz-checksum-crc32": crc32_text(b"x")},):
            self.completion_refused("BadDigest", "full", upload, parts, {**told, **wrong})
        for wrong in ({"x-amz-mp-object-size": str(5 * MIB + 5)}, {"x-amz-mp-object-size": "x"},
                      {"x-amz-checksum-type": "COMPOSITE"}):
            self.completion_refused("InvalidRequest", "full", upload, parts, {**told, **wrong})
        bare = [(number, etag, "") for number, etag, _ in parts]
        status, text = self.complete("full", upload, bare, told)
        self.assertEqual(status, 200, text)
        self.assertIn(f"<ChecksumCRC32>{whole}</ChecksumCRC32>", text)
        self.assertEqual(self.checksum("full"), (whole, "FULL_OBJECT"))
        text = self.attributes("full")
        self.assertIn(f"<Checksum><ChecksumCRC32>{whole}</ChecksumCRC32>"
                      "<ChecksumType>FULL_OBJECT</ChecksumType></Checksum>", text)
        self.assertIn("<Part><PartNumber>2</PartNumber><Size>4</Size></Part>", text)

    def test_an_upload_without_checksums(self):
        upload = self.create("plain")
        parts = self.upload("plain", upload, [b"part"], first=7)
        bare = [(number, etag, "") for number, etag, _ in parts]
        self.completion_refused("InvalidRequest", "plain", upload, bare,
                                {"x-amz-checksum-crc32": crc32_text(b"part")})
        status, text = self.complete("plain", upload, bare, {"x-amz-mp-object-size": "4"})
        self.assertEqual(status, 200, text)
        self.assertNotIn("Checksum", text)
        self.assertEqual(self.checksum("plain"), (None, None))

    def test_copies(self):
        body = os.urandom(6 * MIB)
        self.put("source", body, ChecksumAlgorithm="CRC32")
        copy = {"x-amz-copy-source": "/bucket/source"}
        _, text = signed_request(self.server, "PUT", "/bucket/copy", copy)
        self.assertIn(f"<ChecksumCRC32>{crc32_text(body)}</ChecksumCRC32>", text.decode())
        self.assertEqual(self.checksum("copy"), (crc32_text(body), "FULL_OBJECT"))
        ranged = {**copy, "x-amz-copy-source-range": "bytes=5-1000005"}
        for kind in ("COMPOSITE", "FULL_OBJECT", None):
            upload = self.create("copied", kind)
            _, text = signed_request(self.server, "PUT",
                                     f"/bucket/copied?partNumber=1&uploadId={upload}", ranged)
            crc = f"<ChecksumCRC32>{crc32_text(body[5:1000006])}</ChecksumCRC32>"
            self.assertEqual(crc in text.decode(), kind is not None, text)

    def test_object_attributes(self):
        bodies = [os.urandom(5 * MIB), os.urandom(5 * MIB), b"last"]
        upload = self.create("told", "COMPOSITE")
        parts = self.upload("told", upload, bodies)
        self.complete("told", upload, parts)
        etag = self.s3.head_object(Bucket="bucket", Key="told")["ETag"].strip('"')
        text = self.attributes("told")
        self.assertIn("<GetObjectAttributesResponse ", text)
        for line in (f"<ETag>{etag}</ETag>", f"<ObjectSize>{10 * MIB + 4}</ObjectSize>",
                     "<StorageClass>STANDARD</StorageClass>", "<PartsCount>3</PartsCount>",
                     f"<ChecksumCRC32>{composite_text(bodies)}-3</ChecksumCRC32>"):
            self.assertIn(line, text)
        crcs = re.findall("<Part><ChecksumCRC32>(.*?)</ChecksumCRC32>", text)
        self.assertEqual(crcs, [crc32_text(body) for body in bodies])
        page = self.attributes("told", "ObjectParts", x_amz_max_parts=2)
        self.assertEqual(re.findall("<PartNumber>(.*?)</PartNumber>", page), ["1", "2"])
        self.assertIn("<IsTruncated>true</IsTruncated>", page)
        self.assertIn("<NextPartNumberMarker>2</NextPartNumberMarker>", page)
        page = self.attributes("told", "ObjectParts", x_amz_max_parts=2, x_amz_part_number_marker=2)
        self.assertEqual(re.findall("<PartNumber>(.*?)</PartNumber>", page), ["3"])
        self.assertIn("<IsTruncated>false</IsTruncated>", page)
        self.assertEqual(re.findall("<(ETag|Checksum|ObjectSize)>", page), [])
        # boto3 reads it too.
        found = self.s3.get_object_attributes(
            Bucket="bucket", Key="told", ObjectAttributes=["ETag", "ObjectParts", "ObjectSize"])
        self.assertEqual((found["ETag"], found["ObjectSize"]), (etag, 10 * MIB + 4))
        self.assertEqual(found["ObjectParts"]["TotalPartsCount"], 3)
        for names in ("", "ETag,Colour"):
            answer, _ = signed_request(self.server, "GET", "/bucket/told?attributes",
                                       {"x-amz-object-attributes": names})
            self.assertEqual(answer.status, 400)
        self.refused("NoSuchKey", self.s3.get_object_attributes, 404, Bucket="bucket", Key="gone",
                     ObjectAttributes=["ETag"])


if __name__ == "__main__":
    unittest.main()
