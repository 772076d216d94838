"""Wrong create requests of the native API: every field with values of the wrong type, out of range
and unknown. Each is refused with a message that begins with the field's path, and nothing is
started."""

import json
import re
import sqlite3
import unittest

from api_client import request
from program import Sandbox
from service_case import BUCKET, GatedServiceTest

ZIPS, STREAMS = ("zips",), ("streams",)
BOTH = ZIPS + STREAMS

LONG = "x" * 1025
# Of each type one value that is of no other, and not empty.
VALUES = {"text": "x", "number": 7, "flag": True, "list": ["x"], "object": {"x": "y"}}

# (path, type, for what): all fields, those of objects after their object.
FIELDS = [
    ("endpoint", "text", BOTH),
    ("region", "text", BOTH),
    ("credentials", "object", BOTH),
    ("credentials.accessKeyId", "text", BOTH),
    ("credentials.secretAccessKey", "text", BOTH),
    ("credentials.sessionToken", "text", BOTH),
    ("bucket", "text", BOTH),
    ("sources", "list", BOTH),
    ("sources[1].source", "text", BOTH),
    ("sources[1].bucket", "text", BOTH),
    ("sources[1].versionId", "text", BOTH),
    ("sources[1].name", "text", BOTH),
    ("manifest", "object", BOTH),
    ("manifest.bucket", "text", BOTH),
    ("manifest.key", "text", BOTH),
    ("manifest.format", "text", BOTH),
    ("include", "list", BOTH),
    ("exclude", "list", BOTH),
    ("names", "object", BOTH),
    ("names.style", "text", BOTH),
    ("names.rule", "text", BOTH),
    ("names.map", "text", BOTH),
    ("onMissing", "text", BOTH),
    ("ownZips", "text", BOTH),
    ("split", "object", BOTH),
    ("split.maxBytes", "number", BOTH),
    ("split.maxEntries", "number", BOTH),
    ("target", "object", ZIPS),
    ("target.key", "text", ZIPS),
    ("target.acl", "text", ZIPS),
    ("link", "object", BOTH),
    ("link.presign", "flag", BOTH),
    ("link.hours", "number", BOTH),
    ("expiresAfterHours", "number", ZIPS),
    ("fileName", "text", STREAMS),
    ("report", "object", BOTH),
    ("report.inZip", "flag", BOTH),
    ("report.format", "text", BOTH),
    ("requestPayer", "flag", BOTH),
    ("email", "text", BOTH),
    ("idempotencyKey", "text", BOTH),
]
LISTS = ("sources", "include", "exclude")
OBJECTS = ["sources[1]", *(path for path, kind, _ in FIELDS if kind == "object")]
# What an object needs beside the field that is tried.
BESIDE = {"sources[1]": {"source": "b.txt"}, "manifest": {"key": "list.csv"}}

NUMBERS = (0, -1, 1.5, 1e30, 2**63, "7", "")

