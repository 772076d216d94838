"""Stores that are away for a while, or for good: commands, jobs and downloads go on as long as their
patience lasts, ask at a sensible pace, and end at once where somebody calls them off."""

import itertools
import json
import socket
import time
import unittest
import zipfile
from collections import Counter
from contextlib import contextmanager
from urllib.parse import urlsplit

from api_client import Api, download, request
from command_case import CommandTest
from fake_store import FakeStore
from program import Sandbox, Server
from service_case import BUCKET, StoreApartTest

MIB = 1 << 20
# Eight tries at doubled pauses would be over long before.
OUTAGE_S = 7
LARGE = "files/large/{0..31}.bin=4 MiB"
# Reading LARGE takes some seconds.
FAULTS = """
[[fault]]
call = "GetObject"
key = "large/*"
do = "rate"
bytes_per_second = "500 kB"
"""


def nobodys_url():
    """Of a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def away(sandbox):
    """Nobody listens at the store's address."""
    sandbox.kill()
    try:
        yield
    finally:
        sandbox.start()


class PatientCommandTest(CommandTest):
    virtual = (LARGE,)
    faults = FAULTS

    def test_an_outage_ends_no_command(self):
        process = self.start("zip", "s3://files/large/", "-o", "large.zip", "--json")
        events = [json.loads(process.stdout.readline())]  # it is under way
        with away(self.sandbox):
            time.sleep(OUTAGE_S)
        events += [json.loads(line) for line in process.stdout]
        self.assertEqual(process.wait(), 0, process.stderr.read())
        self.assertEqual([events[0]["event"], events[-1]["event"]], ["progress", "done"])
        self.assertIn("waiting", [event["event"] for event in events])
        with zipfile.ZipFile(self.folder / "large.zip") as archive:
            self.assertIsNone(archive.testzip())

    def test_what_does_not_pass_is_told_at_once(self):
        complaint = self.fail_with(1, "zip", "s3://files/missing", "-o", "missing.zip")
        self.assertIn("missing", complaint)
        self.assertNotIn("tried", complaint)

    def test_a_store_that_never_answers_is_told_after_the_patience(self):
        complaint = self.fail_with(1, "ls", "s3://files/a.zip", "--patience", "300ms",
                                   "--endpoint", nobodys_url())
        self.assertRegex(complaint, r"no connection to 127.0.0.1:\d+: .*; tried \d+ times")

    def test_the_patience_is_a_length_of_time(self):
        for wrong in ("soon", "-1s", "25h"):
            self.assertIn("--patience",
                          self.fail_with(2, "ls", "s3://files/a.zip", "--patience", wrong))

    def test_the_store_says_when_to_come_back(self):
        times = []

        def answer(*_):
            times.append(time.monotonic())
            return (503, {"Retry-After": "1"}, b"") if len(times) < 3 else (404, {}, b"")

        store = FakeStore(answer)
        self.addCleanup(store.close)
        self.fail_with(1, "ls", "s3://files/a.zip", "--endpoint", store.url)
        self.assertGreaterEqual(len(times), 3)
        for before, after in itertools.pairwise(times[:3]):
            self.assertGreaterEqual(after - before, 1)


    def test_an_object_that_is_never_sent_is_asked_for_by_one_read_at_a_time(self):
        def answer(method, path):
            if method == "HEAD":
                return 200, {"ETag": '"e"'}, b"x" * (12 * MIB)
            if "list-type" in path:
                return 200, {}, (b"<ListBucketResult><IsTruncated>false</IsTruncated>"
                                 b"</ListBucketResult>")
            return None

        store = FakeStore(answer)
        self.addCleanup(store.close)
        complaint = self.fail_with(1, "zip", "s3://files/large.bin", "-o", "large.zip",
                                   "--patience", "3s", "--endpoint", store.url)
        self.assertRegex(complaint, "GetObject s3://files/large.bin: .*; tried ")
        asked = Counter(headers["Range"] for method, _, headers in store.asked
                        if method == "GET" and "Range" in headers)
        # Many segments have asked once; one of them went on.
        self.assertGreater(len(asked), 3)
        self.assertGreater(max(asked.values()), 3)
        self.assertEqual(sorted(asked.values())[-2], 1, asked)


