"""What those who were given a link may ask about it, and what its owner is told of its downloads."""

import json
import time
import unittest
import urllib.parse

from api_client import Api, request
from program import Sandbox
from service_case import BUCKET, ServiceTest

CREDENTIALS = {"accessKeyId": Sandbox.ACCESS_KEY, "secretAccessKey": Sandbox.SECRET_KEY}
TIMEOUT_S = 60


class SharedLinksTest(ServiceTest):
    def setUp(self):
        self.api = Api(self.server.url, self.server.create_account(self.id()))
        self.put_all({"shared/a.txt": "alpha", "shared/sub/b.txt": "beta"})

    def ask(self, method, path, body=None, status=200):
        reply = request(method, self.server.url + path, self.api.bearer,
                        None if body is None else json.dumps(body))
        self.assertEqual(reply.status, status, reply.body)
        return reply.json

    def made(self, *sources, **more):
        body = {"credentials": CREDENTIALS, "bucket": BUCKET, "sources": list(sources), **more}
        stream = self.ask("POST", "/api/streams", body, 201)
        deadline = time.monotonic() + TIMEOUT_S
        while stream["state"] == "listing":
            self.assertLess(time.monotonic(), deadline)
            stream = self.ask("GET", f"/api/streams/{stream['id']}")
        return stream

    def shared(self, link, more="", status=200):
        """The answer to somebody who has the link and nothing else."""
        target, signature = urllib.parse.urlsplit(link).path.split("/")[2:4]
        reply = request("GET", f"{self.server.url}/api/shared/{target}/{signature}{more}")
        self.assertEqual(reply.status, status, reply.body)
        return reply.json

    def test_a_link_tells_what_it_leads_to(self):
        stream = self.made("shared/", fileName="for you.zip")
        [link] = stream["links"]
        about = self.shared(link)
        self.assertEqual((about["fileName"], about["state"]), ("for you.zip", "ready"))
        zip_ = request("GET", about["url"])
        self.assertEqual(len(zip_.body), about["bytes"])
        page = self.shared(link, "/files?prefix=shared/")
        self.assertEqual([entry["name"] for entry in page["entries"]], ["shared/a.txt"])
        self.assertEqual(page["folders"], ["shared/sub/"])
        self.assertEqual(page["entryCount"], about["entries"])

    def test_parts_of_a_split_zip_have_a_page_each_and_one_list(self):
        stream = self.made("shared/", split={"maxEntries": 1})
        first, second = stream["links"]
        self.assertEqual([(one["part"], one["parts"]) for one in map(self.shared, (first, second))],
                         [(1, 2), (2, 2)])
        self.assertEqual(self.shared(first, "/files")["entryCount"], 2)
        self.shared(second, "/files", 404)

    def test_a_wrong_signature_and_an_ended_link_tell_nothing(self):
        stream = self.made("shared/")
        [link] = stream["links"]
        other = self.made("shared/a.txt")["links"][0]
        signature = urllib.parse.urlsplit(other).path.split("/")[3]
        parts = link.split("/")
        parts[-2] = signature
        for more in ("", "/files"):
            self.shared("/".join(parts), more, 404)
        self.ask("POST", f"/api/streams/{stream['id']}/revoke", {})
        for more in ("", "/files"):
            self.shared(link, more, 410)

    def test_why_a_listing_failed_is_its_owner_s_matter(self):
        body = {"credentials": CREDENTIALS, "bucket": BUCKET, "sources": ["nowhere/secret-name"],
                "fileName": "for you.zip"}
        stream = self.ask("POST", "/api/streams", body, 201)
        [link] = stream["links"]
        deadline = time.monotonic() + TIMEOUT_S
        while (about := self.shared(link))["state"] == "listing":
            self.assertLess(time.monotonic(), deadline)
        self.assertEqual(about["state"], "failed")
        for told in (about, self.shared(link, "/files", 409)):
            self.assertNotIn("secret-name", json.dumps(told))

    def test_downloads_are_counted(self):
        stream = self.made("shared/")
        [link] = stream["links"]
        self.assertEqual(stream["downloads"], {"count": 0, "bytes": 0, "lastAt": None})
        size = len(request("GET", link).body)
        request("GET", link, {"Range": "bytes=10-"})
        request("HEAD", link)
        request("GET", link, {"If-None-Match": request("HEAD", link).headers["ETag"]})
        deadline = time.monotonic() + TIMEOUT_S
        while True:  # a download is counted a moment after its last byte
            found = self.ask("GET", f"/api/streams/{stream['id']}")["downloads"]
            if found["bytes"] == 2 * size - 10:
                break
            self.assertLess(time.monotonic(), deadline, found)
        self.assertEqual(found["count"], 1)
        self.assertIsNotNone(found["lastAt"])
        [listed] = self.ask("GET", "/api/streams?search=" + stream["id"])["streams"]
        self.assertEqual(listed["downloads"], found)


if __name__ == "__main__":
    unittest.main()
