"""The site in the server: its pages and files, how they are kept and compressed, below a proxy's
path, beside the API; and a server that was built without it."""

import gzip
import os
import re
import subprocess
import unittest
import urllib.parse

from api_client import request
from program import Server
from service_case import ServiceTest

WITH_SITE = os.environ.get("S3ZIPPER_WITH_SITE") == "ON"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = ("/", "/setup", "/registration/register", "/registration/login", "/registration/reset",
         "/registration/password", "/registration/confirm", "/registration/link", "/auth/develop",
         "/zips", "/zips/abc", "/links", "/new", "/usage", "/account", "/docs",
         "/admin/accounts", "/admin/system")
API_PATHS = ("/api", "/api/nothing", "/stream", "/v1", "/v2/nothing", "/z", "/metrics", "/readyz/x")
URLS = re.compile(r'<[^>]*\s(?:src|href)="([^"#]+)[^"]*"')


def paths_on(page, address):
    """The paths of this server that a page at this path names in its tags, as a browser sees them."""
    named = {urllib.parse.urljoin(address, url) for url in URLS.findall(page.decode())}
    return sorted(path for path in named if not urllib.parse.urlsplit(path).netloc)


def unpacked(reply):
    coding = reply.headers["Content-Encoding"]
    if coding == "gzip":
        return gzip.decompress(reply.body)
    if coding == "br":  # Python's library has none
        program = "process.stdout.write(zlib.brotliDecompressSync(fs.readFileSync(0)))"
        return subprocess.run(["node", "-e", program], input=reply.body, capture_output=True,
                              check=True).stdout
    return reply.body


@unittest.skipUnless(WITH_SITE, "the server was built without its site")
class SiteTest(ServiceTest):
    def get(self, path, headers=None, method="GET"):
        return request(method, self.server.url + path, headers)

    def assets(self):
        """The paths of the assets that the first page names."""
        found = [path for path in paths_on(self.get("/").body, "/") if "/assets/" in path]
        self.assertTrue(found)
        return found


class PagesTest(SiteTest):
    def test_each_page_is_there_and_is_asked_for_again(self):
        for path in PAGES:
            with self.subTest(path):
                reply = self.get(path, BROWSER)
                self.assertEqual(reply.status, 200)
                self.assertEqual(reply.headers["Content-Type"], "text/html; charset=utf-8")
                self.assertEqual(reply.headers["Cache-Control"], "no-cache")
                self.assertEqual(reply.headers["Vary"], "Accept-Encoding")
                self.assertIn(b'data-base="/"', reply.body)
                known = {"If-None-Match": reply.headers["ETag"]}
                again = self.get(path, known)
                self.assertEqual((again.status, again.body), (304, b""))
                self.assertEqual(again.headers["ETag"], reply.headers["ETag"])
                head = self.get(path, method="HEAD")
                self.assertEqual((head.status, head.body), (200, b""))
                self.assertEqual(head.headers["Content-Length"], str(len(reply.body)))

    def test_a_pages_address_has_no_slash_at_its_end(self):
        for path in ("/zips/", "/docs/"):
            for headers, prefix in (({}, ""), ({"X-Forwarded-Prefix": "/tools"}, "/tools")):
                reply = self.get(path, headers)
                self.assertEqual((reply.status, reply.headers["Location"]),
                                 (301, prefix + path[:-1]))

    def test_all_that_pages_name_is_there(self):
        for page in ("/", "/docs", "/docs/guides/operating"):
            for path in paths_on(self.get(page).body, page):
                with self.subTest(path, page=page):
                    reply = self.get(path)
                    self.assertEqual(reply.status, 200)
                    forever = path.startswith("/assets/")
                    self.assertEqual("immutable" in reply.headers["Cache-Control"], forever)

    def test_people_see_a_page_where_there_is_none(self):
        for method in ("GET", "HEAD"):
            reply = self.get("/nothing/here", BROWSER, method)
            self.assertEqual(reply.status, 404)
            self.assertEqual(reply.headers["Content-Type"], "text/html; charset=utf-8")
        reply = self.get("/nothing/here")
        self.assertEqual((reply.status, reply.message), (404, "there is nothing at /nothing/here"))

    def test_an_asset_that_is_gone_is_no_page(self):
        for path in ("/assets/x", "/assets/index-00000000.js", "/assets/"):
            reply = self.get(path, BROWSER)
            self.assertEqual((reply.status, reply.headers["Content-Type"]),
                             (404, "application/json"))
            self.assertEqual(reply.headers["Cache-Control"], "no-store")

    def test_paths_of_the_api_are_never_pages(self):
        for path in API_PATHS:
            with self.subTest(path):
                reply = self.get(path, BROWSER)
                self.assertEqual((reply.status, reply.headers["Content-Type"]),
                                 (404, "application/json"))
                self.assertTrue(reply.message)
        reply = self.get("/gentoken", BROWSER)
        self.assertEqual((reply.status, reply.headers["Content-Type"]), (405, "application/json"))

    def test_a_page_takes_no_other_method(self):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            for path in ("/", "/zips/abc", "/docs/x", "/assets/x"):
                reply = self.get(path, BROWSER, method)
                self.assertEqual((reply.status, reply.headers["Allow"]), (405, "GET"), path)
            self.assertEqual(self.get("/nothing/here", BROWSER, method).status, 404)


