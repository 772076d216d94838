"""The events of all zips of an account."""

import json
import time
import unittest
import urllib.parse

from api_client import Api, request
from service_case import BUCKET, GatedServiceTest
from zip_events_test import TIMEOUT_S, Watcher

MIB = 1 << 20


class AccountEventsTest(GatedServiceTest):
    virtual = [f"{BUCKET}/large.bin={96 * MIB}"]

    def setUp(self):
        super().setUp()
        self.api = Api(self.server.url, self.server.create_account(self.id()))
        self.put("a.txt", "alpha")

    def credentials(self):
        return {"accessKeyId": self.access_key, "secretAccessKey": self.secret_key}

    def create(self, *sources):
        body = {"credentials": self.credentials(), "bucket": BUCKET, "sources": list(sources)}
        reply = request("POST", self.server.url + "/api/zips", self.api.bearer, json.dumps(body))
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json["id"]

    def create_held(self):
        self.gate.shut_after(24 * MIB)
        zip_id = self.create("large.bin")
        self.gate.wait_until_shut()
        return zip_id

    def get(self, zip_id):
        return request("GET", f"{self.server.url}/api/zips/{zip_id}", self.api.bearer).json

    def post(self, zip_id, verb):
        return request("POST", f"{self.server.url}/api/zips/{zip_id}/{verb}", self.api.bearer)

    def wait_until_ended(self, zip_id):
        deadline = time.monotonic() + TIMEOUT_S
        while self.get(zip_id)["endedAt"] is None:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def watch(self, api=None, query="", **headers):
        watcher = Watcher(f"{self.server.url}/api/events{query}",
                          {**(api or self.api).bearer, **headers})
        self.addCleanup(watcher.close)
        self.assertEqual(watcher.answer.status, 200)
        return watcher

    def hello(self, watcher):
        name, event_id, data = watcher.next()
        self.assertEqual((name, data), ("hello", {}))
        return event_id

    def until(self, watcher, zip_id, state, **fields):
        """The events up to the one that tells this zip in this state, with these fields."""
        seen = []
        while True:
            event = watcher.next()
            self.assertIsNotNone(event, seen)
            if event[0] == "comment":
                continue
            seen.append(event)
            name, _, data = event
            is_it = name == "zip" and data["id"] == zip_id and data["state"] == state
            if is_it and all(data[field] == value for field, value in fields.items()):
                return seen

    def test_zips_are_told_from_their_making_to_their_end(self):
        watcher = self.watch()
        self.assertEqual(watcher.answer.headers["Content-Type"], "text/event-stream")
        self.assertEqual(watcher.answer.headers["Cache-Control"], "no-store")
        self.assertEqual(watcher.answer.headers["X-Accel-Buffering"], "no")
        last = self.hello(watcher)
        held = self.create_held()
        begin = time.monotonic()
        seen = self.until(watcher, held, "running")
        self.gate.open()
        seen += self.until(watcher, held, "succeeded")
        quick = self.create("a.txt")
        seen += self.until(watcher, quick, "succeeded")
        took = time.monotonic() - begin
        self.assertEqual({data["id"] for _, _, data in seen}, {held, quick})
        self.assertEqual(seen[-1][2], self.get(quick))
        ids = [event_id for _, event_id, _ in seen]
        self.assertEqual(ids, sorted(set(ids)))
        self.assertGreater(ids[0], last)
        for zip_id in (held, quick):
            told = [data for _, _, data in seen if data["id"] == zip_id]
            self.assertLessEqual(len(told), took + 2, "more than one a second")
            for one, next_one in zip(told, told[1:]):
                self.assertNotEqual(one, next_one, "nothing has changed")

    def test_a_cancel_and_a_retry_are_told(self):
        held = self.create_held()
        watcher = self.watch()
        self.hello(watcher)
        self.assertEqual(self.post(held, "cancel").status, 200)
        self.gate.open()
        self.until(watcher, held, "cancelled", cleaning=False)
        self.assertFalse(self.get(held)["cleaning"])
        retried = request("POST", f"{self.server.url}/api/zips/{held}/retry", self.api.bearer,
                          json.dumps({"credentials": self.credentials()}))
        self.assertEqual(retried.status, 200, retried.body)
        self.until(watcher, held, "succeeded")
        failed = self.create("nowhere/")
        self.until(watcher, failed, "failed")

    def test_what_was_there_before_is_not_told(self):
        old = self.create("a.txt")
        self.wait_until_ended(old)
        held = self.create_held()
        watcher = self.watch()
        self.hello(watcher)
        second = self.watch()
        self.hello(second)
        self.gate.open()
        for one in (watcher, second):
            seen = self.until(one, held, "succeeded")
            self.assertEqual({data["id"] for _, _, data in seen}, {held})

    def test_each_account_hears_of_its_own(self):
        other = Api(self.server.url, self.server.create_account(self.id() + " other"))
        stranger = self.watch(other)
        self.hello(stranger)
        watcher = self.watch()
        self.hello(watcher)
        mine = self.create("a.txt")
        self.until(watcher, mine, "succeeded")
        name, _, _ = stranger.next()
        self.assertEqual(name, "comment", "15 s without an event")
        self.assertEqual(request("GET", f"{self.server.url}/api/events").status, 401)
        token = urllib.parse.quote(self.api.token)
        by_query = Watcher(f"{self.server.url}/api/events?access_token={token}", {})
        self.addCleanup(by_query.close)
        self.hello(by_query)

    def test_a_client_that_comes_again_is_told_to_ask_anew(self):
        watcher = self.watch()
        last = self.hello(watcher)
        for restarted in (False, True):
            if restarted:
                self.server.stop()
                watcher.rest()  # without IncompleteRead: the answer has its end
                self.server.start()
            again = self.watch(**{"Last-Event-ID": str(last)})
            self.assertGreaterEqual(self.hello(again), last)
            self.assertEqual(again.next()[0], "resync")
            made = self.create("a.txt")
            self.until(again, made, "succeeded")
        head = request("HEAD", f"{self.server.url}/api/events", self.api.bearer)
        self.assertEqual((head.status, head.body), (200, b""))

    def test_the_streams_of_an_account_are_bounded_and_end(self):
        watchers = [self.watch() for _ in range(50)]
        for watcher in watchers:
            self.hello(watcher)
        refused = request("GET", f"{self.server.url}/api/events", self.api.bearer)
        self.assertEqual(refused.status, 429, refused.body)
        for watcher in watchers:
            watcher.close()
        deadline = time.monotonic() + TIMEOUT_S
        while True:
            again = Watcher(f"{self.server.url}/api/events", self.api.bearer)
            if again.answer.status == 200:
                break
            again.close()
            self.assertLess(time.monotonic(), deadline, "who left still has a seat")
            time.sleep(0.2)
        self.hello(again)
        self.server.account("disable", self.id())
        again.rest()  # it ends
        again.close()


if __name__ == "__main__":
    unittest.main()