# (path, value, what the message has after the path, status): of the right type all the same.
RANGES = [
    *[("endpoint", value, "", 400) for value in (
        "x", "ftp://host", "https://", "http://127.0.0.1:1", "https://evil.example",
        "https://" + "x" * 1100)],
    *[("region", value, "", 400) for value in ("x y", "a\nb", "x" * 64, "eu/../x", "ü")],
    *[(f"credentials.{name}", value, "", 400)
      for name in ("accessKeyId", "secretAccessKey", "sessionToken")
      for value in ("a b", "a\r\nX-Evil: 1", "ü", "x" * (16 * 1024 + 1))],
    *[(f"credentials.{name}", "", "is required", 400) for name in ("accessKeyId", "secretAccessKey")],
    *[("bucket", value, "", 400) for value in ("", "a/b", "x" * 256, "..", "a b", "\0")],
    ("sources", [], "is required", 400),
    ("sources", ["x"] * 100_001, "has 100001 items", 400),
    *[(name, ["x"] * 1001, "has more than 1000 items", 400) for name in ("include", "exclude")],
    *[(f"{name}[1]", value, "", 400) for name in LISTS for value in ("", LONG)],
    *[(path, value, "", 400) for path in ("sources[1].bucket", "manifest.bucket")
      for value in ("", "a/b", "x" * 256)],
    *[(f"sources[1].{name}", LONG, "is longer than any key", 400)
      for name in ("source", "versionId", "name")],
    ("sources[1].source", "", "is required", 400),
    ("manifest.key", "", "is required", 400),
    ("manifest.key", LONG, "is longer than any key", 400),
    ("manifest.format", "xml", "must be one of: csv, jsonLines, inventory", 400),
    ("report.format", "CSV", "must be one of: csv, jsonLines", 400),
    ("names.style", "folder", "must be one of: key, bucketAndKey, relative", 400),
    ("names.rule", "Portable", "must be one of: portable, exact", 400),
    ("names.map", LONG, "is longer than any key", 400),
    ("onMissing", "", "must be one of: fail, skip", 400),
    ("onMissing", "ignore", "must be one of: fail, skip", 400),
    ("ownZips", "keep", "must be one of: exclude, include", 400),
    *[(f"split.{name}", value, "must be a whole number from 1 to", 400)
      for name in ("maxBytes", "maxEntries") for value in NUMBERS],
    *[("link.hours", value, "must be a whole number from 1 to 168", 400) for value in (*NUMBERS, 169)],
    *[("expiresAfterHours", value, "must be a whole number from 1 to 8760", 400)
      for value in (*NUMBERS, 8761)],
    *[("target.key", value, "", 400) for value in ("zips/", "a.tar", "a\n.zip", LONG + ".zip")],
    *[("target.acl", value, "must be one of", 400) for value in ("all", "PRIVATE", "private\r\n")],
    ("fileName", LONG, "is too long", 400),
    *[("email", value, "", 400) for value in (
        "nobody", "a@", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example",
        "x" * 250 + "@b.example")],
    ("email", "a@b.example", "this server sends no mail", 400),
    ("idempotencyKey", "x" * 256, "is longer than 255 bytes", 400),
    ("idempotencyKey", "a\tb", "must not hold control characters", 400),
]

# (what, body, status, what the message says)
BODIES = [
    *[(what, body, 400, "the body is no valid JSON") for what, body in (
        ("nothing", b""), ("cut", b'{"bucket": "x'), ("NUL", b"\0"), ("two", b"{} {}"),
        ("no UTF-8", b'{"bucket": "\xff"}'), ("a surrogate alone", b'{"bucket": "\\ud800"}'),
        ("10,000 lists deep", b"[" * 10_000 + b"]" * 10_000), ("a comma", b'{"a": 1,}'))],
    *[(what, body, 400, "the body must be an object") for what, body in (
        ("a list", b"[]"), ("a text", b'"x"'), ("a number", b"7"), ("null", b"null"))],
    ("over 32 MiB", b" " * ((32 << 20) + 1), 413, "bytes"),
]


def changed(fields, path, value):
    """The fields with another value at a path such as "names.style", "include[1]" or
    "sources[1].name"."""
    *objects, name = path.split(".")
    for step in reversed(["", *objects]):
        inner = (BESIDE.get(step) or fields.get(step, {})) if step else fields
        if name.endswith("[1]"):
            name, value = name[:-3], ["x", value]
        name, value = step, inner | {name: value}
    return value


