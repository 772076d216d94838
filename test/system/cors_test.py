"""Pages of other origins: preflights, and what browsers need on answers, errors and downloads."""

import unittest

from api_client import encode, request
from service_case import ServiceTest

OURS = "https://www.example.com"
PREFLIGHT = {"Access-Control-Request-Method": "POST",
             "Access-Control-Request-Headers": "authorization,content-type"}


def cors_lines(reply):
    return {name: value for name, value in reply.headers.items()
            if name.lower().startswith("access-control-")}


class CorsTest(ServiceTest):
    settings = {"HTTP_CORS_ORIGINS": f"{OURS}/,http://localhost:3000"}

    def preflight(self, origin, path="/v2/zipstart"):
        return request("OPTIONS", self.server.url + path, {"Origin": origin, **PREFLIGHT})

    def test_a_preflight_says_what_may_be_sent(self):
        for origin in (OURS, "http://localhost:3000"):
            for path in ("/gentoken", "/v1/zipresult", "/stream/some/link"):
                reply = self.preflight(origin, path)
                self.assertEqual((reply.status, reply.body), (204, b""))
                self.assertEqual(reply.headers["Access-Control-Allow-Origin"], origin)
                self.assertEqual(reply.headers["Vary"], "Origin")
                allowed = reply.headers["Access-Control-Allow-Headers"].lower().split(", ")
                self.assertLessEqual({"authorization", "content-type", "range"}, set(allowed))
                self.assertIn("POST", reply.headers["Access-Control-Allow-Methods"].split(", "))

    def test_other_origins_are_told_nothing(self):
        for origin in ("https://evil.example.com", "null", "http://www.example.com"):
            reply = self.preflight(origin)
            self.assertEqual((reply.status, cors_lines(reply)), (405, {}))
            reply = request("GET", f"{self.server.url}/healthz", {"Origin": origin})
            self.assertEqual((reply.status, cors_lines(reply)), (200, {}))
            self.assertEqual(reply.headers["Vary"], "Origin")

    def test_calls_errors_and_downloads(self):
        self.put("a.txt", "a" * 1000)
        body, content_type = encode(self.keys, "json")
        ours = {"Origin": OURS, "Content-Type": content_type}
        link = self.succeed(self.api.start("streamzip", self.fields("a.txt")))
        replies = [request("POST", f"{self.server.url}/gentoken", ours, body),
                   request("POST", f"{self.server.url}/v2/zipstart", ours, body),
                   request("GET", f"{self.server.url}/none", ours),
                   request("GET", link, ours), request("HEAD", link, ours),
                   request("GET", link, {**ours, "Range": "bytes=10-19"})]
        self.assertEqual([reply.status for reply in replies], [200, 401, 404, 200, 200, 206])
        for reply in replies:
            self.assertEqual(reply.headers["Access-Control-Allow-Origin"], OURS)
            self.assertEqual(reply.headers["Vary"], "Origin")
            exposed = reply.headers["Access-Control-Expose-Headers"].split(", ")
            self.assertLessEqual({"Content-Length", "Content-Range", "ETag", "Content-Disposition",
                                  "Accept-Ranges"}, set(exposed))


class AnyOriginTest(ServiceTest):
    settings = {"HTTP_CORS_ORIGINS": "*"}

    def test_any_origin(self):
        for method, status in (("OPTIONS", 204), ("POST", 415)):
            reply = request(method, f"{self.server.url}/gentoken",
                            {"Origin": "https://any.example.com", **PREFLIGHT})
            self.assertEqual(reply.status, status)
            self.assertEqual(reply.headers["Access-Control-Allow-Origin"], "*")


class NoOriginTest(ServiceTest):
    def test_without_the_setting_there_is_no_cors(self):
        for method, status in (("OPTIONS", 405), ("POST", 415)):
            reply = request(method, f"{self.server.url}/gentoken", {"Origin": OURS, **PREFLIGHT})
            self.assertEqual((reply.status, cors_lines(reply)), (status, {}))
            self.assertIsNone(reply.headers["Vary"])


if __name__ == "__main__":
    unittest.main()
