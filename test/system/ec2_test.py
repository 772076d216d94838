"""The server without accounts, as on a machine of its own in EC2: the calls and their answers, the
credentials of the machine's role and of the environment, and what bounds them."""

import json
import os
import time
import unittest

import zips
from api_client import FORMS, encode, request
from fake_store import FakeStore
from program import Sandbox, Server
from service_case import BUCKET, ServiceTest

WAIT_S = 60
ROLE_PATH = "/latest/meta-data/iam/security-credentials/"
VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def set_environment(test_class, values):
    """Of servers that are started from now on, until the class is done."""
    before = {name: os.environ.pop(name, None) for name in VARIABLES}
    os.environ.update(values)

    def restore():
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value

    test_class.addClassCleanup(restore)


class MetadataService(FakeStore):
    """Gives credentials that last `life_s`; `working` false: it has none."""

    def __init__(self, life_s):
        super().__init__(self._answer)
        self.life_s = life_s
        self.working = True

    def _answer(self, method, path):
        if not self.working:
            return 404, {}, b""
        if (method, path) == ("PUT", "/latest/api/token"):
            return 200, {}, b"metadata-token"
        if (method, path) == ("GET", ROLE_PATH):
            return 200, {}, b"zipper-role"
        if (method, path) == ("GET", ROLE_PATH + "zipper-role"):
            end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + self.life_s))
            return 200, {}, json.dumps({
                "Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "sandbox-temporary",
                "SecretAccessKey": Sandbox.SECRET_KEY, "Token": "sandbox-session",
                "Expiration": end}).encode()
        return 404, {}, b""

    def times_asked(self):
        return sum(path == ROLE_PATH + "zipper-role" for _, path, _ in self.asked)


class OpenServerTest(ServiceTest):
    """Of servers without accounts."""

    life_s = 6 * 3600

    @classmethod
    def new_server(cls):
        set_environment(cls, {})
        cls.metadata = MetadataService(cls.life_s)
        return Server(AUTH_MODE="none", EC2_ALLOWED_BUCKETS=f"{BUCKET},other",
                      EC2_METADATA_URL=cls.metadata.url)

    def post(self, path, fields, form="multipart", headers=None):
        body, content_type = encode(fields, form)
        return request("POST", self.server.url + path,
                       {"Content-Type": content_type, **(headers or {})}, body)

    def without_keys(self, *paths, **more):
        return {"awsBucket": BUCKET, "filePaths": list(paths), **more}

    def start(self, path, fields):
        reply = self.post(path, fields)
        self.assertEqual((reply.status, reply.json.get("message")), (200, "STARTED"), reply.body)
        return reply.json

    def ended(self, zip_id):
        deadline = time.monotonic() + WAIT_S
        while True:
            reply = self.post("/v2/status", {"zipID": zip_id}, "json")
            self.assertEqual((reply.status, reply.json["zipID"]), (200, zip_id))
            if reply.json["State"] in ("SUCCESS", "FAILURE"):
                return reply.json
            self.assertLess(time.monotonic(), deadline, reply.json)
            time.sleep(0.05)