class NativeInputsTest(GatedServiceTest):
    """Behind a gate that counts what goes to the store."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.right = {"credentials": {"accessKeyId": Sandbox.ACCESS_KEY,
                                     "secretAccessKey": Sandbox.SECRET_KEY},
                     "bucket": BUCKET, "sources": ["a.txt"]}
        cls.token = cls.api.token

    def started(self):
        """Rows of jobs and streams, and bytes that went to the store."""
        with sqlite3.connect(f"file:{self.server.data}/s3zipper.db?mode=ro", uri=True) as database:
            [rows] = database.execute("SELECT (SELECT count(*) FROM jobs),"
                                      " (SELECT count(*) FROM links)")
        database.close()
        return *rows, self.gate.sent

    def tearDown(self):
        self.assertEqual(self.started(), (0, 0, 0))

    def post(self, things, body, headers=None):
        return request("POST", f"{self.server.url}/api/{things}",
                       {**self.api.bearer, "Content-Type": "application/json", **(headers or {})},
                       body)

    def refuse(self, things, fields, begin, status=400, inside="", headers=None):
        reply = self.post(things, json.dumps(fields).encode(), headers)
        self.assertEqual(reply.status, status, reply.body[:500])
        self.assertEqual(list(reply.json), ["message"])
        self.assertRegex(reply.message, rf"^{re.escape(begin)}:? ")
        self.assertIn(inside, reply.message)
        self.assertLess(len(reply.body), 500)
        self.assertEqual(reply.headers["Content-Type"], "application/json")

    def test_wrong_types(self):
        for path, kind, whose in FIELDS:
            for other, value in VALUES.items():
                if other == kind:
                    continue
                for things in whose:
                    with self.subTest(path=path, given=other, things=things):
                        self.refuse(things, changed(self.right, path, value), path, inside="must be")

    def test_wrong_types_in_lists(self):
        for name in LISTS:
            for value in (None, 7, True, ["x"], *([] if name == "sources" else [{"source": "x"}])):
                for things in BOTH:
                    with self.subTest(name=name, value=value, things=things):
                        self.refuse(things, changed(self.right, f"{name}[1]", value), f"{name}[1]")

    def test_ranges(self):
        whose = {path: things for path, _, things in FIELDS}
        for path, value, inside, status in RANGES:
            for things in whose[path.removesuffix("[1]")]:
                with self.subTest(path=path, value=str(value)[:60], things=things):
                    self.refuse(things, changed(self.right, path, value), path, status, inside)

    def test_every_field_has_a_wrong_value(self):
        """The tables leave none out, but those whose every value of the type is right."""
        tried = {path.removesuffix("[1]") for path, *_ in RANGES}
        free = {"link.presign", "report.inZip", "requestPayer", *OBJECTS}
        self.assertEqual({path for path, *_ in FIELDS} - tried - free, set())

    def test_unknown_fields(self):
        whose = {path: things for path, _, things in FIELDS}
        for place in ("", *OBJECTS):
            for name in ("x", "Bucket", "", "a\nb", "x" * 100):
                for things in whose.get(place, BOTH):
                    with self.subTest(place=place, name=name, things=things):
                        path = f"{place}.{name}" if place else name
                        self.refuse(things, changed(self.right, path, 1), place or "the body",
                                    inside="has no field")

    def test_fields_of_the_other_call(self):
        self.refuse("streams", {**self.right, "target": {"key": "a.zip"}}, "the body",
                    inside='has no field "target"')
        self.refuse("zips", {**self.right, "fileName": "a.zip"}, "the body",
                    inside='has no field "fileName"')

    def test_required_fields(self):
        for name in ("credentials", "bucket", "sources"):
            for value in ({}, {name: None}):
                fields = {key: value for key, value in self.right.items() if key != name} | value
                for things in BOTH:
                    with self.subTest(name=name, value=value, things=things):
                        self.refuse(things, fields, name, inside="is required")

    def test_header(self):
        for value, said in (("x" * 256, "longer"), ("a\tb", "control characters")):
            for things in BOTH:
                self.refuse(things, self.right, "Idempotency-Key", inside=said,
                            headers={"Idempotency-Key": value})

    def test_bodies(self):
        for what, body, status, said in BODIES:
            for things in BOTH:
                with self.subTest(what=what, things=things):
                    reply = self.post(things, body)
                    self.assertEqual(reply.status, status, reply.body[:500])
                    self.assertIn(said, reply.message)


if __name__ == "__main__":
    unittest.main()
