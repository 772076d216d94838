"""What the native API tells of an account: who it is, and what it did in the last day and month."""

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
        self.assertEqual(told, {"name": self.id(), "userKey": self.keys["userKey"],
                                "credentials": None})

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
        for method, path in (("POST", "/api/account/rotate"), ("PUT", "/api/account/credentials")):
            reply = request(method, self.server.url + path, {"Content-Type": "application/json"},
                            json.dumps({"userSecret": "x"}).encode())
            self.assertEqual(reply.status, 403, reply.body)
            self.assertTrue(re.search("no accounts", reply.message))


if __name__ == "__main__":
    unittest.main()
