"""Virtual objects: their content against the independent generator of test/support."""

import hashlib
import random
import sys
import time
import unittest
from pathlib import Path

from sandbox_server import SandboxTest
from signing import signed_request

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
import virtual_content  # noqa: E402

MIB = 1024 * 1024
GIB = 1024 * MIB


class Virtual(SandboxTest):
    virtual = ["# two sorts", "", "given/many/{08..12}.bin=4096", "given/huge=6 GiB"]

    def put_virtual(self, key, size, status=200):
        answer, content = signed_request(self.server, "PUT", f"/bucket/{key}",
                                         {"x-sandbox-virtual-size": str(size)})
        self.assertEqual(answer.status, status, content)

    def test_the_generator_is_held_to_the_same_value_as_the_unit_test(self):
        self.assertEqual(virtual_content.digests("some/key", 200_000)[1],
                         "18eaf756a1a87c21c39d699009755be1f666d2c27ca715ad999ca9c8509ca6a8")

    def test_declared_objects(self):
        listed = self.s3.list_objects_v2(Bucket="given")["Contents"]
        self.assertEqual([(o["Key"], o["Size"]) for o in listed],
                         [("huge", 6 * GIB), *((f"many/{n:02}.bin", 4096) for n in range(8, 13))])
        for found in listed[1:]:
            content = self.s3.get_object(Bucket="given", Key=found["Key"])["Body"].read()
            self.assertEqual(content, virtual_content.content(found["Key"], 4096))

    def test_any_range_is_the_generators(self):
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        chance = random.Random(seed)
        places = [0, 1, 65_535, 65_536, 2**32 - 1, 2**32, 6 * GIB - 1]
        places += [chance.randrange(6 * GIB) for _ in range(50)]
        for start in places:
            end = min(start + chance.choice([1, 7, 8, 9, 1000, 65_536, 300_000]), 6 * GIB)
            found = self.s3.get_object(Bucket="given", Key="huge", Range=f"bytes={start}-{end - 1}")
            self.assertTrue(found["Body"].read() ==
                            virtual_content.content("huge", end - start, start), (start, end))

    def test_objects_of_any_size_by_put(self):
        for size in (0, 1, 7, 65_536, 3 * MIB + 5):
            self.put_virtual("put", size)
            self.assertEqual(self.s3.head_object(Bucket="bucket", Key="put")["ContentLength"], size)
            self.assertTrue(self.get("put") == virtual_content.content("put", size))
        self.put_virtual("put", 50 * 10**12)
        content = self.get("put", Range="bytes=-1000")
        self.assertEqual(content, virtual_content.content("put", 1000, 50 * 10**12 - 1000))
        self.put("put", b"real")
        self.assertEqual(self.get("put"), b"real")
        self.server.kill()
        self.server.start()
        type(self).s3 = self.server.client()
        self.assertEqual(self.get("put"), b"real")

    def test_copies(self):
        self.put_virtual("original", 12 * MIB)
        source = {"Bucket": "bucket", "Key": "original"}
        self.s3.copy_object(Bucket="bucket", Key="copy", CopySource=source)
        wanted = virtual_content.content("original", 12 * MIB)
        self.assertTrue(self.get("copy") == wanted)
        target = {"Bucket": "bucket", "Key": "parts"}
        upload = self.s3.create_multipart_upload(**target)["UploadId"]
        part = self.s3.upload_part_copy(**target, UploadId=upload, PartNumber=1, CopySource=source,
                                        CopySourceRange=f"bytes=3-{6 * MIB}")["CopyPartResult"]
        self.assertEqual(part["ETag"], f'"{hashlib.md5(wanted[3 : 6 * MIB + 1]).hexdigest()}"')

    def test_reading_a_gibibyte(self):
        start = time.monotonic()
        body = self.s3.get_object(Bucket="given", Key="huge", Range=f"bytes=0-{GIB - 1}")["Body"]
        size = sum(len(piece) for piece in body.iter_chunks(4 * MIB))
        taken = time.monotonic() - start
        self.assertEqual(size, GIB)
        print(f"1 GiB of a virtual object read by boto3 in {taken:.1f} s")


if __name__ == "__main__":
    unittest.main()
