"""The steps of the test of docs/reference/openapi.json that make zips and streams, and look into them."""

import http.client
import json
import re
import time
import urllib.parse

from api_client import request
from openapi_case import OPERATIONS, TIMEOUT_S, OpenapiCase, problems
from program import Sandbox
from service_case import BUCKET

CREDENTIALS = {"accessKeyId": Sandbox.ACCESS_KEY, "secretAccessKey": Sandbox.SECRET_KEY}
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


class ZipSteps(OpenapiCase):
    """Its subclass has set `hanging` and `silent_url`, a store that takes calls, and never answers."""

    def wanted(self, *sources, **more):
        return {"credentials": CREDENTIALS, "bucket": BUCKET, "sources": list(sources or ["a.txt"]),
                **more}

    def ended(self, operation, made, api):
        deadline = time.monotonic() + TIMEOUT_S
        while True:
            found = self.call(operation, 200, where={"id": made["id"]}, api=api).json
            if found["state"] not in ("pending", "running", "retrying", "listing"):
                return found
            self.assertLess(time.monotonic(), deadline, found)
            time.sleep(0.02)

    def made(self, operation, api, *sources, **more):
        return self.call(operation, 201, self.wanted(*sources, **more), api=api).json

    def refuse_token_and_id(self, *operations):
        for operation in operations:
            has_id = "{id}" in OPERATIONS[operation][1]
            self.call(operation, 401, where={"id": UNKNOWN_ID})
            if has_id:
                self.call(operation, 404, where={"id": UNKNOWN_ID}, api=self.api)

    def keep(self, api, **more):
        self.call("keepCredentials", 200, {"userSecret": api.keys["userSecret"],
                                           "credentials": CREDENTIALS, **more}, api=api)

    # ---- creating, of both kinds

    def creation(self, operation):
        api = self.api
        once = {"Idempotency-Key": operation}
        first = self.call(operation, 201, self.wanted(), headers=once, api=api).json
        again = self.call(operation, 200, self.wanted(), headers=once, api=api).json
        self.assertEqual(again["id"], first["id"])
        self.call(operation, 409, self.wanted("trip/"), headers=once, api=api)
        self.call(operation, 400, {"bucket": BUCKET}, api=api)
        self.call(operation, 401, self.wanted())
        self.too_large(operation, api)
        bounded = self.new_account()
        self.keep(bounded, buckets=["other"])
        self.call(operation, 403, {"bucket": BUCKET, "sources": ["a.txt"]}, api=bounded)
        return first

    def estimates(self, operation):
        api = self.new_account()
        found = self.call(operation, 200, self.wanted("trip/"), api=api).json
        self.assertEqual((found["entries"], found["bytes"]), (1, 4))
        for _ in range(20):  # one after the other is one at a time
            self.call(operation, 200, self.wanted("trip/"), api=api)
        self.call(operation, 400, {"bucket": BUCKET}, api=api)
        self.call(operation, 401, self.wanted())
        self.call(operation, 403, self.wanted(credentials={**CREDENTIALS, "secretAccessKey": "wrong"}),
                  api=api)
        self.call(operation, 404, self.wanted("nowhere.txt"), api=api)
        self.drain_silent_store()
        slow = http.client.HTTPConnection(urllib.parse.urlsplit(self.server.url).netloc,
                                          timeout=TIMEOUT_S)
        self.addCleanup(slow.close)
        method, path, _ = OPERATIONS[operation]
        slow.request(method, path, json.dumps(self.wanted(endpoint=self.silent_url)), api.bearer)
        self.hold_call_of_silent_store()  # the estimate is under way
        self.call(operation, 429, self.wanted(), api=api)

    def drain_silent_store(self):
        """Takes the calls that earlier steps have made."""
        self.hanging.settimeout(0)
        try:
            while True:
                self.hold(self.hanging.accept()[0])
        except BlockingIOError:
            pass

    def hold_call_of_silent_store(self):
        self.hanging.settimeout(TIMEOUT_S)
        self.hold(self.hanging.accept()[0])

    def hold(self, call):
        """It stays open and unanswered until the test ends."""
        self.addCleanup(call.close)

    def zips(self):
        self.estimates("estimateZip")
        zip_ = self.creation("createZip")
        found = self.ended("getZip", zip_, self.api)
        self.assertEqual(found["state"], "succeeded", found)
        where = {"id": zip_["id"]}
        self.call("listZips", 200, query={"state": "succeeded", "limit": 1}, api=self.api)
        self.call("listZips", 200, query={"search": "ZIP"}, api=self.api)
        self.again(zip_)
        self.call("listZips", 400, query={"state": "asleep"}, api=self.api)
        for form in ("csv", "jsonLines"):
            self.call("reportZip", 200, where=where, query={"format": form}, api=self.api)
        self.call("reportZip", 400, where=where, query={"format": "xml"}, api=self.api)
        failed = self.ended("getZip", self.made("createZip", self.api, "nowhere.txt"), self.api)
        self.call("reportZip", 409, where={"id": failed["id"]}, api=self.api)
        self.retries(zip_, failed)
        self.assertEqual(self.call("cancelZip", 200, where=where, api=self.api).json, found)
        told = self.made("createZip", self.api, webhook="http://127.0.0.1:9/")
        self.ended("getZip", told, self.api)
        deliveries = self.call("listZipDeliveries", 200, where={"id": told["id"]}, api=self.api).json
        self.assertEqual(len(deliveries["deliveries"]), 1)
        self.events(zip_)
        self.all_events()
        plain = self.made("createZip", self.api, link={"presign": False})
        self.ended("getZip", plain, self.api)
        both = self.made("createZip", self.api, "a.txt", "trip/", target={"key": "out/both.zip"})
        self.ended("getZip", both, self.api)
        self.files("Zip", both, failed, plain)
        self.refuse_token_and_id("listZips", "getZip", "reportZip", "cancelZip", "watchZip",
                                 "listZipDeliveries", "retryZip")

    def files(self, kind, made, failed, gone):
        listing, taking = f"list{kind}Files", f"take{kind}File"
        where = {"id": made["id"]}
        page = self.call(listing, 200, where=where, api=self.api,
                         query={"prefix": "trip/", "search": "B", "limit": 1}).json
        self.assertEqual([entry["name"] for entry in page["entries"]], ["trip/b.txt"])
        first = self.call(listing, 200, where=where, query={"limit": 1}, api=self.api).json
        self.call(listing, 200, where=where, query={"cursor": first["nextCursor"]}, api=self.api)
        self.call(listing, 400, where=where, query={"limit": 0}, api=self.api)
        of = lambda name, id_=made["id"]: {"id": id_, "name": name}
        whole = self.call(taking, 200, where=of("trip/b.txt"), api=self.api)
        self.assertEqual(whole.body, b"beta")
        self.call(taking, 200, where=of("trip/"), api=self.api)
        for status, headers in ((206, {"Range": "bytes=1-2"}), (416, {"Range": "bytes=9-"}),
                                (304, {"If-None-Match": whole.headers["ETag"]})):
            self.call(taking, status, where=of("trip/b.txt"), headers=headers, api=self.api)
        self.call(taking, 400, where=of("a.txt"), query={"x": 1}, api=self.api)
        self.call(taking, 404, where=of("nothing"), api=self.api)
        for operation in (listing, taking):
            self.call(operation, 401, where=of("a.txt", UNKNOWN_ID))
            self.call(operation, 404, where=of("a.txt", UNKNOWN_ID), api=self.api)
            self.call(operation, 409, where=of("a.txt", failed["id"]), api=self.api)
            self.call(operation, 410, where=of("a.txt", gone["id"]), api=self.api)

    def all_events(self):
        api = self.new_account()
        method, path, described = OPERATIONS["watchZips"]
        open_ones = []
        for count in range(51):
            connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.server.url).netloc,
                                                    timeout=TIMEOUT_S)
            self.addCleanup(connection.close)
            connection.request(method, path, headers=api.bearer)
            answer = connection.getresponse()
            open_ones.append((connection, answer))
            if answer.status == 429:
                break
            self.assertIn("text/event-stream", described["responses"]["200"]["content"])
            self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
        self.assertEqual(count, 50)
        self.seen |= {("watchZips", "200"), ("watchZips", "200", "text/event-stream")}
        answer.body = answer.read()
        answer.json = json.loads(answer.body)
        self.check("watchZips", described, 429, answer)
        for connection, answer in open_ones:
            answer.close()
            connection.close()
        self.call("watchZips", 401)

    def again(self, zip_):
        where = {"id": zip_["id"]}
        asked = self.call("getZipRequest", 200, where=where, api=self.api).json
        self.assertEqual(asked["path"], "/api/zips")
        made = self.call("makeZipAgain", 201, {"credentials": CREDENTIALS}, where=where,
                         api=self.api).json
        self.assertNotEqual(made["id"], zip_["id"])
        self.assertEqual(self.ended("getZip", made, self.api)["target"], zip_["target"])
        self.call("makeZipAgain", 400, {}, where=where, api=self.api)
        self.refuse_token_and_id("getZipRequest", "makeZipAgain")

    def retries(self, succeeded, failed):
        where = {"id": failed["id"]}
        self.call("retryZip", 400, where=where, api=self.api)
        self.call("retryZip", 200, {"credentials": CREDENTIALS}, where=where, api=self.api)
        self.assertEqual(self.ended("getZip", failed, self.api)["state"], "failed")
        self.call("retryZip", 409, {"credentials": CREDENTIALS}, where={"id": succeeded["id"]},
                  api=self.api)

    def events(self, zip_):
        where = {"id": zip_["id"]}
        text = self.call("watchZip", 200, where=where, api=self.api).body.decode()
        [data] = re.findall(r"^data: (.*)$", text, re.MULTILINE)
        self.assertEqual(problems({"$ref": "#/components/schemas/Zip"}, json.loads(data)), [])
        [event_id] = re.findall(r"^id: (.*)$", text, re.MULTILINE)
        self.call("watchZip", 204, where=where, headers={"Last-Event-ID": event_id}, api=self.api)
        self.call("watchZip", 204, where=where, headers={"Last-Event-ID": event_id},
                  query={"access_token": self.api.token})

    def shared(self, made, failed, revoked):
        def where(stream):
            parts = urllib.parse.urlsplit(stream["links"][0]).path.split("/")
            return {"target": parts[2], "signature": parts[3]}
        about = self.call("getShared", 200, where=where(made)).json
        self.assertEqual(about["entries"], 2)
        found = self.call("listSharedFiles", 200, where=where(made),
                          query={"search": "b.t", "prefix": "trip/", "limit": 1}).json
        self.assertEqual([entry["name"] for entry in found["entries"]], ["trip/b.txt"])
        self.call("listSharedFiles", 400, where=where(made), query={"limit": 0})
        self.call("listSharedFiles", 409, where=where(failed))
        for operation in ("getShared", "listSharedFiles"):
            self.call(operation, 404, where={**where(made), "signature": "wrong"})
            self.call(operation, 410, where=where(revoked))

    def streams(self):
        self.estimates("estimateStream")
        stream = self.creation("createStream")
        at_once = {"download": "1"}
        zipped = self.call("createStream", 200, self.wanted(), query=at_once, api=self.api)
        self.assertEqual(zipped.body[:2], b"PK")
        form = urllib.parse.urlencode({"credentials.accessKeyId": Sandbox.ACCESS_KEY,
                                       "credentials.secretAccessKey": Sandbox.SECRET_KEY,
                                       "bucket": BUCKET, "sources": "a.txt"}).encode()
        self.call("createStream", 200, form, query=at_once, api=self.api,
                  headers={"Content-Type": "application/x-www-form-urlencoded"})
        self.call("createStream", 404, self.wanted("nowhere.txt"), query=at_once, api=self.api)
        self.assertEqual(self.ended("getStream", stream, self.api)["state"], "ready")
        where = {"id": stream["id"]}
        self.call("listStreams", 200, query={"limit": 1}, api=self.api)
        self.call("listStreams", 400, query={"limit": 0}, api=self.api)
        for form in ("csv", "jsonLines"):
            self.call("reportStream", 200, where=where, query={"format": form}, api=self.api)
        self.call("reportStream", 400, where=where, query={"format": "xml"}, api=self.api)
        asked = self.call("getStreamRequest", 200, where=where, api=self.api).json
        self.assertEqual(asked["path"], "/api/streams")
        begun = self.made("createStream", self.api, "nowhere.txt")
        failed = self.ended("getStream", begun, self.api)
        self.call("reportStream", 409, where={"id": failed["id"]}, api=self.api)
        self.call("listStreamDeliveries", 200, where=where, api=self.api)
        self.assertEqual(self.call("revokeStream", 200, where=where, api=self.api).json["state"],
                         "revoked")
        both = self.made("createStream", self.api, "a.txt", "trip/")
        self.ended("getStream", both, self.api)
        self.files("Stream", both, failed, stream)
        self.shared(both, begun, stream)
        self.refuse_token_and_id("listStreams", "getStream", "reportStream", "revokeStream",
                                 "listStreamDeliveries", "getStreamRequest")
