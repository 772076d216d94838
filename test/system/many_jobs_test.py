"""Zips into the bucket of many accounts at once: nobody waits for somebody else's, and memory is
bounded."""

import json
import threading
import time
import unittest

from api_client import Api, request
from program import SANITIZED, Sandbox
from service_case import BUCKET, StoreApartTest

CREDENTIALS = {"accessKeyId": Sandbox.ACCESS_KEY, "secretAccessKey": Sandbox.SECRET_KEY}
MIB = 1 << 20
# Long beside what a small zip takes, short beside what the others have to do.
LONG_BEFORE_S = 20 if not SANITIZED else 60
LARGE_MIB = 4 if SANITIZED else 24
BUDGET_MIB = 96


class ManyJobsTest(StoreApartTest):
    virtual = (f"{BUCKET}/large/{{000..399}}.bin={LARGE_MIB} MiB", f"{BUCKET}/small.txt=30000",
               f"{BUCKET}/equal/{{0..3}}.bin={LARGE_MIB} MiB")
    settings = {"MEMORY_BUDGET": f"{BUDGET_MIB}MiB"}

    def new_account(self, name):
        return Api(self.server.url, self.server.create_account(f"{self.id()} {name}"))

    def ask(self, api, method, path, body=None, status=200):
        reply = request(method, self.server.url + path, api.bearer,
                        None if body is None else json.dumps(body))
        self.assertEqual(reply.status, status, reply.body[:300])
        return reply.json

    def start(self, api, source, key):
        body = {"credentials": CREDENTIALS, "bucket": BUCKET, "sources": [source],
                "target": {"key": key}}
        made = self.ask(api, "POST", "/api/zips", body, 201)
        self.addCleanup(self.ask, api, "POST", f"/api/zips/{made['id']}/cancel", {})
        return made["id"]

    def zip(self, api, id_):
        return self.ask(api, "GET", f"/api/zips/{id_}")

    def wait(self, api, id_):
        deadline = time.monotonic() + 20 * LONG_BEFORE_S
        while (now := self.zip(api, id_))["state"] in ("pending", "running", "retrying"):
            self.assertLess(time.monotonic(), deadline, now)
            time.sleep(0.02)
        self.assertEqual(now["state"], "succeeded", now)
        return now

    def busy_with_large_ones(self, api, count):
        ids = [self.start(api, "large/", f"busy/{count}.zip") for count in range(count)]
        deadline = time.monotonic() + LONG_BEFORE_S
        while not any(self.zip(api, id_)["progress"]["bytesDone"] for id_ in ids):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        return ids

    def test_a_small_zip_does_not_wait_for_another_account_s_large_ones(self):
        busy, newcomer = self.new_account("busy"), self.new_account("newcomer")
        large = self.busy_with_large_ones(busy, 40)
        for count in range(3):
            begin = time.monotonic()
            self.wait(newcomer, self.start(newcomer, "small.txt", f"small/{count}.zip"))
            self.assertLess(time.monotonic() - begin, LONG_BEFORE_S)
        self.assertTrue(any(self.zip(busy, id_)["state"] == "running" for id_ in large))

    def test_jobs_of_all_accounts_move_at_the_same_time(self):
        accounts = [self.new_account(name) for name in "abcd"]
        jobs = [(accounts[count % 4], self.start(accounts[count % 4], "large/", f"all/{count}.zip"))
                for count in range(8)]
        deadline = time.monotonic() + 2 * LONG_BEFORE_S
        while not all(self.zip(api, id_)["progress"]["bytesDone"] for api, id_ in jobs):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def test_two_accounts_come_to_their_ends_alike(self):
        one, other = self.new_account("one"), self.new_account("other")
        jobs = {api: [self.start(api, "equal/", f"equal/{id(api)}-{count}.zip")
                      for count in range(20)] for api in (one, other)}
        done = lambda api: sum(self.zip(api, id_)["state"] == "succeeded" for id_ in jobs[api])
        deadline = time.monotonic() + 20 * LONG_BEFORE_S
        while (both := (done(one), done(other))) != (20, 20):
            if min(both) >= 5:
                self.assertLessEqual(max(both), 2 * min(both) + 4, both)
            self.assertLess(time.monotonic(), deadline, both)
            time.sleep(0.1)

    def test_all_zips_that_share_the_memory_are_right(self):
        accounts = [self.new_account(name) for name in "ab"]
        jobs = [(api, self.start(api, "equal/", f"right/{number}-{count}.zip"))
                for count in range(4) for number, api in enumerate(accounts)]
        for api, id_ in jobs:
            self.wait(api, id_)
        etags = {self.s3.get_object(Bucket=BUCKET, Key=f"right/{number}-{count}.zip")["ETag"]
                 for count in range(4) for number in range(2)}
        self.assertEqual(len(etags), 1, "the same request makes the same bytes")

    @unittest.skipIf(SANITIZED, "a sanitizer's own memory is not the program's")
    def test_large_requests_wait_for_memory_or_are_told_to_come_again(self):
        api = self.new_account("large bodies")
        sources = [f"{'x' * 900}{count}" for count in range(30_000)]
        body = json.dumps({"credentials": CREDENTIALS, "bucket": BUCKET, "sources": sources})
        headers = {**api.bearer, "Content-Type": "application/json"}
        answers = []

        def send():
            answers.append(request("POST", self.server.url + "/api/zips", headers, body))

        threads = [threading.Thread(target=send) for _ in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        statuses = {answer.status for answer in answers}
        self.assertIn(201, statuses)
        self.assertLessEqual(statuses, {201, 503})
        for answer in answers:
            if answer.status == 503:
                self.assertIn("Retry-After", answer.headers)
            else:
                self.ask(api, "POST", f"/api/zips/{answer.json['id']}/cancel", {})
        all_at_once = len(threads) * len(body) / MIB
        self.assertLess(self.server.peak_rss_bytes() / MIB, all_at_once)


if __name__ == "__main__":
    unittest.main()
