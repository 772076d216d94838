"""What goes wrong must leave nothing behind: no unfinished upload, no secret in a file or log, no
zip that is not whole; and a stop is quick whatever is going on."""

import random
import subprocess
import threading
import time
import unittest

from api_client import request
from program import SANITIZED, Sandbox, run
from service_case import BUCKET, GatedServiceTest, ServiceTest

MIB = 1 << 20
SEED = 2024
# A stop waits this long for answers that are being sent.
SHUTDOWN_GRACE_S = 10


class UploadsTest(GatedServiceTest):
    """Jobs that are stopped in mid-upload."""

    settings = {"MEMORY_BUDGET": "64MiB", "S3_PATIENCE": "4s"}
    part_count = 12  # the last third is read after the hold

    def unfinished_uploads(self):
        return self.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])

    def begin_and_hold(self, folder):
        """A job of three objects, whose store is held when some parts have been uploaded."""
        size = self.part_count * 8 * MIB // 3
        for number in range(3):
            content = random.Random(SEED + number).randbytes(size)
            self.put(f"{folder}/{number}.bin", content)
        self.gate.shut_after(24 * MIB)
        task = self.api.start("zipstart", self.fields(folder, zipTo=f"{folder}.zip"))
        self.gate.wait_until_shut()
        [upload] = self.unfinished_uploads()
        self.assertEqual(upload["Key"], f"{folder}.zip")
        return task

    def check_nothing_is_left(self, folder):
        self.assertEqual(self.unfinished_uploads(), [])
        self.assertEqual(self.listed(f"{folder}.zip"), [])


class FailedJobsTest(UploadsTest):
    def test_an_object_that_changes_fails_the_job_and_leaves_no_upload(self):
        task = self.begin_and_hold("changing")
        self.put("changing/2.bin", b"other")
        self.gate.open()
        self.assertIn("changing/2.bin", self.fail_task(task))
        self.check_nothing_is_left("changing")

    def test_an_object_that_goes_fails_the_job_and_leaves_no_upload(self):
        task = self.begin_and_hold("going")
        self.s3.delete_object(Bucket=BUCKET, Key="going/2.bin")
        self.gate.open()
        self.assertIn("going/2.bin", self.fail_task(task))
        self.check_nothing_is_left("going")

    def test_a_broken_connection_is_none_of_the_users_business(self):
        task = self.begin_and_hold("breaking")
        self.gate.drop_connections()
        self.gate.open()
        path = self.download(self.succeed(task))
        self.assertEqual(self.unfinished_uploads(), [])
        self.assertEqual(path.stat().st_size,
                         self.s3.head_object(Bucket=BUCKET, Key="breaking.zip")["ContentLength"])


class StoreAwayTest(UploadsTest):
    """The store is gone for longer than a job tries, and comes back."""

    def test_an_upload_that_could_not_be_aborted_is_aborted_later(self):
        task = self.begin_and_hold("away")
        self.sandbox.kill()
        self.gate.open()
        self.gate.drop_connections()
        error = self.fail_task(task)
        self.assertIn("could not be removed yet", error)
        self.assertIn("s3://files/away.zip", error)
        # A restart does not forget it.
        self.server.stop()
        self.server.start()
        self.sandbox.start()
        deadline = time.monotonic() + 120
        while self.unfinished_uploads():
            self.assertLess(time.monotonic(), deadline, "the upload is still there")
            time.sleep(0.5)
        self.check_nothing_is_left("away")