class OtherClockTest(CommandTest):
    """The store's clock is two hours ahead of ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.put_all({"in/a.txt": "a", "in/b.txt": "b"})
        cls.sandbox.stop()
        cls.sandbox.arguments = ["--quirks", "other-clock"]
        cls.sandbox.start()

    def test_commands_sign_with_the_store_s_time(self):
        self.succeed("zip", "s3://files/in", "-o", "s3://files/out.zip")
        self.assertEqual(self.succeed("ls", "s3://files/out.zip").split(), ["in/a.txt", "in/b.txt"])
        self.succeed("get", "s3://files/out.zip", "-d", "unpacked")
        self.assertEqual((self.folder / "unpacked/in/a.txt").read_text(), "a")
        checked = self.succeed("check-store", "s3://files/check")
        self.assertNotIn("NO", checked)

    def test_jobs_links_and_presigned_links_work(self):
        server = Server(sandbox=False, S3_ENDPOINT=self.sandbox.url)
        self.addCleanup(server.close)
        server.start()
        api = Api(server.url, server.create_account("early"))
        fields = {"awsKey": Sandbox.ACCESS_KEY, "awsSecret": Sandbox.SECRET_KEY,
                  "awsBucket": BUCKET, "filePaths": ["in/"]}
        for call in ("zipstart", "streamzip"):
            result = api.result(api.start(call, fields))
            self.assertEqual(result["message"], "SUCCESS", result)
            path = self.folder / f"{call}.zip"
            self.assertEqual(download(result["results"][0], path).status, 200)
            with zipfile.ZipFile(path) as archive:
                self.assertEqual(archive.namelist(), ["in/a.txt", "in/b.txt"])


class CredentialsTest(CommandTest):
    """Keys of a process that gives others out when it is asked again."""

    virtual = ("files/many/{000..399}.bin=64 KiB",)

    def write_process(self, *answers):
        """Prints one of the answers a call, the last one again and again; the file of its calls."""
        calls = self.folder / "calls"
        calls.write_text("")
        for index, answer in enumerate(answers):
            (self.folder / f"answer{index}").write_text(json.dumps({"Version": 1, **answer}))
        script = self.folder / "give-keys"
        script.write_text(f"#!/bin/sh\ncd '{self.folder}'\n"
                          "n=$(wc -l < calls)\necho called >> calls\n"
                          f"[ $n -lt {len(answers)} ] || n={len(answers) - 1}\ncat answer$n\n")
        script.chmod(0o700)
        (self.home / ".aws").mkdir(exist_ok=True)
        (self.home / ".aws/config").write_text(
            f"[profile \"of a process\"] # not a role\ncredential_process = {script}\n")
        return calls

    @staticmethod
    def keys(access_key=Sandbox.ACCESS_KEY, seconds=None):
        answer = {"AccessKeyId": access_key, "SecretAccessKey": Sandbox.SECRET_KEY}
        if seconds is not None:
            end = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + seconds))
            answer["Expiration"] = end
        return answer

    def zip_with_process(self):
        return self.succeed("zip", "s3://files/many", "-o", "many.zip", "-f", "--profile",
                            "of a process", without=("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))

    def test_keys_without_an_end_are_asked_for_once(self):
        calls = self.write_process(self.keys())
        self.zip_with_process()
        self.assertEqual(calls.read_text().split(), ["called"])

    def test_keys_are_asked_for_again_before_their_end(self):
        self.restart_sandbox('[[fault]]\ncall = "GetObject"\ndo = "delay"\nms = 1500\n')
        calls = self.write_process(self.keys(seconds=4), self.keys(seconds=3600))
        self.zip_with_process()
        self.assertEqual(calls.read_text().split(), ["called"] * 2)

    def test_others_are_asked_for_once_when_the_store_says_that_they_have_ended(self):
        self.restart_sandbox('[[fault]]\ncall = "GetObject"\ntimes = 1\ndo = "error"\n'
                             'status = 400\ncode = "ExpiredToken"\n')
        others = {**self.keys("sandbox-temporary"), "SessionToken": "sandbox-session"}
        calls = self.write_process(self.keys(), others)
        self.zip_with_process()
        self.assertEqual(calls.read_text().split(), ["called"] * 2)

    def restart_sandbox(self, faults):
        self.sandbox.stop()
        self.sandbox.set_faults(faults)
        self.sandbox.start()


class PatientServerTest(StoreApartTest):
    virtual = (LARGE,)
    faults = FAULTS
    settings = {"S3_PATIENCE": "60s"}

    def another_server(self, **settings):
        server = Server(sandbox=False, **{"S3_ENDPOINT": self.sandbox.url, **settings})
        self.addCleanup(server.close)
        server.start()
        api = Api(server.url, server.create_account("another"))
        api.server = server
        return api

    def test_an_outage_ends_neither_job_nor_download(self):
        [link] = self.api.result(self.api.start("streamzip", self.fields("large/")))["results"]
        job = self.api.start("zipstart", self.fields("large/", zipTo="out/large.zip"))
        url = urlsplit(link)
        with socket.create_connection((url.hostname, url.port), timeout=120) as client:
            client.sendall(f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
            received = client.recv(1 << 16)  # it has begun
            with away(self.sandbox):
                time.sleep(OUTAGE_S)
            head, body = received.split(b"\r\n\r\n", 1)
            length = int(head.lower().split(b"content-length: ")[1].split()[0])
            count = len(body)
            while count < length and (piece := client.recv(1 << 20)):
                count += len(piece)
        self.assertEqual(count, length)
        self.succeed(job)

    def test_a_client_that_leaves_while_the_store_is_away_frees_everything(self):
        api = self.another_server(S3_PATIENCE="1h", S3_DOWNLOAD_PATIENCE="1h")
        [link] = api.result(api.start("streamzip", self.fields("large/")))["results"]
        stream_id = link.split("/")[-3]
        url = urlsplit(link)
        client = socket.create_connection((url.hostname, url.port), timeout=120)
        client.sendall(f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
        client.recv(1 << 16)
        with away(self.sandbox):
            time.sleep(1)
            client.close()
            self.wait_for_log(api.server, f"{stream_id}: ended early: the client has left")

    def wait_for_log(self, server, text):
        deadline = time.monotonic() + 60
        while text not in server.log():
            self.assertLess(time.monotonic(), deadline, server.log()[-2000:])
            time.sleep(0.1)

    def test_a_silent_store_does_not_hold_up_who_waits_for_an_answer(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            api = self.another_server(S3_ENDPOINT=f"http://127.0.0.1:{silent.getsockname()[1]}",
                                      S3_TIMEOUT_SECONDS=1, S3_DOWNLOAD_PATIENCE="2s")
            fields = {"credentials": {"accessKeyId": "a", "secretAccessKey": "b"},
                      "bucket": BUCKET}
            reply = api.post("/api/browse", fields, headers=api.bearer)
            self.assertIn(reply.status, (502, 503, 504), reply.body)

    def test_a_job_that_waits_for_its_store_is_cancelled_at_once(self):
        self.put("small.txt", "small")
        api = self.another_server(S3_PATIENCE="1h", JOBS_WORKERS=1)
        task = api.start("zipstart", self.fields("large/", zipTo="out/cancelled.zip"))
        [[*_, name]] = [list(each.values()) for each in task["taskUUID"]]
        with away(self.sandbox):
            time.sleep(2)
            reply = request("POST", f"{api.url}/api/zips/{name.split('_')[-1]}/cancel", api.bearer)
            self.assertEqual(reply.status, 200, reply.body)
        # The only worker has time for the next.
        result = api.result(api.start("zipstart", self.fields("small.txt", zipTo="out/next.zip")))
        self.assertEqual(result["message"], "SUCCESS", result)
        self.assertNotIn("out/cancelled.zip", self.listed("out/"))


if __name__ == "__main__":
    unittest.main()
