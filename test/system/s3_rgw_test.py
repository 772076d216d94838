"""The main job against Ceph RGW, a real S3 server, started here (test/support/rgw)."""

import json
import time
import unittest

import s3_flows
import zips
from api_client import request
from service_case import BUCKET

WAIT_S = 60


class RgwFlowsTest(s3_flows.ScriptedFlows):
    script = "rgw"

    def native_call(self, method, path, fields=None):
        body = None if fields is None else json.dumps(fields).encode()
        return request(method, self.server.url + path, self.api.bearer, body).json

    def native_zip(self, **fields):
        """The zip when it has ended."""
        credentials = {"accessKeyId": self.access_key, "secretAccessKey": self.secret_key}
        made = self.native_call("POST", "/api/zips", {"credentials": credentials, **fields})
        deadline = time.monotonic() + WAIT_S
        while True:
            found = self.native_call("GET", f"/api/zips/{made['id']}")
            if found["state"] in ("succeeded", "failed"):
                return found
            self.assertLess(time.monotonic(), deadline, found)
            time.sleep(0.05)

    def test_how_a_zip_is_stored(self):
        """By one PUT and in parts."""
        self.put("stored.txt", "stored")
        self.put("stored.bin", bytes(9 << 20))
        for source in ("stored.txt", "stored.bin"):
            found = self.native_zip(bucket=BUCKET, sources=[source], target={
                "key": "stored/out.zip", "storageClass": "STANDARD", "acl": "private",
                "tags": {"team": "a b", "größe": "+"}, "metadata": {"Order": "17"}})
            self.assertEqual(found["state"], "succeeded", found)
            head = self.s3.head_object(Bucket=BUCKET, Key="stored/out.zip")
            self.assertRegex(head["Metadata"].pop("s3zipper-sources"), "^[0-9a-f]{32}$")
            self.assertEqual(head["Metadata"], {"order": "17", "s3zipper-job": found["id"]})
            tags = self.s3.get_object_tagging(Bucket=BUCKET, Key="stored/out.zip").get("TagSet", [])
            # RGW forgets those of an upload in parts.
            if source == "stored.txt":
                self.assertEqual({tag["Key"]: tag["Value"] for tag in tags},
                                 {"team": "a b", "größe": "+"})
        found = self.native_zip(bucket=BUCKET, sources=["stored.txt"],
                                target={"storageClass": "NO_SUCH_CLASS"})
        self.assertEqual(found["state"], "failed", found)
        self.assertIn("InvalidArgument", found["error"])

    def test_old_versions(self):
        """By name and by manifest; each is an entry of its own, the latest included."""
        bucket = "versions"
        self.s3.create_bucket(Bucket=bucket)
        self.s3.put_bucket_versioning(Bucket=bucket,
                                      VersioningConfiguration={"Status": "Enabled"})
        contents = ("first", "the second", "and the third one")
        versions = [self.s3.put_object(Bucket=bucket, Key="a b.txt", Body=content)["VersionId"]
                    for content in contents]
        digests = [zips.sha256(content.encode()) for content in contents]
        found = self.native_zip(bucket=bucket, sources=[
            "a b.txt", *({"source": "a b.txt", "versionId": version, "name": f"{number}.txt"}
                         for number, version in enumerate(versions))])
        self.assertEqual(found["state"], "succeeded", found)
        expected = {"a b.txt": digests[2],
                    **{f"{number}.txt": digest for number, digest in enumerate(digests)}}
        zips.check(self.download(found["links"][0]), expected)
        # What is deleted has versions all the same.
        self.s3.delete_object(Bucket=bucket, Key="a b.txt")
        self.s3.put_object(Bucket=bucket, Key="list.csv",
                           Body=f"{bucket},a b.txt,{versions[0]}\n{bucket},a b.txt,{versions[1]}\n")
        found = self.native_zip(bucket=bucket, manifest={"key": "list.csv"}, requestPayer=True)
        self.assertEqual(found["state"], "succeeded", found)
        zips.check(self.download(found["links"][0]),
                   {"a b.txt": digests[0], "a b (2).txt": digests[1]})
        found = self.native_zip(bucket=bucket, sources=["a b.txt"])
        self.assertEqual(found["state"], "failed", found)
        self.assertIn("a b.txt", found["error"])


if __name__ == "__main__":
    unittest.main()