class SecretsTest(ServiceTest):
    """No secret of a request, account or link is in a file of the server or in its log."""

    secret_key = "needle/AWS+secret=0123456789abcdefghij"
    token = "needleSessionToken0123456789"
    settings = {"LOG_LEVEL": "debug"}

    def test_no_secret_is_kept_in_the_open(self):
        # More than the buffers of a connection hold.
        self.put("a.bin", random.Random(SEED).randbytes(16 * MIB))
        right = {"awsSecret": Sandbox.SECRET_KEY}
        needles = {self.secret_key, self.token, Sandbox.SECRET_KEY, self.keys["userSecret"],
                   self.api.token}
        # Wrong ones that fail, and right ones that make links.
        for call in ("zipstart", "streamzip"):
            task = self.api.start(call, self.fields("a.bin", awsToken=self.token))
            self.api.result(task)
            task = self.api.start(call, self.fields("a.bin") | right)
            link = self.succeed(task)
            needles.add(link)
            if call == "streamzip":
                needles.add(link.split("/")[-2])
                self.leave_early(link)
            else:
                needles.add(link.split("X-Amz-Signature=")[1])
            self.download(link)
        self.api.post("/gentoken", self.keys | {"userSecret": "needleWrongUserSecret"})
        needles.add("needleWrongUserSecret")
        rotated = self.server.account("rotate", "tester", "--json").stdout
        needles.add(rotated.split('"')[-2])
        self.search(needles)
        self.server.stop()
        self.search(needles)

    def leave_early(self, link):
        """A client that breaks off: what is logged of it must not be the link."""
        subprocess.run(["curl", "-s", "-m", "0.3", "--limit-rate", "100k", "-o", "/dev/null", link],
                       check=False)

    def search(self, needles):
        files = [path for path in self.server.folder.rglob("*")
                 if path.is_file() and self.server.folder / "store" not in path.parents]
        names = {path.name for path in files}
        self.assertLessEqual({"log", "s3zipper.db", "master.key"}, names)
        for path in files:
            content = path.read_bytes()
            if path.name == "log":  # says the sandbox's own keys, to those who try it
                content = b"\n".join(line for line in content.split(b"\n")
                                     if b"sandbox S3 store at" not in line)
            for needle in needles:
                self.assertFalse(needle.encode() in content, f"{needle} is in {path}")


class StoppingTest(GatedServiceTest):
    """SIGTERM, whatever is going on. `stop` fails where the exit status is not 0."""

    def setUp(self):
        super().setUp()
        if not self.server.running():
            self.server.start()

    def stop(self):
        self.assertLess(self.server.stop(), 2 * SHUTDOWN_GRACE_S)

    def test_while_idle(self):
        self.assertEqual(request("GET", f"{self.server.url}/healthz").status, 200)
        self.stop()

    def test_while_a_job_waits_for_its_store_and_a_client_for_the_job(self):
        digest = self.put("a.txt", "a")
        self.gate.shut()
        task = self.api.start("zipstart", self.fields("a.txt"))
        waiter = threading.Thread(target=self.try_result, args=(task,))
        waiter.start()
        time.sleep(0.2)
        self.stop()
        waiter.join(60)
        self.gate.open()
        self.server.start()
        self.assertTrue(digest)
        self.succeed(task)

    def try_result(self, task):
        try:
            self.api.result(task)
        except (OSError, ValueError, RuntimeError):
            pass  # it is cut
        except Exception as error:  # of http.client
            self.assertIn("Incomplete", repr(error))

    def test_while_a_stream_is_listed(self):
        self.put("a.txt", "a")
        self.gate.shut()
        task = self.api.start("streamzip", self.fields("a.txt"))
        link = self.succeed(task)
        self.stop()
        self.gate.open()
        self.server.start()
        self.assertEqual(request("GET", link).status, 200)

    def test_while_a_slow_client_downloads(self):
        self.put("big.bin", b"a" * ((8 if SANITIZED else 32) * MIB))
        link = self.succeed(self.api.start("streamzip", self.fields("big.bin")))
        path = self.folder / "slow.zip"
        curl = subprocess.Popen(["curl", "-s", "--limit-rate", "100k", "-o", path, link])
        self.addCleanup(curl.wait)
        self.addCleanup(curl.kill)
        while not path.exists() or path.stat().st_size == 0:
            self.assertIsNone(curl.poll())
            time.sleep(0.01)
        self.stop()
        self.assertNotIn(link.split("/")[-2], self.server.log())

    def test_nobody_else_may_serve_the_same_data(self):
        second = run("serve", settings={"DATA_DIR": self.server.data, "LISTEN": "127.0.0.1:0"})
        self.assertNotEqual(second.returncode, 0)
        self.assertIn("another", second.stderr)


if __name__ == "__main__":
    unittest.main()
