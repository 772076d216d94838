"""kill -9 at bad moments: what was there before is there after, whole."""

import hashlib
import os
import socket
import threading
import time
import unittest
from http.client import HTTPException

from botocore.exceptions import BotoCoreError, ClientError

from sandbox_server import SandboxServer, SandboxTest
from signing import Signing

MIB = 1024 * 1024


class Crashes(SandboxTest):
    def restart(self):
        self.server.kill()
        self.server.start()
        type(self).s3 = self.server.client()

    def check(self, key, content, metadata):
        found = self.s3.get_object(Bucket="bucket", Key=key)
        self.assertTrue(found["Body"].read() == content)
        self.assertEqual(found["ETag"], f'"{hashlib.md5(content).hexdigest()}"')
        self.assertEqual(found["Metadata"], metadata)

    def start_put(self, target, size):
        """Sends the head of a PUT and half of its body."""
        connection = socket.create_connection(("127.0.0.1", self.server.port))
        lines = Signing().headers("PUT", target, f"127.0.0.1:{self.server.port}", "UNSIGNED-PAYLOAD")
        head = f"PUT {target} HTTP/1.1\r\nContent-Length: {size}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        connection.sendall(head.encode() + b"\r\n" + os.urandom(size // 2))
        return connection

    def test_objects_survive_a_kill_within_a_put(self):
        old = os.urandom(100_000)
        keys = ["plain/key", "odd//key", "plain"]
        for key in keys:
            self.put(key, old, Metadata={"is": "old"})
        for _ in range(2):
            puts = [self.start_put(f"/bucket/{key}", 4 * MIB) for key in [*keys, "new"]]
            data = self.server.folder / ".s3zipper/buckets/bucket/data"
            deadline = time.monotonic() + 30
            while sum(f.stat().st_size for f in data.iterdir()) < 4 * 2 * MIB - 4 * 256 * 1024:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.01)
            self.restart()
            for connection in puts:
                connection.close()
            for key in keys:
                self.check(key, old, {"is": "old"})
            self.assertEqual(self.keys(), sorted(keys))
            # Of odd keys the content is there; of all else nothing is left.
            self.assertEqual(len(list(data.iterdir())), 2)
        for key in keys:
            self.s3.delete_object(Bucket="bucket", Key=key)
        self.restart()
        self.assertEqual(self.keys(), [])
        self.assertEqual(list(data.iterdir()), [])

    def test_a_broken_connection_leaves_nothing(self):
        self.assertNotIn("broken", self.keys())  # the bucket is loaded, its hidden folder there
        connection = self.start_put("/bucket/broken", MIB)
        connection.close()
        data = self.server.folder / ".s3zipper/buckets/bucket/data"
        deadline = time.monotonic() + 30
        while list(data.iterdir()):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        self.assertEqual(self.keys(Prefix="broken"), [])

    def test_uploads_go_on_after_a_kill(self):
        bodies = [os.urandom(5 * MIB), os.urandom(5 * MIB), b"last"]
        upload = self.s3.create_multipart_upload(Bucket="bucket", Key="up//load")
        target = {"Bucket": "bucket", "Key": "up//load", "UploadId": upload["UploadId"]}
        for number, body in enumerate(bodies[:2], 1):
            self.s3.upload_part(**target, PartNumber=number, Body=body)
        self.restart()
        self.s3.upload_part(**target, PartNumber=3, Body=bodies[2])
        self.restart()
        listed = self.s3.list_parts(**target)["Parts"]
        self.assertEqual([p["ETag"].strip('"') for p in listed],
                         [hashlib.md5(body).hexdigest() for body in bodies])
        parts = [{"PartNumber": p["PartNumber"], "ETag": p["ETag"]} for p in listed]
        done = self.s3.complete_multipart_upload(**target, MultipartUpload={"Parts": parts})
        self.restart()
        found = self.s3.get_object(Bucket="bucket", Key="up//load")
        self.assertEqual(found["ETag"], done["ETag"])
        self.assertTrue(found["Body"].read() == b"".join(bodies))
        self.s3.delete_object(Bucket="bucket", Key="up//load")

    def test_kills_at_any_moment_never_pair_content_with_a_wrong_etag(self):
        # One thread writes versions of a few keys as fast as it can; after each kill every key is one
        # of the versions that were sent, and no older than the last that was answered.
        keys = ["k", "dir/k", "odd//k"]
        answered = dict.fromkeys(keys, -1)
        number = 0

        def content(key, version):
            return f"{key} {version} ".encode() * (version % 50 + 1)

        def write():
            nonlocal number
            client = self.server.client()
            try:
                while True:
                    number += 1
                    for key in keys:
                        client.put_object(Bucket="bucket", Key=key, Body=content(key, number),
                                          Metadata={"version": str(number)})
                        answered[key] = number
            except (ClientError, BotoCoreError, OSError, HTTPException):
                return

        for round_ in range(10):
            writer = threading.Thread(target=write)
            writer.start()
            time.sleep(0.3 + 0.05 * round_)
            self.server.kill()
            writer.join()
            self.server.start()
            type(self).s3 = self.server.client()
            for key in keys:
                if answered[key] < 0:
                    continue
                version = int(self.s3.head_object(Bucket="bucket", Key=key)["Metadata"]["version"])
                self.check(key, content(key, version), {"version": str(version)})
                self.assertIn(version, (answered[key], answered[key] + 1))
        self.assertGreater(number, 10)
        for key in keys:
            self.s3.delete_object(Bucket="bucket", Key=key)


class OneProcess(unittest.TestCase):
    def test_a_second_process_on_the_same_folder_is_refused(self):
        first = SandboxServer().start()
        self.addCleanup(first.close)
        second = SandboxServer()
        second.folder.rmdir()
        second.folder = first.folder
        with self.assertRaises(RuntimeError):
            second.start()
        self.assertNotEqual(second.process.wait(), 0)


if __name__ == "__main__":
    unittest.main()