class RoleTest(OpenServerTest):
    def test_a_zip_into_the_bucket_and_one_as_a_download(self):
        expected = self.put_all({"photos/one.jpg": "1", "photos/two.jpg": "22"})
        for path, key in (("/v2/s3zip", "streams3v2"), ("/v2/streamzip", "idurl")):
            started = self.start(path, self.without_keys("photos/", zipTo="zips/all.zip"))
            self.assertEqual(started["taskUUID"], [{key: f"zipper_s3_{started['zipID']}"}])
            state = self.ended(started["zipID"])
            self.assertEqual(state["State"], "SUCCESS", state)
            zips.check(self.download(state["Results"][0]["Value"]), expected)

    def test_the_service_is_asked_as_imdsv2_wants_it(self):
        self.assertGreater(self.metadata.times_asked(), 0)
        for method, path, headers in self.metadata.asked:
            if path.startswith(ROLE_PATH):
                self.assertEqual((method, headers["X-aws-ec2-metadata-token"]),
                                 ("GET", "metadata-token"))
            else:
                self.assertIn("X-aws-ec2-metadata-token-ttl-seconds", headers)

    def test_keys_that_are_sent_are_used(self):
        self.put("a.txt", "a")
        sent = self.without_keys("a.txt", awsKey="sandbox", awsSecret="wrong")
        self.assertEqual(self.ended(self.start("/v2/s3zip", sent)["zipID"])["State"], "FAILURE")
        reply = self.post("/v2/s3zip", self.without_keys("a.txt", awsKey="sandbox"))
        self.assertEqual((reply.status, reply.message), (400, "awsSecret is required"))
        dashes = self.without_keys("a.txt", awsKey="-", awsSecret="-")
        self.assertEqual(self.ended(self.start("/v2/s3zip", dashes)["zipID"])["State"], "SUCCESS")

    def test_other_buckets_than_those_allowed(self):
        for bucket in ("other", "forbidden"):
            self.s3.create_bucket(Bucket=bucket)
            self.put("b.txt", "b", bucket)
        reply = self.post("/v2/s3zip", {"awsBucket": "forbidden", "filePaths": "b.txt"})
        self.assertEqual(reply.status, 403)
        self.assertIn("ec2.allowed_buckets", reply.message)
        allowed = self.start("/v2/s3zip", self.without_keys("other/b.txt"))
        self.assertEqual(self.ended(allowed["zipID"])["State"], "SUCCESS")
        for fields in (self.without_keys("forbidden/b.txt"),
                       self.without_keys("other/b.txt", fileMapper="forbidden/b.txt")):
            state = self.ended(self.start("/v2/s3zip", fields)["zipID"])
            self.assertEqual(state["State"], "FAILURE")

    def test_pages_in_browsers_are_refused(self):
        reply = self.post("/v2/s3zip", self.without_keys("a.txt"),
                          headers={"Origin": "https://evil.example.com"})
        self.assertEqual(reply.status, 403)

    def test_hosts_that_are_not_its_own_are_refused(self):
        """A page whose name has come to mean this machine is of the same origin, for its browser."""
        self.put("a.txt", "a")
        link = self.ended(self.start("/v2/streamzip", self.without_keys("a.txt"))["zipID"])
        link = link["Results"][0]["Value"]
        port = self.server.url.rpartition(":")[2]
        page = {"Sec-Fetch-Site": "same-origin", "Origin": f"http://evil.example.com:{port}"}
        for host in (f"evil.example.com:{port}", "evil.example.com", f"127.0.0.1.evil.com:{port}",
                     "localhost.evil.com", "2130706433", "zip"):
            with self.subTest(host=host):
                for reply in (self.post("/v2/s3zip", self.without_keys("a.txt"),
                                        headers={**page, "Host": host}),
                              self.post("/v2/s3zip", self.without_keys("a.txt"),
                                        headers={"Host": host, "X-Forwarded-Host": "localhost"}),
                              request("GET", f"{self.server.url}/api/zips", {"Host": host}),
                              request("GET", f"{self.server.url}/api/openapi.json",
                                      {"Host": host}),
                              request("GET", link, {"Host": host})):
                    self.assertEqual(reply.status, 403, reply.body)
                forwarded = {"X-Forwarded-Host": host}
                reply = request("GET", f"{self.server.url}/api/zips", forwarded)
                self.assertEqual(reply.status, 403, reply.body)
        # Load balancers have names for it of their own, and hear nothing of it.
        for path in ("/healthz", "/readyz"):
            reply = request("GET", self.server.url + path, {"Host": "evil.example.com"})
            self.assertEqual(reply.status, 200)

    def test_its_own_hosts_are_answered(self):
        port = self.server.url.rpartition(":")[2]
        for host in (f"127.0.0.1:{port}", f"localhost:{port}", "localhost", "192.0.2.7:80", "[::1]",
                     "zip.localhost:8080"):
            reply = request("GET", f"{self.server.url}/api/zips", {"Host": host})
            self.assertEqual(reply.status, 200, host)

    def test_pages_of_its_own_are_served_and_others_are_not(self):
        self.put("a.txt", "a")
        for headers, status in (
                ({"Sec-Fetch-Site": "same-origin", "Origin": self.server.url}, 200),
                ({"Sec-Fetch-Site": "none"}, 200), ({"Origin": self.server.url}, 200),
                ({"Sec-Fetch-Site": "same-site"}, 403), ({"Sec-Fetch-Site": "cross-site"}, 403),
                ({"Sec-Fetch-Site": "cross-site", "Origin": self.server.url}, 403),
                ({"Origin": "null"}, 403), ({"Origin": "http://127.0.0.1:1"}, 403)):
            with self.subTest(headers=headers):
                reply = self.post("/v2/s3zip", self.without_keys("a.txt"), headers=headers)
                self.assertEqual(reply.status, status, reply.body)
                reply = request("GET", f"{self.server.url}/api/buckets", headers)
                self.assertEqual(reply.status == 403, status == 403, reply.body)

    def test_links_can_be_followed_from_any_page(self):
        self.put("a.txt", "a")
        state = self.ended(self.start("/v2/streamzip", self.without_keys("a.txt"))["zipID"])
        reply = request("GET", state["Results"][0]["Value"], {"Sec-Fetch-Site": "cross-site"})
        self.assertEqual(reply.status, 200)

    def test_unknown_ids(self):
        unknown = "0c7e5b0e-52a5-4f0c-8a1d-0b6b3f1f2a3c"
        self.assertEqual(self.post("/v2/status", {"zipID": unknown}, "json").status, 404)
        reply = self.post("/v2/status", {}, "json")
        self.assertEqual(reply.status, 400)
        self.assertIn("zipID", reply.message)

    def test_status_takes_every_kind_of_body(self):
        self.put("a.txt", "a")
        started = self.start("/v2/s3zip", self.without_keys("a.txt"))
        self.ended(started["zipID"])
        for form in FORMS:
            for name in ("zipID", "zipid"):
                state = self.post("/v2/status", {name: started["zipID"]}, form).json
                self.assertEqual((state["zipID"], state["State"]), (started["zipID"], "SUCCESS"))


