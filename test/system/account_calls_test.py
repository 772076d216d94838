"""What the native API tells of an account: who it is, and what it did in the last day and month."""

import datetime
import json
import re
import unittest

from api_client import Api, request
from service_case import ServiceTest

NOTHING = {"zips": 0, "zipsSucceeded": 0, "zipsFailed": 0, "zipsCancelled": 0, "streams": 0,
           "bytesZipped": 0, "bytesStreamed": 0}


class AccountCallsTest(ServiceTest):
    def setUp(self):
        self.keys = self.server.create_account(self.id())
        self.api = Api(self.server.url, self.keys)

    def get(self, path):
        reply = request("GET", self.server.url + path, self.api.bearer)
        self.assertEqual(reply.status, 200, reply.body)
        self.assertEqual(reply.headers["Content-Type"], "application/json")
        self.assertEqual(reply.headers["Cache-Control"], "no-store")
        return reply.json

    def test_the_account_is_told(self):
        told = self.get("/api/account")
        self.assertRegex(told.pop("createdAt"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(told, {"name": self.id(), "userKey": self.keys["userKey"], "isAdmin": False,
                                "credentials": None, "errorUrl": None})

    def put_error_url(self, body):
        return request("PUT", self.server.url + "/api/account/error-url",
                       {**self.api.bearer, "Content-Type": "application/json"},
                       json.dumps(body).encode())

    def test_the_error_url_is_set_told_replaced_and_removed(self):
        for url in ("https://shop.example/sorry?lang=en", "http://shop.example:8080"):
            reply = self.put_error_url({"errorUrl": url})
            self.assertEqual((reply.status, reply.json), (200, {"errorUrl": url}))
            self.assertEqual(self.get("/api/account")["errorUrl"], url)
        self.server.stop()
        self.server.start()
        self.assertEqual(self.get("/api/account")["errorUrl"], url)
        for _ in range(2):
            reply = request("DELETE", self.server.url + "/api/account/error-url", self.api.bearer)
            self.assertEqual((reply.status, reply.json), (200, {"errorUrl": None}))
            self.assertIsNone(self.get("/api/account")["errorUrl"])

    def test_what_is_no_error_url_is_refused_and_changes_nothing(self):
        kept = "https://shop.example/"
        self.assertEqual(self.put_error_url({"errorUrl": kept}).status, 200)
        for wrong in ("", None, 5, "shop.example", "/sorry", "//shop.example/", "ftp://shop.example/",
                      "javascript:alert(1)", "https://me:secret@shop.example/",
                      "https://shop.example/#top", "https://shop.example/\r\nSet-Cookie: a=b",
                      "https://shop.example/a b", "https://", "https://shop.example/" + "a" * 1980):
            reply = self.put_error_url({"errorUrl": wrong})
            self.assertEqual(reply.status, 400, reply.body)
            self.assertIn("errorUrl", reply.message)
        self.assertIn("url", self.put_error_url({"errorUrl": kept, "url": kept}).message)
        self.assertEqual(self.get("/api/account")["errorUrl"], kept)
        nobodys = request("DELETE", self.server.url + "/api/account/error-url")
        self.assertEqual(nobodys.status, 401)

    def test_the_error_url_by_the_command(self):
        def command(*arguments):
            result = self.server.account("error-url", *arguments)
            return result.returncode, result.stdout + result.stderr
        code, said = command(self.id())
        self.assertEqual((code, said), (0, f"{self.id()} has no error URL\n"))
        url = "https://shop.example/sorry"
        for arguments in ((self.id(), url), (self.keys["userKey"],)):
            code, said = command(*arguments)
            self.assertEqual(code, 0, said)
            self.assertIn(url, said)
            self.assertEqual(self.get("/api/account")["errorUrl"], url)
        for arguments, expected, named in (
                ((self.id(), "shop.example"), 65, "errorUrl must begin with"),
                ((self.id(), url, "--remove"), 2, "not both"),
                (("no-such-account", url), 66, "no-such-account")):
            code, said = command(*arguments)
            self.assertEqual(code, expected, said)
            self.assertIn(named, said)
        self.assertEqual(self.get("/api/account")["errorUrl"], url)
        self.assertEqual(command(self.id(), "--remove"), (0, f"{self.id()} has no error URL\n"))
        self.assertIsNone(self.get("/api/account")["errorUrl"])

    def test_usage_counts_what_was_done(self):
        self.assertEqual(self.get("/api/usage"),
                         {"now": {"pending": 0, "running": 0, "retrying": 0},
                          "last24Hours": NOTHING, "last30Days": NOTHING})
        self.put("a.txt", "alpha")
        zipped = self.zip_to_bucket("a.txt", zipTo="out/a.zip").stat().st_size
        self.fail_task(self.api.start("zipstart", self.fields("nowhere")))
        url = self.succeed(self.api.start("streamzip", self.fields("a.txt")))
        streamed = len(request("GET", url).body)
        streamed += len(request("GET", url, {"Range": "bytes=5-14"}).body)
        request("HEAD", url)
        counted = {"zips": 2, "zipsSucceeded": 1, "zipsFailed": 1, "zipsCancelled": 0, "streams": 1,
                   "bytesZipped": zipped, "bytesStreamed": streamed}
        expected = {"now": {"pending": 0, "running": 0, "retrying": 0},
                    "last24Hours": counted, "last30Days": counted}
        self.assertEqual(self.get("/api/usage"), expected)
        request("GET", url)
        self.server.stop()
        self.server.start()
        counted["bytesStreamed"] += streamed - 10
        self.assertEqual(self.get("/api/usage"), expected)
        others = Api(self.server.url, self.server.create_account("other of " + self.id()))
        reply = request("GET", self.server.url + "/api/usage", others.bearer)
        self.assertEqual(reply.json["last30Days"], NOTHING)

    def test_usage_of_each_day(self):
        self.put("a.txt", "alpha")
        self.zip_to_bucket("a.txt", zipTo="out/days.zip")
        for count in (1, 31):
            days = self.get(f"/api/usage?days={count}")["days"]
            today = datetime.datetime.now(datetime.UTC).date()
            # Midnight may pass meanwhile.
            last = datetime.date.fromisoformat(days[-1]["day"])
            self.assertLessEqual(today - last, datetime.timedelta(days=1))
            self.assertEqual([day["day"] for day in days],
                             [str(last - datetime.timedelta(days=ago))
                              for ago in reversed(range(count))])
            total = {name: sum(day[name] for day in days) for name in NOTHING}
            self.assertEqual(total, self.get("/api/usage")["last30Days"])
            for day in days[:-2]:
                self.assertEqual(day, {"day": day["day"], **NOTHING})
        self.assertNotIn("days", self.get("/api/usage"))
        for query in ("days=0", "days=367", "days=x", "days=", "day=1"):
            reply = request("GET", f"{self.server.url}/api/usage?{query}", self.api.bearer)
            self.assertEqual(reply.status, 400, query)

    def test_methods_and_paths(self):
        for method, path, status in (("POST", "/api/account", 405), ("GET", "/api/account/rotate", 405),
                                     ("POST", "/api/usage", 405), ("GET", "/api/nothing", 404)):
            reply = request(method, self.server.url + path, self.api.bearer)
            self.assertEqual(reply.status, status, path)


class WithoutAccountsTest(ServiceTest):
    settings = {"AUTH_MODE": "none", "EC2_ALLOWED_BUCKETS": "files",
                "EC2_METADATA_URL": ""}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()

    def test_there_are_no_keys(self):
        for method, path in (("POST", "/api/account/rotate"), ("PUT", "/api/account/credentials"),
                             ("PUT", "/api/account/error-url"),
                             ("DELETE", "/api/account/error-url")):
            reply = request(method, self.server.url + path, {"Content-Type": "application/json"},
                            json.dumps({"userSecret": "x"}).encode())
            self.assertEqual(reply.status, 403, reply.body)
            self.assertTrue(re.search("no accounts", reply.message))


if __name__ == "__main__":
    unittest.main()
