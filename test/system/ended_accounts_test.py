"""Accounts that are disabled or deleted while they are at work: everything of theirs ends, and
nothing that they do at that moment undoes it."""

import threading
import time
import unittest

from api_client import Api, request
from raw_http import connect, read_to_end
from service_case import BUCKET, GatedServiceTest

MIB = 1 << 20
TIMEOUT_S = 60


def wait_until(condition, what):
    deadline = time.monotonic() + TIMEOUT_S
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"in {TIMEOUT_S} s: {what}")
        time.sleep(0.02)


class EndedAccountsTest(GatedServiceTest):
    virtual = (f"files/large/{{0..3}}.bin={512 * MIB}",)
    settings = {"JOBS_WORKERS": 1}

    def setUp(self):
        super().setUp()
        self.put("a.txt", "a")
        self.name = self.id()
        self.keys = self.server.create_account(self.name)
        self.account = Api(self.server.url, self.keys)

    def end(self, *how):
        ended = self.server.account(*how, self.name)
        self.assertEqual(ended.returncode, 0, ended.stderr)

    def begin(self, method, path, body=b"", bytes_wanted=1):
        """The connection of a request whose answer has begun, and so many bytes of it."""
        connection = connect(self.server.url)
        self.addCleanup(connection.close)
        head = (f"{method} {path} HTTP/1.1\r\nHost: zip\r\nContent-Length: {len(body)}\r\n"
                f"Authorization: Bearer {self.account.token}\r\nConnection: close\r\n\r\n")
        connection.sendall(head.encode() + body)
        received = b""
        while len(received) < bytes_wanted:
            received += connection.recv(65536)
        self.assertIn(b" 200 ", received[:20])
        return connection, received

    def uploads(self):
        return self.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])

    def test_a_download_under_way_is_cut(self):
        for how in (["disable"], ["delete", "--yes"]):
            with self.subTest(how=how):
                self.account = Api(self.server.url, self.keys)
                [link] = self.account.result(
                    self.account.start("streamzip", self.fields("large/")))["results"]
                path = link.removeprefix(self.server.url)
                connection, received = self.begin("GET", path, bytes_wanted=MIB)
                self.end(*how)
                received += read_to_end(connection)
                self.assertLess(len(received), 4 * 512 * MIB, "it is cut, not whole")
                self.assertIn(request("GET", link).status, (404, 410))
                self.server.account("enable", self.name)

    def test_running_and_waiting_jobs_their_watchers_and_results_end(self):
        running = self.account.start("zipstart", self.fields("large/", zipTo="out/running.zip"))
        wait_until(self.uploads, "no upload has begun")
        waiting = self.account.start("zipstart", self.fields("a.txt", zipTo="out/waiting.zip"))
        ids = [next(iter(task["taskUUID"][0].values()))[-36:] for task in (running, waiting)]
        self.gate.shut()
        streams = [self.begin("GET", f"/api/zips/{each}/events", bytes_wanted=200)
                   for each in ids]
        results = [self.begin("POST", "/v2/zipresult", str(task).replace("'", '"').encode())
                   for task in (running, waiting)]
        self.end("disable")
        for connection, received in streams:
            self.assertTrue((received + read_to_end(connection)).endswith(b"\r\n0\r\n\r\n"))
        for connection, received in results:
            answer = received + read_to_end(connection)
            self.assertIn(b"FAILURE", answer)
            self.assertIn(b"the account has been disabled", answer)
        self.gate.open()
        wait_until(lambda: not self.uploads(), "the upload of the running job is still there")
        self.succeed(self.api.start("zipstart", self.fields("a.txt")))  # the worker is free
        self.assertEqual(self.listed("out/"), [])
        self.end("enable")
        for each in ids:
            told = request("GET", f"{self.server.url}/api/zips/{each}",
                           Api(self.server.url, self.keys).bearer).json
            self.assertEqual((told["state"], told["error"]),
                             ("failed", "the account has been disabled"))

    def test_an_account_that_rotates_all_the_time_is_disabled_for_good(self):
        for round_ in range(3):
            ended = threading.Event()

            def rotate_for_ever():
                while not ended.is_set():
                    reply = request("POST", f"{self.server.url}/api/account/rotate",
                                    {**Api(self.server.url, self.keys).bearer,
                                     "Content-Type": "application/json"},
                                    b'{"userSecret": "%s"}' % self.keys["userSecret"].encode())
                    if reply.status != 200:
                        return
                    self.keys = reply.json

            rotating = threading.Thread(target=self.swallow, args=(rotate_for_ever,))
            rotating.start()
            time.sleep(0.05 * round_)
            self.end("disable")
            rotating.join(TIMEOUT_S)
            ended.set()
            self.assertFalse(rotating.is_alive(), "it rotates on")
            self.assertEqual(self.account.post("/gentoken", self.keys).status, 401)
            [line] = [line for line in self.server.account("list").stdout.splitlines()
                      if line.startswith(self.name)]
            self.assertIn("disabled", line)
            self.end("enable")
            self.assertEqual(self.account.post("/gentoken", self.keys).status, 200)

    @staticmethod
    def swallow(call):
        """A token that is refused ends the loop as well."""
        try:
            call()
        except AssertionError:
            pass

    def test_a_deleted_account_leaves_nothing(self):
        done = self.account.start("zipstart", self.fields("a.txt", zipTo=f"kept/{self.name}.zip"))
        self.assertEqual(self.account.result(done)["message"], "SUCCESS")
        self.account.start("zipstart", self.fields("large/", zipTo="out/running.zip"))
        wait_until(self.uploads, "no upload has begun")
        self.end("delete", "--yes")
        wait_until(lambda: not self.uploads(), "the upload of the running job is still there")
        self.assertEqual(self.account.call("/v2/zipstate", done).status, 401)
        self.assertEqual(self.account.post("/gentoken", self.keys).status, 401)
        self.assertNotIn(self.name, self.server.account("list").stdout)
        self.assertEqual(self.listed("kept/"), [f"kept/{self.name}.zip"], "finished zips stay")
        again = self.server.create_account(self.name)
        self.assertNotEqual(again["userKey"], self.keys["userKey"])
        self.assertEqual(self.account.post("/gentoken", again).status, 200)


if __name__ == "__main__":
    unittest.main()
