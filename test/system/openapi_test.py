"""docs/reference/openapi.json against the running server: every operation, every answer that it documents,
every field of every request."""

import copy
import http.client
import json
import re
import time
import unittest
import urllib.parse
from types import SimpleNamespace

from api_client import request
from openapi_case import DOCUMENT, OPERATIONS, ROOT, TIMEOUT_S, OpenapiCase, problems, resolved
from program import Sandbox, run
from service_case import BUCKET
from site_client import Browser

CREDENTIALS = {"accessKeyId": Sandbox.ACCESS_KEY, "secretAccessKey": Sandbox.SECRET_KEY}
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"

# Fields whose value is no matter of their type: a good one of each.
GOOD = {"endpoint": None, "region": "us-east-1", "bucket": BUCKET, "key": "list.csv",
        "map": "map.json", "versionId": "", "email": "someone@example.com",
        "webhook": "http://127.0.0.1:9/hook", "target.key": "out/a.zip",
        "target.storageClass": "STANDARD_IA"}


def leaves(schema, path=()):
    """(path, schema) of all fields of an object that hold no further ones."""
    for name, field in schema["properties"].items():
        field = resolved(field)
        if field.get("type") == "object" and "properties" in field:
            yield from leaves(field, (*path, name))
        else:
            yield (*path, name), field


