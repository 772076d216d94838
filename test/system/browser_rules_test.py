"""What every answer says to browsers: its type is meant, it is shown in no frame, and https stays
https; on replies, downloads, errors, and on what answers requests that are none."""

import unittest

from api_client import request
from program import Server
from raw_http import exchange
from service_case import ServiceTest
from tls_case import TlsTest

RULES = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}
HTTPS_ONLY = "Strict-Transport-Security"
MALFORMED = (b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
             b"GET / HTTP/1.1\r\nX" + b"x" * 70_000 + b": y\r\n\r\n")


class RulesCase:
    def check(self, headers, tls):
        for name, value in RULES.items():
            self.assertEqual(headers.get_all(name), [value])
        [policy] = headers.get_all("Content-Security-Policy")
        self.assertIn("frame-ancestors 'none'", policy.split("; "))
        life = headers.get_all(HTTPS_ONLY)
        self.assertEqual(life, ["max-age=31536000"] if tls else None)

    def check_all(self, tls):
        self.put("a.txt", "a")
        link = self.succeed(self.api.start("streamzip", self.fields("a.txt")))
        url = self.server.url
        seen = []
        for method, place, headers in (
                ("GET", link, {}), ("HEAD", link, {}), ("GET", link, {"Range": "bytes=0-9"}),
                ("GET", link, {"Range": "bytes=0-1,5-9"}), ("GET", link, {"If-None-Match": "*"}),
                ("GET", link, {"Range": "bytes=99999999-"}), ("GET", link + "x/y", {}),
                ("GET", f"{url}/stream/a/b/c.zip", {}), ("POST", link, {}),
                ("GET", f"{url}/z/a", {}), ("GET", f"{url}/", {}), ("POST", f"{url}/gentoken", {}),
                ("GET", f"{url}/api/zips", {}), ("GET", f"{url}/api/zips", self.api.bearer),
                ("GET", f"{url}/api/openapi.json", {}), ("GET", f"{url}/healthz", {}),
                ("GET", f"{url}/readyz", {}), ("GET", f"{url}/metrics", {}),
                ("OPTIONS", f"{url}/gentoken", {"Origin": "https://www.example.com",
                                                "Access-Control-Request-Method": "POST"})):
            with self.subTest(method, place=place, headers=headers):
                reply = request(method, place, headers)
                seen.append(reply.status)
                self.check(reply.headers, tls)
        self.assertLessEqual({200, 204, 206, 304, 401, 403, 404, 405, 415, 416}, set(seen))


class PlainTest(RulesCase, ServiceTest):
    settings = {"HTTP_CORS_ORIGINS": "https://www.example.com"}

    def test_every_answer(self):
        self.check_all(tls=False)

    def test_answers_to_what_is_no_request(self):
        for sent in MALFORMED:
            received = exchange(self.server.url, sent).decode()
            self.assertRegex(received, "^HTTP/1.1 4")
            for name, value in RULES.items():
                self.assertIn(f"\r\n{name}: {value}\r\n", received)


class HttpsTest(RulesCase, TlsTest):
    settings = {"HTTP_CORS_ORIGINS": "https://www.example.com"}

    def test_every_answer(self):
        self.check_all(tls=True)

    def test_the_plain_address_beside_it_cannot_promise_https(self):
        for method in ("GET", "POST"):
            self.check(request(method, self.server.redirect_url + "/a").headers, tls=False)


class MetricsTest(RulesCase, unittest.TestCase):
    def test_metrics_at_their_own_address(self):
        server = Server(sandbox=False, METRICS_LISTEN="127.0.0.1:0")
        self.addCleanup(server.close)
        server.start()
        for path in ("/metrics", "/none"):
            self.check(request("GET", server.metrics_url + path).headers, tls=False)


if __name__ == "__main__":
    unittest.main()
