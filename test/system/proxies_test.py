"""Behind a proxy: what links begin with, whose wrong secrets are whose, who reads /metrics; and what
a server does that is not told how clients reach it."""

import json
import unittest

from api_client import Api, request
from program import Server, run
from service_case import BUCKET, ServiceTest

PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "zip.example.com",
         "X-Forwarded-Prefix": "/zips"}


class LinksCase:
    def links(self, headers):
        """All places that tell links, for a client that comes with these headers."""
        self.put("a.txt", "a")
        credentials = {"accessKeyId": self.access_key, "secretAccessKey": self.secret_key}
        headers = {**self.api.bearer, "Content-Type": "application/json", **headers}
        body = json.dumps({"credentials": credentials, "bucket": BUCKET, "sources": ["a.txt"]})
        made = request("POST", f"{self.server.url}/api/streams", headers, body.encode())
        self.assertEqual(made.status, 201, made.body)
        place = f"{self.server.url}/api/streams/{made.json['id']}"
        listed = request("GET", f"{self.server.url}/api/streams", headers).json["streams"]
        [listed] = [stream for stream in listed if stream["id"] == made.json["id"]]
        task = json.dumps({"taskUUID": made.json["id"]}).encode()
        result = request("POST", f"{self.server.url}/v2/zipresult", headers, task).json
        links = {*made.json["links"], *request("GET", place, headers).json["links"],
                 *listed["links"], *result["results"]}
        self.assertEqual(len(links), 1, links)
        return links.pop()

    def content_location(self, headers):
        headers = {**self.api.bearer, "Content-Type": "application/json", **headers}
        body = json.dumps({"credentials": {"accessKeyId": self.access_key,
                                           "secretAccessKey": self.secret_key},
                           "bucket": BUCKET, "sources": ["a.txt"]})
        reply = request("POST", f"{self.server.url}/api/streams?download=1", headers, body.encode())
        self.assertEqual(reply.status, 200, reply.body)
        return reply.headers["Content-Location"]

    def described_server(self, headers):
        described = request("GET", f"{self.server.url}/api/openapi.json", headers).json
        [server] = described["servers"]
        return server["url"]


class TrustedProxyTest(LinksCase, ServiceTest):
    def test_links_begin_with_what_the_proxy_tells(self):
        self.assertTrue(self.links(PROXY).startswith("https://zip.example.com/zips/stream/"))
        self.assertTrue(self.links({}).startswith(self.server.url + "/stream/"))
        only_https = {"X-Forwarded-Proto": "https", "Host": "outer.example.com"}
        self.assertTrue(self.links(only_https).startswith("https://outer.example.com/stream/"))

    def test_paths_know_the_prefix(self):
        self.put("a.txt", "a")
        self.assertTrue(self.content_location(PROXY).startswith("/zips/stream/"))
        self.assertTrue(self.content_location({}).startswith("/stream/"))
        self.assertEqual(self.described_server(PROXY), "/zips")
        self.assertEqual(self.described_server({}), "/")


class StrangerTest(LinksCase, ServiceTest):
    settings = {"TRUSTED_PROXIES": "10.0.0.0/8"}

    def test_what_others_tell_is_not_believed(self):
        self.assertTrue(self.links(PROXY).startswith(self.server.url + "/stream/"))
        self.assertTrue(self.content_location(PROXY).startswith("/stream/"))
        self.assertEqual(self.described_server(PROXY), "/")


class PublicUrlTest(LinksCase, ServiceTest):
    settings = {"PUBLIC_URL": "https://zip.example.org/below/"}

    def test_the_configuration_decides(self):
        for headers in ({}, PROXY, {"Host": "evil.example.com"}):
            link = self.links(headers)
            self.assertTrue(link.startswith("https://zip.example.org/below/stream/"), link)
            self.assertTrue(self.content_location(headers).startswith("/below/stream/"))
            self.assertEqual(self.described_server(headers), "/below")


class UntoldTest(unittest.TestCase):
    """A server that is not told how clients reach it."""

    def start(self, **settings):
        server = Server(sandbox=False, **settings)
        self.addCleanup(server.close)
        return server.start()

    def test_it_says_so_where_others_than_this_machine_can_call_it(self):
        self.assertIn("public_url is not set", self.start(LISTEN="0.0.0.0:0").log())
        for settings in ({"LISTEN": "0.0.0.0:0", "PUBLIC_URL": "https://zip.example.com"}, {}):
            self.assertNotIn("public_url", self.start(**settings).log())

    def test_it_sends_no_mail(self):
        mail = {"MAIL_URL": "smtp://127.0.0.1:9", "MAIL_FROM": "zips@example.com"}
        ended = run("serve", settings={**mail, "LISTEN": "127.0.0.1:0"})
        self.assertEqual(ended.returncode, 78, ended.stderr)
        self.assertIn("mail.url needs public_url", ended.stderr)
        self.start(**mail, PUBLIC_URL="https://zip.example.com")

    def test_metrics_are_there_only_where_asked_for(self):
        server = self.start()
        self.assertEqual(request("GET", server.url + "/metrics").status, 404)


class SilentProxyTest(ServiceTest):
    """Behind a proxy that does not tell for whom it speaks, which this test is."""

    def test_those_who_guess_lock_nobody_else_out(self):
        for number in range(60):
            guess = {"userKey": f"key{number}", "userSecret": "guess"}
            self.assertEqual(self.api.post("/gentoken", guess).status, 401)
        self.assertEqual(self.api.post("/gentoken", self.keys).status, 200)

    def test_who_guesses_at_an_account_is_slowed_all_the_same(self):
        keys = self.server.create_account("tried")
        guess = {**keys, "userSecret": "guess"}
        statuses = [self.api.post("/gentoken", guess).status for _ in range(11)]
        self.assertEqual(statuses, [401] * 10 + [429])
        told = {"X-Forwarded-For": "1.2.3.4"}
        self.assertEqual(Api(self.server.url, keys).post("/gentoken", keys, headers=told).status, 200)


if __name__ == "__main__":
    unittest.main()