class CodingTest(SiteTest):
    def test_whatever_the_coding_the_file_is_the_same(self):
        for path in ("/", *self.assets()):
            plain = self.get(path)
            self.assertIsNone(plain.headers["Content-Encoding"])
            seen = {plain.headers["ETag"]}
            for accepted, coding in (("gzip", "gzip"), ("gzip, deflate, br", "br"),
                                     ("br;q=0, gzip", "gzip")):
                with self.subTest(path, accepted=accepted):
                    reply = self.get(path, {"Accept-Encoding": accepted})
                    self.assertEqual(reply.headers["Content-Length"], str(len(reply.body)))
                    self.assertEqual(unpacked(reply), plain.body)
                    if reply.headers["Content-Encoding"]:  # else it would be no smaller
                        self.assertEqual(reply.headers["Content-Encoding"], coding)
                        self.assertLess(len(reply.body), len(plain.body))
                        seen.add(reply.headers["ETag"])
            self.assertIn(len(seen), (1, 3))


class PrefixTest(SiteTest):
    """Behind a proxy that has the server below a path of its own, and strips it."""

    def check(self, headers, prefix):
        for path in ("/", "/zips/abc", "/docs/guides/operating"):
            plain = self.get(path, headers)
            self.assertIn(f'data-base="{prefix}/"'.encode(), plain.body)
            for named in paths_on(plain.body, prefix + path):
                self.assertTrue(named.startswith(prefix + "/"), named)
                self.assertEqual(self.get(named.removeprefix(prefix), headers).status, 200, named)
            packed = self.get(path, {**headers, "Accept-Encoding": "br, gzip"})
            self.assertEqual(unpacked(packed), plain.body)
            self.assertNotEqual(packed.headers["ETag"], plain.headers["ETag"])
            known = {**headers, "If-None-Match": plain.headers["ETag"]}
            self.assertEqual(self.get(path, known).status, 304)
        return plain.headers["ETag"]

    def test_the_proxy_tells_it(self):
        tags = {self.check({}, ""), self.check({"X-Forwarded-Prefix": "/tools/zips"}, "/tools/zips"),
                self.check({"X-Forwarded-Prefix": "/other/"}, "/other")}
        self.assertEqual(len(tags), 3)

    def test_what_is_no_path_is_not_believed(self):
        for wrong in ("//evil.example.com", "evil", '/"><script>', "/a/../b"):
            self.check({"X-Forwarded-Prefix": wrong}, "")


class StrangersPrefixTest(PrefixTest):
    settings = {"TRUSTED_PROXIES": "10.0.0.0/8"}

    def test_the_proxy_tells_it(self):
        self.check({"X-Forwarded-Prefix": "/tools"}, "")


class PublicUrlTest(PrefixTest):
    settings = {"PUBLIC_URL": "https://zip.example.org/below/"}

    def test_the_proxy_tells_it(self):
        for headers in ({}, {"X-Forwarded-Prefix": "/tools"}):
            self.check(headers, "/below")

    def test_what_is_no_path_is_not_believed(self):
        self.check({"X-Forwarded-Prefix": "evil"}, "/below")


class BrowserTest(SiteTest):
    settings = {"HTTP_CORS_ORIGINS": "https://www.example.com"}

    def test_what_pages_may_do(self):
        asset = self.assets()[0]
        for path, headers in (("/", {}), ("/zips/abc", BROWSER), ("/nothing", BROWSER), (asset, {}),
                              (asset, {"If-None-Match": "*"})):
            with self.subTest(path):
                told = self.get(path, headers).headers
                [policy] = told.get_all("Content-Security-Policy")
                self.assertTrue(policy.startswith("default-src 'none'; script-src 'self'; "))
                self.assertNotIn("unsafe", policy)
                self.assertIn("frame-ancestors 'none'", policy.split("; "))
                for name, value in (("X-Content-Type-Options", "nosniff"),
                                    ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
                                    ("Cross-Origin-Opener-Policy", "same-origin")):
                    self.assertEqual(told.get_all(name), [value])
                self.assertTrue(told["Permissions-Policy"])
                self.assertEqual(told.get_all("Vary"), ["Accept-Encoding", "Origin"])
        plain = self.get("/", {"Host": "192.0.2.7:8080"}).headers
        self.assertIsNone(plain["Cross-Origin-Opener-Policy"])
        self.assertEqual(self.get("/api/nothing").headers.get_all("Content-Security-Policy"),
                         ["default-src 'none'; frame-ancestors 'none'"])


class OpenServerTest(unittest.TestCase):
    @unittest.skipUnless(WITH_SITE, "the server was built without its site")
    def test_a_server_without_accounts_has_it_by_its_own_names(self):
        server = Server(AUTH_MODE="none", EC2_ALLOWED_BUCKETS="files")
        self.addCleanup(server.close)
        server.start()
        self.assertEqual(request("GET", server.url + "/").status, 200)
        for path in ("/", "/zips/abc", "/nothing", "/assets/x"):
            reply = request("GET", server.url + path, {**BROWSER, "Host": "evil.example.com"})
            self.assertEqual((reply.status, reply.headers["Content-Type"]),
                             (403, "application/json"))


@unittest.skipIf(WITH_SITE, "the server was built with its site")
class WithoutSiteTest(ServiceTest):
    def test_the_first_page_says_so(self):
        reply = request("GET", self.server.url + "/", BROWSER)
        self.assertEqual((reply.status, reply.headers["Content-Type"]),
                         (404, "text/plain; charset=utf-8"))
        self.assertIn(b"S3ZIPPER_SITE", reply.body)

    def test_other_paths_have_nothing(self):
        for path in ("/zips/abc", "/assets/x", "/nothing", *API_PATHS):
            reply = request("GET", self.server.url + path, BROWSER)
            self.assertEqual((reply.status, reply.headers["Content-Type"]),
                             (404, "application/json"))


if __name__ == "__main__":
    unittest.main()