class NamedTest(OpenServerTest):
    @classmethod
    def new_server(cls):
        server = super().new_server()
        server.settings["PUBLIC_URL"] = "https://zip.example.com/zips"
        return server

    def test_the_host_of_public_url_is_its_own(self):
        for host, status in (("zip.example.com", 200), ("ZIP.example.com:8443", 200),
                             ("other.example.com", 403)):
            reply = request("GET", f"{self.server.url}/api/zips", {"Host": host})
            self.assertEqual(reply.status, status, host)


class ExpiryTest(OpenServerTest):
    life_s = 6

    def test_the_roles_credentials_are_renewed_until_there_are_none(self):
        self.put("a.txt", "a")
        deadline = time.monotonic() + WAIT_S
        while self.metadata.times_asked() < 3:
            self.assertLess(time.monotonic(), deadline, "they are not renewed")
            time.sleep(0.1)
        started = self.start("/v2/s3zip", self.without_keys("a.txt"))
        self.assertEqual(self.ended(started["zipID"])["State"], "SUCCESS")
        self.metadata.working = False
        time.sleep(self.life_s + 1)
        for operation in ("/v2/s3zip", "/v2/streamzip"):
            ended = self.ended(self.start(operation, self.without_keys("a.txt"))["zipID"])
            self.assertEqual(ended["State"], "FAILURE", operation)
            self.assertIn("no credentials of its own", ended["Error"])


class EnvironmentTest(OpenServerTest):
    @classmethod
    def new_server(cls):
        server = super().new_server()
        set_environment(cls, {"AWS_ACCESS_KEY_ID": Sandbox.ACCESS_KEY,
                              "AWS_SECRET_ACCESS_KEY": Sandbox.SECRET_KEY})
        return server

    def test_the_environments_credentials_come_first(self):
        self.put("a.txt", "a")
        started = self.start("/v2/s3zip", self.without_keys("a.txt"))
        self.assertEqual(self.ended(started["zipID"])["State"], "SUCCESS")
        self.assertEqual(self.metadata.asked, [])


class AccountsTest(ServiceTest):
    def test_with_accounts_there_is_none_of_it(self):
        for path in ("/v2/s3zip", "/v2/status"):
            self.assertEqual(self.api.call(path, self.fields("a.txt")).status, 404)
        reply = self.api.call("/v2/zipstart", {"awsBucket": BUCKET, "filePaths": "a.txt"})
        self.assertEqual((reply.status, reply.message), (400, "awsKey is required"))
        self.assertNotIn("zipID", self.api.start("streamzip", self.fields("a.txt")))


if __name__ == "__main__":
    unittest.main()
