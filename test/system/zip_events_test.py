"""The events of a zip: read by a client of their wire format, and by a browser's EventSource."""

import http.client
import json
import os
import time
import unittest
import urllib.parse

from api_client import Api, request
from fake_store import FakeStore
from service_case import BUCKET, GatedServiceTest
from webdriver import Chromium

MIB = 1 << 20
TIMEOUT_S = 60


class Watcher:
    """An open answer of GET …/events; next() reads one event, or None at the end."""

    def __init__(self, url, headers):
        parts = urllib.parse.urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_S)
        self._connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
        self.answer = self._connection.getresponse()
        self.comments = 0
        self.retry = None

    def next(self):
        fields = {}
        while line := self.answer.readline().decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if line == "\n":
                if "data" in fields:
                    return fields["event"], int(fields["id"]), json.loads(fields["data"])
                self.retry = fields.get("retry", self.retry)
                fields = {}
            elif line.startswith(":"):
                self.comments += 1
                return "comment", None, None
            else:
                fields[name] = value
        return None

    def rest(self):
        events = []
        while event := self.next():
            events.append(event)
        return events

    def close(self):
        self.answer.close()
        self._connection.close()


class ZipEventsTest(GatedServiceTest):
    virtual = [f"{BUCKET}/large.bin={96 * MIB}"]
    settings = {"HTTP_CORS_ORIGINS": "*"}

    def create(self, *sources):
        body = {"credentials": {"accessKeyId": self.access_key, "secretAccessKey": self.secret_key},
                "bucket": BUCKET, "sources": list(sources)}
        reply = request("POST", self.server.url + "/api/zips", self.api.bearer, json.dumps(body))
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json["id"]

    def create_held(self):
        """One that runs, and comes no further until the gate is opened."""
        self.gate.shut_after(24 * MIB)
        zip_id = self.create("large.bin")
        self.gate.wait_until_shut()
        return zip_id

    def get(self, zip_id):
        return request("GET", f"{self.server.url}/api/zips/{zip_id}", self.api.bearer).json

    def url(self, zip_id):
        return f"{self.server.url}/api/zips/{zip_id}/events"

    def watch(self, zip_id, **headers):
        watcher = Watcher(self.url(zip_id), {**self.api.bearer, **headers})
        self.addCleanup(watcher.close)
        return watcher

    def check_end(self, event, zip_id, state="succeeded"):
        name, _, told = event
        self.assertEqual(name, "end")
        self.assertEqual(told["state"], state)
        self.assertEqual(told, self.get(zip_id))

    def test_a_zip_is_watched_from_its_middle_to_its_end(self):
        zip_id = self.create_held()
        watcher = self.watch(zip_id)
        self.assertEqual(watcher.answer.status, 200)
        self.assertEqual(watcher.answer.headers["Content-Type"], "text/event-stream")
        self.assertEqual(watcher.answer.headers["Cache-Control"], "no-store")
        self.assertEqual(watcher.answer.headers["X-Accel-Buffering"], "no")
        name, _, told = first = watcher.next()
        self.assertEqual((name, told["state"], told["id"]), ("state", "running", zip_id))
        self.assertEqual(watcher.retry, "3000")
        begin = time.monotonic()
        self.gate.open()
        events = [first, *watcher.rest()]
        took = time.monotonic() - begin
        self.check_end(events[-1], zip_id)
        names = [event[0] for event in events]
        self.assertEqual(names, ["state", *["progress"] * (len(names) - 2), "end"])
        ids = [event[1] for event in events]
        self.assertEqual(len(set(ids)), len(ids))
        self.assertLessEqual(len(names), 2 * took + 4, "more than two a second")
        done = [event[2]["progress"]["bytesDone"] for event in events]
        self.assertEqual(done, sorted(done))
        self.assertEqual(done[-1], 96 * MIB)
        for earlier, later in zip(events, events[1:]):
            self.assertNotEqual(earlier[2], later[2], "nothing has changed")

    def test_what_has_ended_is_told_once(self):
        self.put("a.txt", "alpha")
        zip_id = self.create("a.txt")
        end = self.watch(zip_id).rest()[-1]
        self.check_end(end, zip_id)
        for restarted in (False, True):
            if restarted:
                self.server.stop()
                self.server.start()
            again = self.watch(zip_id, **{"Last-Event-ID": str(end[1])})
            self.assertEqual((again.answer.status, again.answer.read()), (204, b""))
            for heard in ({}, {"Last-Event-ID": "12"}, {"Last-Event-ID": "x"}):
                self.assertEqual(self.watch(zip_id, **heard).rest(), [end])

    def test_a_failure_is_an_end(self):
        zip_id = self.create("nowhere/")
        end = self.watch(zip_id).rest()[-1]
        self.check_end(end, zip_id, "failed")
        self.assertIn("nowhere", end[2]["error"])

    def test_what_is_unchanged_is_not_told_but_the_connection_lives(self):
        zip_id = self.create_held()
        watcher = self.watch(zip_id)
        names = [watcher.next()[0]]
        while names[-1] != "comment":
            names.append(watcher.next()[0])
        self.assertLess(len(names), 6, "it stood still")
        self.gate.open()
        self.check_end(watcher.rest()[-1], zip_id)

    def test_a_stop_ends_the_answer_and_a_new_one_goes_on(self):
        zip_id = self.create_held()
        watcher = self.watch(zip_id)
        _, last_id, _ = watcher.next()
        self.server.stop()
        watcher.rest()  # without IncompleteRead: the answer has its end
        self.server.start()
        watcher = self.watch(zip_id, **{"Last-Event-ID": str(last_id)})
        name, new_id, told = watcher.next()
        self.assertEqual((name, told["id"]), ("state", zip_id))
        self.assertGreater(new_id, last_id)
        self.gate.open()
        self.check_end(watcher.rest()[-1], zip_id)

    def test_kill_and_reconnect(self):
        zip_id = self.create_held()
        self.watch(zip_id).next()
        self.server.kill()
        self.server.start()
        watcher = self.watch(zip_id)
        self.assertEqual(watcher.next()[0], "state")
        self.gate.open()
        self.check_end(watcher.rest()[-1], zip_id)

    def open_sockets(self):
        folder = f"/proc/{self.server.process.pid}/fd"
        found = 0
        for name in os.listdir(folder):
            try:
                found += os.readlink(f"{folder}/{name}").startswith("socket:")
            except FileNotFoundError:
                pass
        return found

    def test_many_watch_and_leave(self):
        zip_id = self.create_held()
        stays = self.watch(zip_id)
        stays.next()
        before = self.open_sockets()
        watchers = [self.watch(zip_id) for _ in range(50)]
        for watcher in watchers:
            self.assertEqual(watcher.next()[0], "state")
        self.assertGreaterEqual(self.open_sockets(), before + 50)
        for watcher in watchers[:40]:
            watcher.close()
        deadline = time.monotonic() + TIMEOUT_S
        while self.open_sockets() > before + 15:
            self.assertLess(time.monotonic(), deadline, "who left is still served")
            time.sleep(0.2)
        self.gate.open()
        for watcher in (stays, *watchers[40:]):
            self.check_end(watcher.rest()[-1], zip_id)

    def test_who_may_watch(self):
        self.put("a.txt", "alpha")
        zip_id = self.create("a.txt")
        end = self.watch(zip_id).rest()[-1]
        other = Api(self.server.url, self.server.create_account(self.id()))
        for path in (zip_id, "nothing"):
            reply = request("GET", self.url(path), other.bearer)
            self.assertEqual((reply.status, reply.message), (404, "there is no zip with this id"))
        self.assertEqual(request("GET", self.url(zip_id)).status, 401)
        token = urllib.parse.quote(self.api.token)
        by_query = Watcher(f"{self.url(zip_id)}?access_token={token}", {})
        self.addCleanup(by_query.close)
        self.assertEqual(by_query.rest(), [end])
        self.assertEqual(request("GET", self.url(zip_id) + "?access_token=x").status, 401)
        # In a query it is for events only.
        plain = f"{self.server.url}/api/zips/{zip_id}?access_token={token}"
        self.assertEqual(request("GET", plain).status, 401)
        self.assertNotIn(self.api.token, self.server.log())
        head = request("HEAD", self.url(zip_id), self.api.bearer)
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(head.headers["Content-Type"], "text/event-stream")

    def test_event_source_in_a_browser(self):
        zip_id = self.create_held()
        url = f"{self.url(zip_id)}?access_token={urllib.parse.quote(self.api.token)}"
        page = FakeStore(lambda *_: (200, {"Content-Type": "text/html"}, b"<!doctype html>"))
        self.addCleanup(page.close)
        with Chromium(self.folder) as chromium:
            chromium.open(page.url)
            chromium.run("""
                window.told = [];
                window.source = new EventSource(arguments[0]);
                for (const name of ['state', 'progress', 'end'])
                    source.addEventListener(name, event =>
                        told.push([name, Number(event.lastEventId), JSON.parse(event.data)]));""",
                         url)

            def wait(script):
                deadline = time.monotonic() + TIMEOUT_S
                while not chromium.run(script):
                    self.assertLess(time.monotonic(), deadline, chromium.run("return told"))
                    time.sleep(0.1)

            wait("return told.length > 0")
            # It comes back by itself, with the last id that it has heard.
            self.server.kill()
            self.server.start()
            wait("return told.filter(one => one[0] === 'state').length > 1")
            self.gate.open()
            # 204 answers its last attempt.
            wait("return source.readyState === EventSource.CLOSED")
            events = chromium.run("return told")
        self.check_end(events[-1], zip_id)
        self.assertEqual([event[0] for event in events].count("end"), 1)


if __name__ == "__main__":
    unittest.main()
