"""One call that answers the zip: by JSON and by forms, with the token in the header or in the form,
and what it answers instead of a zip."""

import json
import secrets
import unittest
from urllib.parse import urlencode

import quiet
import virtual_content
import zips
from api_client import Api, request
from service_case import BUCKET, ServiceTest

PAGE = "text/html,application/xhtml+xml,*/*;q=0.8"
URLENCODED = "application/x-www-form-urlencoded"


def multipart(fields):
    """(body, content type)"""
    boundary = secrets.token_hex(16)
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             for name, value in fields]
    return ("".join(parts) + f"--{boundary}--\r\n").encode(), \
        f"multipart/form-data; boundary={boundary}"


class DownloadCallTest(ServiceTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expected = cls.put_all({
            "photos/a.jpg": "alpha", "photos/Grüße & more.txt": "beta",
            "photos/large.bin": virtual_content.content("large", 20_000_000)})

    def post(self, body, content_type="application/json", *, query="?download=1", headers=None,
             token=True):
        sent = {"Content-Type": content_type, **(self.api.bearer if token else {}),
                **(headers or {})}
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        return request("POST", f"{self.server.url}/api/streams{query}", sent, body)

    def body(self, **more):
        return {"credentials": {"accessKeyId": self.access_key,
                                "secretAccessKey": self.secret_key},
                "bucket": BUCKET, "sources": ["photos/"], **more}

    def form(self, *more):
        return [("credentials.accessKeyId", self.access_key),
                ("credentials.secretAccessKey", self.secret_key), ("bucket", BUCKET), *more]

    def check(self, reply, expected=None):
        self.assertEqual(reply.status, 200, reply.body[:500])
        self.assertEqual(int(reply.headers["Content-Length"]), len(reply.body))
        path = self.folder / "one-call.zip"
        path.write_bytes(reply.body)
        zips.check(path, self.expected if expected is None else expected)

    def refused(self, reply, status, message):
        self.assertEqual(reply.status, status, reply.body)
        self.assertEqual(reply.headers["Content-Type"], "application/json")
        self.assertIn(message, reply.message)

    def test_json(self):
        reply = self.post(self.body(fileName="Grüße.zip"))
        self.check(reply)
        self.assertEqual(reply.headers["Content-Type"], "application/zip")
        self.assertIn("attachment; ", reply.headers["Content-Disposition"])
        self.assertIn("filename*=UTF-8''Gr%C3%BC%C3%9Fe.zip", reply.headers["Content-Disposition"])

    def test_an_answer_that_broke_off_can_be_resumed(self):
        reply = self.post(self.body())
        place = self.server.url + reply.headers["Content-Location"]
        rest = request("GET", place, {"Range": "bytes=10000000-",
                                      "If-Range": reply.headers["ETag"]})
        self.assertEqual((rest.status, rest.body), (206, reply.body[10_000_000:]))

    def test_a_request_that_is_sent_again_gives_the_same_bytes(self):
        self.put("again/a.txt", "a")
        fields = self.form(("sources", "again/"), ("idempotencyKey", "form 1"))
        first = self.post(*multipart(fields))
        self.assertEqual(first.status, 200, first.body)
        self.put("again/b.txt", "b")
        self.assertEqual(self.post(*multipart(fields)).body, first.body)
        self.assertEqual(self.post(*multipart(self.form(("sources", "again/"))), headers={
            "Idempotency-Key": "form 1"}).status, 409)
        self.check(self.post(*multipart(fields[:-1])),
                   {name: zips.sha256(name[-5:-4].encode())
                    for name in ("again/a.txt", "again/b.txt")})

    def test_forms(self):
        relative = {name.removeprefix("photos/"): digest for name, digest in self.expected.items()}
        fields = self.form(("sources", "photos/"), ("names.style", "relative"), ("link.hours", "1"),
                           ("include", ""), ("fileName", "photos.zip"))
        self.check(self.post(urlencode(fields).encode(), URLENCODED), relative)
        self.check(self.post(*multipart(fields)), relative)
        two = self.form(("sources", "photos/a.jpg\r\nphotos/Grüße & more.txt"))
        expected = {name: digest for name, digest in self.expected.items()
                    if name != "photos/large.bin"}
        self.check(self.post(urlencode(two).encode(), URLENCODED), expected)
        repeated = self.form(("sources[]", "photos/a.jpg"),
                             ("sources[]", "photos/Grüße & more.txt"))
        self.check(self.post(*multipart(repeated)), expected)

    def test_a_form_of_another_page_has_its_token_in_a_field(self):
        fields = self.form(("token", self.api.token), ("sources", "photos/"))
        origin = {"Origin": "https://shop.example", "Accept": PAGE}
        self.check(self.post(urlencode(fields).encode(), URLENCODED, token=False, headers=origin))
        self.check(self.post(*multipart(fields), token=False, headers=origin))
        # In a JSON body it is no field.
        self.refused(self.post(self.body(token=self.api.token), token=False), 401,
                     "Authorization header is missing")

    def test_with_kept_credentials_a_form_needs_no_secrets_but_the_token(self):
        keys = self.server.create_account("keeps")
        api = Api(self.server.url, keys)
        kept = request("PUT", self.server.url + "/api/account/credentials",
                       {**api.bearer, "Content-Type": "application/json"},
                       json.dumps({"userSecret": keys["userSecret"], "buckets": [BUCKET],
                                   "credentials": self.body()["credentials"]}).encode())
        self.assertEqual(kept.status, 200, kept.body)
        fields = [("token", api.token), ("bucket", BUCKET), ("sources", "photos/")]
        self.check(self.post(urlencode(fields).encode(), URLENCODED, token=False))
        fields[1] = ("bucket", "another-one")
        self.refused(self.post(urlencode(fields).encode(), URLENCODED, token=False), 403,
                     "another-one")

    def test_errors_come_before_the_first_byte(self):
        for reply, status, message in (
                (self.post(self.body(), token=False), 401, "Authorization header"),
                (self.post(self.body(), headers={"Authorization": "Bearer x"}), 401, "token"),
                (self.post(self.body(sources=["photos/no-such"])), 404, "photos/no-such"),
                (self.post(self.body(sources=[])), 400, "sources is required"),
                (self.post(self.body(sources=[5])), 400, "sources[0] must be"),
                (self.post(self.body(files=["a"])), 400, 'the body has no field "files"'),
                (self.post(self.body(zipPassword="hunter2")), 400, "zipPassword"),
                (self.post(urlencode(self.form(("sources", "a"), ("password", "hunter2"))).encode(), URLENCODED), 400,
                 "password"),
                (self.post(self.body(), query="?download=1&password=a"), 400, "password"),
                (self.post(self.body(split={"maxEntries": 1})), 400, "split is not for downloads"),
                (self.post(self.body(bucket="no-such-bucket")), 404, "no-such-bucket"),
                (self.post(self.body(credentials={"accessKeyId": "nobody",
                                                  "secretAccessKey": "x"})),
                 403, "InvalidAccessKeyId"),
                (self.post([]), 400, "the body must be an object"),
                (self.post(b"{"), 400, "the body"),
                (self.post(self.body(), query="?download=yes"), 400, "download must be 1 or 0"),
                (self.post(self.body(), query="?upload=1"), 400, 'no field "upload"'),
                (self.post(urlencode(self.form(("bucket", "b"))).encode(), URLENCODED), 400,
                 "bucket is given twice"),
                (self.post(urlencode(self.form(("link.hours", "x"))).encode(), URLENCODED), 400,
                 "link.hours must be a whole number"),
                (self.post(b"token=x", URLENCODED, token=False), 401, "token"),
                (self.post(b"bucket=x", URLENCODED, token=False), 401, "token is required"),
                (self.post(b"a=" + b"x" * 70_000, URLENCODED, token=False), 413, "")):
            self.refused(reply, status, message)
            self.assertIsNone(reply.headers["Content-Location"])

    def test_people_get_a_page(self):
        fields = self.form(("token", self.api.token), ("sources", "photos/<b>&.txt"))
        reply = self.post(urlencode(fields).encode(), URLENCODED, token=False,
                          headers={"Accept": PAGE})
        quiet.check_page(self, reply, 404, "photos", BUCKET, self.secret_key)
        # The owner reads the cause in the API.
        streams = request("GET", f"{self.server.url}/api/streams", self.api.bearer).json["streams"]
        errors = [stream["error"] for stream in streams if stream["state"] == "failed"]
        self.assertTrue([error for error in errors if "photos/<b>&.txt" in error], errors)

    def test_people_are_sent_to_the_accounts_error_url(self):
        keys = self.server.create_account("sending on")
        api = Api(self.server.url, keys)
        url = "https://shop.example/sorry"
        set_url = request("PUT", self.server.url + "/api/account/error-url",
                          {**api.bearer, "Content-Type": "application/json"},
                          json.dumps({"errorUrl": url}).encode())
        self.assertEqual(set_url.status, 200, set_url.body)
        good = {"bucket": BUCKET, "sources": "photos/", "token": api.token,
                "credentials.accessKeyId": self.access_key,
                "credentials.secretAccessKey": self.secret_key}
        for change, status in (({"bucket": "no-such-bucket"}, 404), ({"sorces": "photos/"}, 400),
                               ({"sources": "nowhere/"}, 404),
                               ({"credentials.accessKeyId": "nobody"}, 403)):
            body = urlencode(good | change).encode()
            with self.subTest(change=list(change)):
                reply = self.post(body, URLENCODED, token=False, headers={"Accept": PAGE})
                quiet.check_sent_on(self, reply, url, status)
                words = self.post(body, URLENCODED, token=False,
                                  headers={"Accept": "application/json"})
                quiet.check_words(self, words, status, BUCKET, "shop.example")
        self.check(self.post(urlencode(good).encode(), URLENCODED, token=False,
                             headers={"Accept": PAGE}))
        # Of no account that is known.
        nobodys = self.post(urlencode(good | {"token": "x"}).encode(), URLENCODED, token=False,
                            headers={"Accept": PAGE})
        quiet.check_page(self, nobodys, 401, "shop.example")

    def test_people_are_told_nothing_of_the_bucket_and_the_store(self):
        good = {"bucket": BUCKET, "sources": "photos/", "token": self.api.token,
                "credentials.accessKeyId": self.access_key,
                "credentials.secretAccessKey": self.secret_key}
        for change, status in (({"bucket": "no-such-bucket"}, 404),
                               ({"credentials.accessKeyId": "nobody"}, 403),
                               ({"endpoint": "https://store.example.com"}, 400),
                               ({"sorces": "photos/"}, 400), ({"token": "x"}, 401),
                               ({"include": "x" * 70_000}, 413)):
            body = urlencode(good | change).encode()
            with self.subTest(change=list(change)):
                told = (BUCKET, "no-such-bucket", "nobody", "store.example", "sorces")
                page = self.post(body, URLENCODED, token=False, headers={"Accept": PAGE})
                quiet.check_page(self, page, status, *told)
                words = self.post(body, URLENCODED, token=False,
                                  headers={"Accept": "application/json"})
                quiet.check_words(self, words, status, *told)


if __name__ == "__main__":
    unittest.main()
