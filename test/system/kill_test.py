"""kill -9 at any moment, and a restart: jobs go on from their finished parts, and a download is
finished by `curl -C -`, byte for byte."""

import hashlib
import subprocess
import time
import unittest

import virtual_content
import zips
from api_client import request
from service_case import BUCKET, GatedServiceTest

MIB = 1 << 20
PART_BYTES = 8 * MIB
FILES = 6  # the test that kills again and again needs parts left to send
FILE_BYTES = 16 * MIB
CURL_CONNECTION_LOST = (18, 56)


class KillTest(GatedServiceTest):
    virtual = (f"{BUCKET}/big/{{1..{FILES}}}.bin={FILE_BYTES}", f"{BUCKET}/big/small/{{1..50}}=1000")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expected = {
            f"big/{number}.bin": virtual_content.digests(f"big/{number}.bin", FILE_BYTES)[1]
            for number in range(1, FILES + 1)}
        cls.expected |= {f"big/small/{number}": virtual_content.digests(f"big/small/{number}", 1000)[1]
                         for number in range(1, 51)}

    def kill_and_restart(self):
        """The store hears no more of what the killed server had begun to say."""
        self.server.kill()
        self.gate.drop_connections()
        self.gate.open()
        self.server.start()

    def begin_upload(self, key):
        """A job whose store is held while it uploads; its task, upload id and finished parts."""
        self.gate.posts.clear()
        self.gate.shut_after(PART_BYTES * 11 // 2)
        task = self.api.start("zipstart", self.fields("big/", zipTo=key))
        self.gate.wait_until_shut()
        [upload] = self.s3.list_multipart_uploads(Bucket=BUCKET, Prefix=key)["Uploads"]
        parts = self.s3.list_parts(Bucket=BUCKET, Key=key, UploadId=upload["UploadId"])["Parts"]
        return task, upload["UploadId"], parts

    def created_uploads(self):
        return [target for target in self.gate.posts if target.endswith("?uploads=")
                or target.endswith("?uploads")]

    def test_a_killed_job_goes_on_from_its_finished_parts(self):
        task, upload_id, parts = self.begin_upload("out/killed.zip")
        self.assertGreaterEqual(len(parts), 1)
        self.kill_and_restart()
        sent_before = self.gate.sent
        path = self.download(self.succeed(task))
        zips.check(path, self.expected)
        zips.check_with_other_readers(path)
        finished = sum(part["Size"] for part in parts)
        self.assertLessEqual(self.gate.sent - sent_before,
                             path.stat().st_size - finished + MIB, "parts were sent twice")
        self.assertEqual(len(self.created_uploads()), 1, self.gate.posts)
        completed = [target for target in self.gate.posts if "uploadId=" in target]
        self.assertTrue(completed and all(upload_id in target for target in completed))
        self.assertEqual(self.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []), [])
        state = self.api.state(task)
        self.assertEqual(state["Progress"]["BytesTotal"], FILES * FILE_BYTES + 50 * 1000)

    def test_a_split_job_killed_in_its_second_archive_leaves_the_first_as_it_is(self):
        self.gate.posts.clear()
        self.gate.shut_after(3 * FILE_BYTES + PART_BYTES * 11 // 2)
        task = self.api.start("zipstart", self.fields("big/", zipTo="out/split.zip",
                                                      maxFileSize="50MiB"))
        self.gate.wait_until_shut()
        first = self.s3.head_object(Bucket=BUCKET, Key="out/split.zip")
        [upload] = self.s3.list_multipart_uploads(Bucket=BUCKET, Prefix="out/split")["Uploads"]
        self.assertEqual(upload["Key"], "out/split_1.zip")
        self.kill_and_restart()
        result = self.api.result(task)
        self.assertEqual(result["message"], "SUCCESS", result)
        names = list(self.expected)
        self.assertEqual(len(result["results"]), 2)
        for url, part in zip(result["results"], (names[:3], names[3:])):
            zips.check(self.download(url), {name: self.expected[name] for name in part})
        again = self.s3.head_object(Bucket=BUCKET, Key="out/split.zip")
        self.assertEqual(again["LastModified"], first["LastModified"])
        self.assertEqual(len(self.created_uploads()), 2, self.gate.posts)
        self.assertEqual(self.api.state(task)["Progress"]["FilesDone"], len(names))

    def test_a_job_killed_again_and_again_ends(self):
        task, _, parts = self.begin_upload("out/often.zip")
        for _ in range(2):
            self.server.kill()
            self.gate.drop_connections()
            self.gate.open()
            self.gate.shut_after(PART_BYTES * 3 // 2)
            self.server.start()
            self.gate.wait_until_shut()
        self.kill_and_restart()
        zips.check(self.download(self.succeed(task)), self.expected)
        self.assertEqual(len(self.created_uploads()), 1, self.gate.posts)

    def test_a_job_killed_after_complete_had_succeeded_unheard(self):
        """The answer to CompleteMultipartUpload never comes; the object is there."""
        self.gate.posts.clear()
        self.gate.shut_behind_post("uploadId=")
        task = self.api.start("zipstart", self.fields("big/", zipTo="out/unheard.zip"))
        self.gate.wait_until_shut()
        while not self.listed("out/unheard.zip"):
            time.sleep(0.05)
        stored = self.s3.head_object(Bucket=BUCKET, Key="out/unheard.zip")
        self.kill_and_restart()
        zips.check(self.download(self.succeed(task)), self.expected)
        self.assertEqual(len(self.created_uploads()), 1, self.gate.posts)
        again = self.s3.head_object(Bucket=BUCKET, Key="out/unheard.zip")
        self.assertEqual((again["LastModified"], again["ETag"]),
                         (stored["LastModified"], stored["ETag"]))

    def test_a_job_killed_before_its_listing_ended(self):
        self.gate.shut()
        task = self.api.start("zipstart", self.fields("big/"))
        self.kill_and_restart()
        zips.check(self.download(self.succeed(task)), self.expected)

    def test_a_link_whose_listing_was_killed_works(self):
        self.gate.shut()
        task = self.api.start("streamzip", self.fields("big/small/"))
        link = self.succeed(task)
        self.kill_and_restart()
        self.assertEqual(request("GET", link).status, 200)

    def test_curl_finishes_a_download_that_was_killed(self):
        link = self.succeed(self.api.start("streamzip", self.fields("big/")))
        path = self.folder / "resumed.zip"
        curl = subprocess.Popen(["curl", "-sS", "--limit-rate", "20M", "-o", path, link],
                                stderr=subprocess.PIPE)
        while not path.exists() or path.stat().st_size < FILE_BYTES * 3 // 2:
            self.assertIsNone(curl.poll(), "curl ended")
            time.sleep(0.01)
        self.server.kill()
        _, message = curl.communicate(timeout=60)
        self.assertIn(curl.returncode, CURL_CONNECTION_LOST, message)
        part = path.stat().st_size
        self.server.start()
        done = subprocess.run(["curl", "-sS", "-C", "-", "-o", path, "-w",
                               "%{http_code} %{size_download}", link],
                              capture_output=True, text=True, timeout=300, check=True)
        size = path.stat().st_size
        self.assertEqual(done.stdout, f"206 {size - part}")
        zips.check(path, self.expected)
        whole = request("GET", link)
        self.assertEqual(hashlib.sha256(path.read_bytes()).hexdigest(), zips.sha256(whole.body))

    def test_states_and_links_survive(self):
        job = self.api.start("zipstart", self.fields("big/small/"))
        result = self.succeed(job)
        failed = self.api.start("zipstart", self.fields("nothing-there"))
        error = self.fail_task(failed)
        link = self.succeed(self.api.start("streamzip", self.fields("big/small/")))
        whole = request("GET", link)
        states = [self.api.state(job), self.api.state(failed)]
        for stop in (self.server.kill, self.server.stop):
            stop()
            self.server.start()
            self.assertEqual([self.api.state(job), self.api.state(failed)], states)
            self.assertEqual(self.succeed(job), result)
            self.assertEqual(self.fail_task(failed), error)
            again = request("GET", link, {"If-Range": whole.headers["ETag"], "Range": "bytes=9-"})
            self.assertEqual(again.status, 206)
            self.assertEqual(again.body, whole.body[9:])


if __name__ == "__main__":
    unittest.main()
