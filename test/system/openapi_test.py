"""docs/reference/openapi.json against the running server: every operation, every answer that it documents,
every field of every request."""

import copy
import json
import re
import socket
import unittest
from types import SimpleNamespace

from api_client import request
from openapi_case import DOCUMENT, OPERATIONS, ROOT, problems, resolved
from openapi_zip_steps import CREDENTIALS, UNKNOWN_ID, ZipSteps
from program import Sandbox, run
from service_case import BUCKET
from site_client import Browser

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


class OpenapiTest(ZipSteps):
    settings = {"WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8", "MAIL_URL": "smtp://127.0.0.1:9",
                "MAIL_FROM": "zips@example.com", "PUBLIC_URL": "http://127.0.0.1"}

    @classmethod
    def setUpClass(cls):
        cls.hanging = socket.create_server(("127.0.0.1", 0))  # a store that takes calls, and is silent
        cls.addClassCleanup(cls.hanging.close)
        cls.silent_url = f"http://127.0.0.1:{cls.hanging.getsockname()[1]}"
        cls.settings = {**cls.settings, "S3_ALLOWED_ENDPOINTS": cls.silent_url}
        super().setUpClass()
        cls.put("a.txt", "alpha")
        cls.put("trip/b.txt", "beta")
        cls.put("list.csv", f"{BUCKET},a.txt\n")
        cls.put("map.json", json.dumps({"a.txt": "first.txt"}))

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
        self.assertEqual(len(self.call("getUsage", 200, query={"days": 366}, api=api).json["days"]),
                         366)
        self.call("getUsage", 400, query={"days": 367}, api=api)
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
        self.unended_zips(admin, guest)
        self.call("invite", 201, {}, api=admin)
        self.call("getSystem", 200, api=admin)
        for operation in ("listAccounts", "invite", "getSystem"):
            self.call(operation, 401)
            self.call(operation, 403, api=guest)

    def unended_zips(self, admin, guest):
        owner = self.new_account()
        running = self.made("createZip", owner, endpoint=self.silent_url)
        found = self.call("listUnendedZips", 200, api=admin).json["zips"]
        self.assertEqual([(one["id"], one["account"]["id"]) for one in found if one["id"] == running["id"]],
                         [(running["id"], found[0]["account"]["id"])])
        where = {"id": running["id"]}
        self.call("cancelAnyZip", 401, {}, where=where)
        self.call("cancelAnyZip", 403, {}, where=where, api=guest)
        self.call("cancelAnyZip", 404, {}, where={"id": UNKNOWN_ID}, api=admin)
        cancelled = self.call("cancelAnyZip", 200, {}, where=where, api=admin).json
        self.assertEqual(cancelled["state"], "cancelled")
        self.assertNotIn(running["id"], [one["id"] for one in
                                         self.call("listUnendedZips", 200, api=admin).json["zips"]])
        self.call("listUnendedZips", 401)
        self.call("listUnendedZips", 403, api=guest)

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
