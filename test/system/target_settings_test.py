"""How a zip is stored, as the native API and the command are told: read back by boto3."""

import json
import time
import unittest

import zips
from api_client import request
from command_case import CommandTest
from program import Sandbox
from service_case import BUCKET, ServiceTest

MIB = 1 << 20
WAIT_S = 60
TAGS = {"team": "blue + white", "größe": "", "a/b:c@d": "="}
SETTINGS = {"storageClass": "STANDARD_IA", "tags": TAGS, "metadata": {"Order": "17", "x-y_z": "a b"},
            "encryption": {"type": "aws:kms", "kmsKeyId": "alias/zips", "bucketKey": True}}


class TargetSettingsTest(ServiceTest):
    # Large enough for a multipart upload.
    virtual = [f"{BUCKET}/large.bin={9 * MIB}"]

    def zip(self, *sources, target=None, **more):
        """The zip when it has ended."""
        body = {"credentials": {"accessKeyId": Sandbox.ACCESS_KEY,
                                "secretAccessKey": Sandbox.SECRET_KEY},
                "bucket": BUCKET, "sources": list(sources), "target": target or {}, **more}
        reply = request("POST", self.server.url + "/api/zips", self.api.bearer,
                        json.dumps(body).encode())
        self.assertEqual(reply.status, 201, reply.body)
        deadline = time.monotonic() + WAIT_S
        while True:
            found = request("GET", f"{self.server.url}/api/zips/{reply.json['id']}",
                            self.api.bearer).json
            if found["state"] in ("succeeded", "failed"):
                return found
            self.assertLess(time.monotonic(), deadline, found)
            time.sleep(0.02)

    def check_stored(self, key, job_id):
        head = self.s3.head_object(Bucket=BUCKET, Key=key)
        self.assertEqual(head["StorageClass"], "STANDARD_IA")
        self.assertRegex(head["Metadata"].pop("s3zipper-sources"), "^[0-9a-f]{32}$")
        self.assertEqual(head["Metadata"], {"order": "17", "x-y_z": "a b", "s3zipper-job": job_id})
        self.assertEqual(head["ServerSideEncryption"], "aws:kms")
        self.assertEqual(head["SSEKMSKeyId"], "alias/zips")
        self.assertTrue(head["BucketKeyEnabled"])
        self.assertEqual(head["ContentType"], "application/zip")
        self.assertEqual(head["ResponseMetadata"]["HTTPHeaders"]["x-amz-tagging-count"], "3")
        tags = self.s3.get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"]
        self.assertEqual({tag["Key"]: tag["Value"] for tag in tags}, TAGS)

    def test_by_one_put_and_by_an_upload_in_parts(self):
        digest = self.put("small.txt", "small")
        for source in ("small.txt", "large.bin"):
            found = self.zip(source, target={"key": f"out/{source}.zip", **SETTINGS})
            self.assertEqual(found["state"], "succeeded", found)
            self.check_stored(f"out/{source}.zip", found["id"])
        zips.check(self.download(self.zip("small.txt", target=SETTINGS)["links"][0]),
                   {"small.txt": digest})

    def test_every_zip_of_a_split_one(self):
        self.put_all({"split/a.txt": "a", "split/b.txt": "b"})
        found = self.zip("split/", target={"key": "parts/p.zip", **SETTINGS},
                         split={"maxEntries": 1})
        self.assertEqual(found["state"], "succeeded", found)
        for key in ("parts/p.zip", "parts/p_1.zip"):
            self.check_stored(key, found["id"])

    def test_what_the_store_refuses_is_told(self):
        self.put("small.txt", "small")
        for source in ("small.txt", "large.bin"):
            found = self.zip(source, target={"key": "refused.zip", "storageClass": "LUKEWARM"})
            self.assertEqual(found["state"], "failed", found)
            self.assertIn("InvalidStorageClass", found["error"])
        self.assertEqual(self.listed("refused"), [])

    def test_an_archived_zip_is_there(self):
        self.put("small.txt", "small")
        found = self.zip("small.txt", target={"key": "cold.zip", "storageClass": "DEEP_ARCHIVE"})
        self.assertEqual(found["state"], "succeeded", found)
        self.assertEqual(self.s3.head_object(Bucket=BUCKET, Key="cold.zip")["StorageClass"],
                         "DEEP_ARCHIVE")


class TargetFlagsTest(CommandTest):
    def test_the_zip_is_stored_as_asked(self):
        self.s3.put_object(Bucket=BUCKET, Key="small.txt", Body=b"small")
        arguments = ["--storage-class", "STANDARD_IA", "--sse", "aws:kms", "--sse-kms-key-id",
                     "alias/zips", "--metadata", "Order=17"]
        for name, value in TAGS.items():
            arguments += ["--tag", f"{name}={value}"]
        self.succeed("zip", f"s3://{BUCKET}/small.txt", "-o", f"s3://{BUCKET}/out.zip", *arguments)
        head = self.s3.head_object(Bucket=BUCKET, Key="out.zip")
        self.assertEqual((head["StorageClass"], head["ServerSideEncryption"], head["SSEKMSKeyId"],
                          head["Metadata"]["order"]), ("STANDARD_IA", "aws:kms", "alias/zips", "17"))
        tags = self.s3.get_object_tagging(Bucket=BUCKET, Key="out.zip")["TagSet"]
        self.assertEqual({tag["Key"]: tag["Value"] for tag in tags}, TAGS)

    def test_wrong_flags_are_named(self):
        into_bucket = ["zip", f"s3://{BUCKET}/a", "-o", f"s3://{BUCKET}/b.zip"]
        for flags, said in ((["--storage-class", "a b"], "--storage-class"), (["--tag", "a"], "--tag"),
                            (["--tag", "aws:a=1"], "--tag"), (["--metadata", "a=ü"], "--metadata"),
                            (["--metadata", "s3zipper-job=x"], "--metadata"),
                            (["--metadata", "A=1", "--metadata", "a=2"], "twice"),
                            (["--tag", "a=1", "--tag", "a=2"], "twice"),
                            (["--metadata", "a=" + "x" * 1999], "2048"),
                            (["--sse", "DES"], "--sse"), (["--sse-kms-key-id", "a"], "--sse"),
                            (["--sse", "AES256", "--sse-kms-key-id", "a"], "--sse-kms-key-id")):
            done = self.run_command(*into_bucket, *flags)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(said, done.stderr.decode())
        done = self.run_command("zip", f"s3://{BUCKET}/a", "-o", "b.zip", "--tag", "a=b")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("in a bucket", done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
