"""Wrong requests: each is answered with the right status and names what is wrong, and nothing is
started. `requests_test.py --table` prints what each is answered.
"""

import sqlite3
import sys
import unittest
import zipfile

import wrong_requests
import zips
from api_client import FORMS, encode, request
from service_case import BUCKET, GatedServiceTest, ServiceTest
from wrong_requests import ABSENT, AUTHORIZATIONS, QUESTIONS, STARTS, TOKENS


class Wrong:
    """Sends a case to one of its calls."""

    def __init__(self, api, fields):
        self.api = api
        self.right = {**dict.fromkeys(STARTS, fields), **dict.fromkeys(TOKENS, api.keys)}

    def send(self, case, call):
        body, headers = case.body, dict(case.headers)
        fields = self.right.get(call, {})
        if case.change is not None:
            changed = {**fields, **case.change}
            body = wrong_requests.json.dumps({name: value for name, value in changed.items()
                                              if value is not ABSENT}).encode()
        elif callable(body):
            body = body(fields)
        if case.content_type is not None:
            headers["Content-Type"] = case.content_type
        if call not in TOKENS:
            headers |= self.api.bearer
        return request("POST", self.api.url + call, headers, body)


class WrongRequestsTest(GatedServiceTest):
    """Behind a gate that counts what goes to the store."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wrong = Wrong(cls.api, cls.fields(cls, "a.txt"))
        cls.token = cls.api.token

    def started(self):
        """Rows of jobs and streams, and bytes that went to the store."""
        with sqlite3.connect(f"file:{self.server.data}/s3zipper.db?mode=ro", uri=True) as database:
            [rows] = database.execute("SELECT (SELECT count(*) FROM jobs),"
                                      " (SELECT count(*) FROM links)")
        database.close()
        return *rows, self.gate.sent

    def check(self, cases):
        for case in cases:
            for call in case.calls:
                with self.subTest(field=case.field, what=case.what, call=call):
                    reply = self.wrong.send(case, call)
                    self.assertEqual(reply.status, case.status, reply.body[:500])
                    self.assertEqual(list(reply.json), ["message"])
                    self.assertIn(case.named, reply.message)
                    self.assertLess(len(reply.body), 1000)
                    self.assertEqual(reply.headers["Content-Type"], "application/json")
        self.assertEqual(self.started(), (0, 0, 0))

    def test_fields(self):
        self.check(wrong_requests.FIELDS)

    def test_bodies(self):
        self.check(wrong_requests.BODIES)

    def test_questions_about_tasks(self):
        self.check(wrong_requests.QUESTION_BODIES)

    def test_authorization(self):
        for what, value, status in AUTHORIZATIONS:
            for call in STARTS + QUESTIONS:
                with self.subTest(what=what, call=call):
                    headers = {} if value is None else {"Authorization": value.encode()}
                    reply = self.api.post(call, self.wrong.right.get(call), headers=headers)
                    self.assertEqual(reply.status, status, reply.body)
                    self.assertRegex(reply.message, "[Aa]uthorization|token")
        self.assertEqual(self.started(), (0, 0, 0))

    def test_methods_and_paths(self):
        for method, path, status in (
                ("GET", "/gentoken", 405), ("PUT", "/v1/zipstart", 405), ("DELETE", "/v2/zipresult", 405),
                ("HEAD", "/v2/zipstate", 405), ("post", "/v2/zipstart", 405), ("POST", "/healthz", 405),
                ("POST", "/v3/zipstart", 404), ("POST", "/v2/zipstart/x", 404), ("POST", "/", 405),
                ("POST", "//v2/zipstart", 404), ("POST", "/v2/%7aipstart", 404),
                ("GET", "/stream/", 404), ("GET", "/stream/x/y/z", 404), ("GET", "/../etc/passwd", 404)):
            with self.subTest(method=method, path=path):
                reply = request(method, self.server.url + path, self.api.bearer)
                self.assertEqual(reply.status, status, reply.body)
                if status == 405:
                    self.assertEqual(reply.headers["Allow"], "GET" if path in ("/", "/healthz") else "POST")
        self.assertEqual(self.started(), (0, 0, 0))


class TokensTest(ServiceTest):
    """Wrong secrets, from one address: a server of their own, as it slows down."""

    def test_wrong_secrets(self):
        wrong = Wrong(self.api, {})
        number = 0
        for case in wrong_requests.WRONG_SECRETS:
            for call in case.calls:
                with self.subTest(field=case.field, what=case.what, call=call):
                    number += 1
                    case.headers["X-Forwarded-For"] = f"1.2.3.{number}"
                    reply = wrong.send(case, call)
                    self.assertEqual(reply.status, 401, reply.body)
                    self.assertIn(case.named, reply.message)


class ManyPathsTest(GatedServiceTest):
    def test_100_000_paths_in_a_body_of_10_mb_are_taken(self):
        """Looking for them all takes its time, which is not for this test: the store is silent."""
        self.gate.shut()
        paths = ["p" * 90 + f"/{number:07}" for number in range(wrong_requests.MAX_PATHS)]
        fields = self.fields(*paths)
        for form in FORMS:
            self.assertGreater(len(encode(fields, form)[0]), 10_000_000)
            for call in ("zipstart", "streamzip"):
                self.assertEqual(self.api.start(call, fields, form=form)["size"], "0 B")


class RightRequestsTest(ServiceTest):
    """At the limits, and odd in ways that are right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.put("a.txt", "a")

    def test_a_body_of_the_limit(self):
        fields = wrong_requests.json.dumps(self.fields("a.txt")).encode()
        body = fields + b" " * (wrong_requests.MAX_BODY_BYTES - len(fields))
        headers = {"Content-Type": "application/json", **self.api.bearer}
        reply = request("POST", self.server.url + "/v2/streamzip", headers, body)
        self.assertEqual(reply.status, 200, reply.body)

    def test_a_key_of_the_limit(self):
        for key in ("k" * 1024, "ü" * 512, "f/" * 511 + "ab"):
            digest = self.put(key, key)
            self.addCleanup(self.s3.delete_object, Bucket=BUCKET, Key=key)
            for path in (key, "/" + key, f"{BUCKET}/{key}"):
                with zipfile.ZipFile(self.zip_as_stream(path)) as archive:
                    [name] = archive.namelist()
                    self.assertEqual(zips.sha256(archive.read(name)), digest)

    def test_values_that_are_right(self):
        for more in ({"awsToken": "-"}, {"awsToken": ""}, {"awsToken": None}, {"awsRegion": ""},
                     {"awsEndpoint": ""}, {"zipTo": None}, {"expireLink": " 24 "}, {"expireLink": 24.0},
                     {"expireLink": "24.0"}, {"expireLink": True}, {"expireLink": "false"},
                     {"expireLink": -1}, {"expireLink": "-1"}, {"expireLink": 0.5}, {"expireLink": 1.5},
                     {"expireLink": "9" * 30}, {"expireLink": 10 ** 30}, {"usePresignUrl": "On"},
                     {"usePresignUrl": 1.0}, {"usePresignUrl": "0.0"}, {"maxFileCount": "5.0"},
                     {"maxFileCount": True}, {"maxFileSize": "5000000.0"}, {"maxFileSize": 5e6},
                     {"usePresignUrl": [True]}, {"bucketAsDir": 1}, {"onMissing": "FAIL"},
                     {"names": "Portable"}, {"filePaths": "a.txt"}, {"filePaths": ["", "a.txt"]},
                     {"unknown": {"of": ["any", {"kind": None}]}}, {"more": [[]] * 1000},
                     {"zipTo": "../../x.zip"}, {"zipTo": "ünï/\U0001F600.zip"}, {"resultsEmail": ""},
                     {"zipPassword": ""}, {"password": None}, {"encrypt": False}, {"fileMapper": None}, {"maxFileSize": ""}):
            for call in STARTS:
                with self.subTest(more=more, call=call):
                    reply = self.api.call(call, {**self.fields("a.txt"), **more})
                    self.assertEqual(reply.status, 200, reply.body)

    def test_the_last_of_a_name_given_twice_in_json_counts(self):
        fields = wrong_requests.json.dumps(self.fields("a.txt"))
        body = ('{"awsBucket": "no/bucket", ' + fields[1:]).encode()
        headers = {"Content-Type": "application/json", **self.api.bearer}
        reply = request("POST", self.server.url + "/v2/zipstart", headers, body)
        self.assertEqual(reply.status, 200, reply.body)


def shown(text):
    return text.replace("|", "\\|").replace("\r", "").replace("\n", " ")


def rows():
    """The table's rows, from a server."""
    WrongRequestsTest.setUpClass()
    try:
        for case in (*wrong_requests.FIELDS, *wrong_requests.BODIES, *wrong_requests.QUESTION_BODIES,
                     *wrong_requests.WRONG_SECRETS):
            reply = WrongRequestsTest.wrong.send(case, case.calls[0])
            yield f"| {case.field} | {shown(case.what)} | {reply.status} | {shown(reply.message)} |"
        for what, value, _ in AUTHORIZATIONS:
            headers = {} if value is None else {"Authorization": value.encode()}
            reply = WrongRequestsTest.api.post("/v2/zipstart", {}, headers=headers)
            yield f"| Authorization | {what} | {reply.status} | {shown(reply.message)} |"
    finally:
        WrongRequestsTest.doClassCleanups()


def table():
    return "".join(f"{row}\n" for row in ("| part | what is sent | status | message |",
                                          "| --- | --- | --- | --- |", *rows()))


if __name__ == "__main__":
    if sys.argv[1:] == ["--table"]:
        print(table(), end="")
    else:
        unittest.main()