class OpenapiTest(OpenapiCase):
    settings = {"WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8", "MAIL_URL": "smtp://127.0.0.1:9",
                "MAIL_FROM": "zips@example.com", "PUBLIC_URL": "http://127.0.0.1"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.put("a.txt", "alpha")
        cls.put("trip/b.txt", "beta")
        cls.put("list.csv", f"{BUCKET},a.txt\n")
        cls.put("map.json", json.dumps({"a.txt": "first.txt"}))

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

    def zips(self):
        zip_ = self.creation("createZip")
        found = self.ended("getZip", zip_, self.api)
        self.assertEqual(found["state"], "succeeded", found)
        where = {"id": zip_["id"]}
        self.call("listZips", 200, query={"state": "succeeded", "limit": 1}, api=self.api)
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

    def streams(self):
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
        failed = self.ended("getStream", self.made("createStream", self.api, "nowhere.txt"), self.api)
        self.call("reportStream", 409, where={"id": failed["id"]}, api=self.api)
        self.call("listStreamDeliveries", 200, where=where, api=self.api)
        self.assertEqual(self.call("revokeStream", 200, where=where, api=self.api).json["state"],
                         "revoked")
        both = self.made("createStream", self.api, "a.txt", "trip/")
        self.ended("getStream", both, self.api)
        self.files("Stream", both, failed, stream)
        self.refuse_token_and_id("listStreams", "getStream", "reportStream", "revokeStream",
                                 "listStreamDeliveries")

    # ---- the account, and what it may see

    def tried_too_often(self, operation, status, body, api):
        """From an address that has nothing to do with the rest of the test."""
        sender = {"X-Forwarded-For": f"203.0.113.{len(self.seen) % 250 + 1}"}
        for _ in range(20):
            method, path, _ = OPERATIONS[operation]
            headers = {**(api.bearer if api else {}), **sender, "Content-Type": "application/json"}
            reply = request(method, self.server.url + path, headers, json.dumps(body).encode())
            if reply.status == 429:
                break
            self.assertEqual(reply.status, status, reply.body)
        self.call(operation, 429, body, headers=sender, api=api)

    def account(self):
        api = self.new_account()
        self.call("getAccount", 200, api=api)
        self.keep(api)
        self.assertIsNotNone(self.call("getAccount", 200, api=api).json["credentials"])
        kept = {"userSecret": "wrong", "credentials": CREDENTIALS}
        self.call("keepCredentials", 400, {"userSecret": api.keys["userSecret"]}, api=api)
        self.call("keepCredentials", 403, kept, api=api)
        self.tried_too_often("keepCredentials", 403, kept, api)
        self.call("eraseCredentials", 200, api=api)
        self.call("setErrorUrl", 200, {"errorUrl": "https://shop.example/sorry"}, api=api)
        self.call("getAccount", 200, api=api)
        self.call("setErrorUrl", 400, {"errorUrl": "shop.example"}, api=api)
        self.call("setErrorUrl", 401, {"errorUrl": "https://shop.example/sorry"})
        self.call("removeErrorUrl", 200, api=api)
        self.call("getWebhookSecret", 200, api=api)
        self.call("getUsage", 200, api=api)
        self.assertEqual(len(self.call("getUsage", 200, query={"days": 31}, api=api).json["days"]),
                         31)
        self.call("getUsage", 400, query={"days": 32}, api=api)
        self.call("rotateAccount", 400, {}, api=api)
        self.call("rotateAccount", 403, {"userSecret": "wrong"}, api=api)
        self.tried_too_often("rotateAccount", 403, {"userSecret": "wrong"}, api)
        for operation in ("getAccount", "eraseCredentials", "removeErrorUrl", "getWebhookSecret",
                          "getUsage"):
            self.call(operation, 401)
        self.call("keepCredentials", 401, kept)
        self.call("rotateAccount", 401, {"userSecret": "wrong"})
        another = self.new_account()
        self.call("rotateAccount", 200, {"userSecret": another.keys["userSecret"]}, api=another)

    def signed_in(self, name, admin=False):
        """In place of an Api: the headers of a browser that is signed in."""
        if admin:
            self.server.account("admin", name)
        code = self.server.account("sign-in-link", name).stdout.strip().split("#")[1]
        browser = Browser(self.server.url)
        browser.post("/session/link", {"code": code})
        return SimpleNamespace(bearer={**browser.headers, "Cookie": browser.cookie})

    def user_keys(self):
        api = self.new_account()
        owned = {"userSecret": api.keys["userSecret"]}
        made = self.call("createKey", 201, {"name": "ci", **owned}, api=api).json
        where = {"userKey": made["userKey"]}
        self.call("listKeys", 200, api=api)
        self.call("rotateKey", 200, {"overlapHours": 24, **owned}, where=where, api=api)
        self.call("renameKey", 200, {"name": "fleet", **owned}, where=where, api=api)
        bodies = {"createKey": {"name": "x"}, "renameKey": {"name": "x"}, "rotateKey": {},
                  "revokeKey": {}}
        for operation, body in bodies.items():
            self.call(operation, 400, {**body, **owned, "more": 1}, where=where, api=api)
            self.call(operation, 401, body, where=where)
            self.call(operation, 403, {**body, "userSecret": "wrong"}, where=where, api=api)
            if operation != "createKey":
                self.call(operation, 404, {**body, **owned}, where={"userKey": "nobody"}, api=api)
        self.call("listKeys", 401)
        self.call("revokeKey", 200, owned, where=where, api=api)

    def people(self):
        program, name = self.new_account(), self.new_name()
        self.server.create_account(name)
        here, there = self.signed_in(name), self.signed_in(name)
        sessions = self.call("listSessions", 200, api=here).json["sessions"]
        other = {"id": next(one["id"] for one in sessions if not one["isThis"])}
        self.call("endSession", 403, where=other, api=program)
        self.call("endSession", 200, where=other, api=here)
        self.call("endSession", 404, where=other, api=here)
        self.call("endSession", 401, where=other, api=there)
        self.call("listSessions", 401)
        self.call("setPassword", 400, {"newPassword": "short"}, api=here)
        self.call("setPassword", 200, {"newPassword": "long enough"}, api=here)
        self.call("setPassword", 403, {"password": "wrong", "newPassword": "long enough"}, api=here)
        self.call("setPassword", 401, {"newPassword": "long enough"})
        self.call("deleteAccount", 401, {})
        self.call("deleteAccount", 403, {"password": "wrong"}, api=here)
        self.call("deleteAccount", 200, {"password": "long enough"}, api=here)

    def administrating(self):
        admin_name, name = self.new_name(), self.new_name()
        for one in (admin_name, name):
            self.server.create_account(one)
        admin, guest = self.signed_in(admin_name, admin=True), self.new_account()
        found = self.call("listAccounts", 200, api=admin).json["accounts"]
        where = {"id": next(one["id"] for one in found if one["name"] == name)}
        nobody = {"id": "nobody"}
        self.call("resetPassword", 201, {}, where=where, api=admin)
        for operation in ("disableAccount", "enableAccount", "deleteAccountOf", "resetPassword"):
            self.call(operation, 401, {}, where=where)
            self.call(operation, 403, {}, where=where, api=guest)
            self.call(operation, 404, {}, where=nobody, api=admin)
            if operation != "resetPassword":
                self.call(operation, 200, {}, where=where, api=admin)
        self.call("invite", 201, {}, api=admin)
        self.call("getSystem", 200, api=admin)
        for operation in ("listAccounts", "invite", "getSystem"):
            self.call(operation, 401)
            self.call(operation, 403, api=guest)

    def browsing(self):
        api, stranger = self.new_account(), self.new_account()
        self.keep(api)
        self.call("listBuckets", 200, api=api)
        self.call("listBuckets", 400, api=stranger)
        self.call("listBuckets", 401)
        bucket = {"bucket": BUCKET}
        page = self.call("listObjects", 200, where=bucket, query={"limit": 1}, api=api).json
        self.call("listObjects", 200, where=bucket, api=api,
                  query={"limit": 1, "cursor": page["nextCursor"], "prefix": "", "delimiter": "/"})
        self.call("listObjects", 400, where=bucket, query={"limit": 0}, api=api)
        self.call("listObjects", 401, where=bucket)
        self.call("listObjects", 404, where={"bucket": "nowhere"}, api=api)
        self.call("browse", 200, {"credentials": CREDENTIALS}, api=stranger)
        self.call("browse", 200, {"credentials": CREDENTIALS, "bucket": BUCKET, "prefix": "trip/"},
                  api=stranger)
        self.call("browse", 400, {"bucket": "a/b"}, api=api)
        self.call("browse", 401, {})
        self.call("browse", 404, {"bucket": "nowhere"}, api=api)
        self.too_large("browse", api)
        wrong = {**CREDENTIALS, "secretAccessKey": "wrong"}
        self.call("browse", 403, {"credentials": wrong}, api=stranger)
        self.keep(stranger, credentials=wrong)
        self.call("listBuckets", 403, api=stranger)
        self.call("listObjects", 403, where=bucket, api=stranger)

    def about(self):
        self.call("createToken", 200, self.keys)
        self.call("createToken", 400, {"userKey": self.keys["userKey"]})
        wrong = {"userKey": "nobody", "userSecret": "wrong"}
        self.call("createToken", 401, wrong)
        self.too_large("createToken", None)
        self.tried_too_often("createToken", 401, wrong, None)
        served = self.call("getOpenapi", 200).json
        self.assertEqual(served, DOCUMENT)

    def test_every_operation_and_every_answer(self):
        for step in (self.zips, self.streams, self.account, self.user_keys, self.people, self.administrating,
                     self.browsing, self.about):
            with self.subTest(step.__name__):
                step()
        documented = set()
        for name, (_, _, operation) in OPERATIONS.items():
            for status, answer in operation["responses"].items():
                if status == "default":
                    continue
                documented.add((name, status))
                documented |= {(name, status, kind) for kind in resolved(answer).get("content", ())}
        self.assertEqual(self.seen - documented, set())
        self.assertEqual(documented - self.seen, set())

    def test_any_other_error_has_the_form_of_all(self):
        for method, path, status in (("GET", "/api/nothing", 404), ("PUT", "/api/zips", 405)):
            reply = request(method, self.server.url + path, self.api.bearer)
            self.assertEqual(reply.status, status)
            self.assertEqual(problems({"$ref": "#/components/schemas/Error"}, reply.json), [])

    def test_every_route_is_described(self):
        code = (ROOT / "src/api/routes.cc").read_text()
        routes = {(method, path.replace("/*", "/{name}"))
                  for method, path in re.findall(r'\{"([A-Z]+)", "(/api/[^"]*)"', code)}
        described = {(method, path) for method, path, _ in OPERATIONS.values() if path != "/gentoken"}
        self.assertGreater(len(routes), 20)
        self.assertEqual(routes, described)

    def test_the_version_is_the_program_s(self):
        version = run("version").stdout.split()[1]
        self.assertEqual(DOCUMENT["info"]["version"], version)

    # ---- the fields of requests

    def with_field(self, path, value):
        """A request that is right, but for this field perhaps. Of sources: in an item of them."""
        body = self.wanted()
        inner = body
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        inner[path[-1]] = value
        if path[0] == "manifest":
            body["manifest"].setdefault("key", "list.csv")
        if path[:2] == ("target", "encryption"):
            body["target"]["encryption"].setdefault("type", "aws:kms")
        if path == ("bucket",):
            body["sources"] = ["a.txt"]
        return body

    def good_values(self, path, schema):
        name = path[-1]
        dotted = ".".join(path)
        if "enum" in schema:
            return schema["enum"]
        for known in (dotted, name):
            if known in GOOD:
                return [GOOD[known]]
        return {"string": ["x"], "integer": [max(1, schema.get("minimum", 1))],
                "boolean": [True, False], "array": [["a.txt"]], "object": [{"x": "y"}]}[schema["type"]]

    def fields_of(self, operation):
        body = OPERATIONS[operation][2]["requestBody"]["content"]["application/json"]["schema"]
        for path, schema in leaves(resolved(body)):
            if path[0] != "credentials":
                yield path, schema

    def test_every_field_is_taken(self):
        for operation in ("createZip", "createStream"):
            body_schema = OPERATIONS[operation][2]["requestBody"]["content"]["application/json"]["schema"]
            for path, schema in self.fields_of(operation):
                for value in self.good_values(path, schema):
                    with self.subTest(operation, field=path, value=value):
                        body = self.with_field(path, value)
                        if value is not None:
                            self.assertEqual(problems(body_schema, body), [])
                        if path == ("idempotencyKey",):
                            body[path[-1]] += operation
                        self.call(operation, 201, body, api=self.api)

    def test_every_field_is_refused_by_its_name(self):
        wrong = {"string": 7, "integer": "x", "boolean": "x", "array": "x", "object": "x"}
        for operation in ("createZip", "createStream"):
            for path, schema in self.fields_of(operation):
                with self.subTest(operation, field=path):
                    body = self.with_field(path, wrong[schema["type"]])
                    reply = self.call(operation, 400, body, api=self.api)
                    self.assertTrue(reply.message.startswith(".".join(path)), reply.message)

    def test_a_field_that_is_not_described_is_refused(self):
        for operation in ("createZip", "createStream", "rotateAccount", "keepCredentials", "browse"):
            body = copy.deepcopy(self.wanted()) | {"surprise": 1}
            if operation == "rotateAccount":
                body = {"userSecret": "x", "surprise": 1}
            if operation == "keepCredentials":
                body = {"userSecret": "x", "credentials": CREDENTIALS, "surprise": 1}
            if operation == "browse":
                body = {"surprise": 1}
            reply = self.call(operation, 400, body, api=self.api)
            self.assertIn("surprise", reply.message)


if __name__ == "__main__":
    unittest.main()
