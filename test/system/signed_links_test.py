"""Links that an application signs by itself: what they answer, that they resume as other links do,
what is refused and how little is told then, and what ends them."""

import concurrent.futures
import hashlib
import hmac
import json
import time
import unittest
from urllib.parse import quote, urlencode

import zips
from api_client import Api, request
from service_case import BUCKET, GatedServiceTest, ServiceTest

OTHER_BUCKET = "others"
INVALID = "this link is not valid\n"


def signed(url, keys, *, bucket=BUCKET, prefix="", manifest=None, name="download.zip", exp=None,
           **change):
    """Written from docs/signed-links.md. `change`: fields of the link that are not what was
    signed."""
    exp = int(time.time()) + 3600 if exp is None else exp
    selection = ("manifest", manifest) if manifest else ("prefix", prefix)
    text = "\n".join(["s3zipper-link-1", keys["userKey"], bucket, "=".join(selection), name,
                      str(exp)])
    sig = hmac.new(keys["userSecret"].encode(), text.encode(), hashlib.sha256).hexdigest()
    made = {"userKey": keys["userKey"], "bucket": bucket, "name": name, "exp": exp, "sig": sig,
            **dict([selection]), **change}
    query = urlencode({field: made[field] for field in (selection[0], "exp", "sig")})
    path = "/".join(quote(made[field], safe="") for field in ("userKey", "bucket", "name"))
    return f"{url}/z/{path}?{query}"


class SignedLinksCase:
    def keep(self, keys=None, **more):
        keys = keys or self.keys
        body = {"userSecret": keys["userSecret"], **more,
                "credentials": {"accessKeyId": self.access_key,
                                "secretAccessKey": self.secret_key}}
        api = Api(self.server.url, keys)
        reply = request("PUT", self.server.url + "/api/account/credentials",
                        {**api.bearer, "Content-Type": "application/json"},
                        json.dumps(body).encode())
        self.assertEqual(reply.status, 200, reply.body)
        return api

    def link(self, *, keys=None, **more):
        return signed(self.server.url, keys or self.keys, **more)

    def refuse(self, url, status, message):
        reply = request("GET", url)
        self.assertEqual((reply.status, reply.body.decode()), (status, message), url)
        self.assertEqual(reply.headers["Content-Type"], "text/plain; charset=utf-8")


class SignedLinksTest(SignedLinksCase, ServiceTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.s3.create_bucket(Bucket=OTHER_BUCKET)
        cls.expected = cls.put_all({"2024/Grüße & more/a.txt": "alpha",
                                    "2024/Grüße & more/deep/b.bin": bytes(range(256)) * 4000,
                                    "2024/c.txt": "gamma"})
        cls.put("x.txt", "x", OTHER_BUCKET)

    def below(self, prefix):
        return {key.removeprefix(prefix): digest for key, digest in self.expected.items()
                if key.startswith(prefix)}

    def setUp(self):
        self.keep()

    def test_folder_object_and_bucket(self):
        prefix = "2024/Grüße & more/"
        url = self.link(prefix=prefix, name="Grüße 1.zip")
        zips.check(self.download(url), self.below(prefix))
        reply = request("HEAD", url)
        self.assertEqual((reply.status, reply.body), (200, b""))
        self.assertIn("filename*=UTF-8''Gr%C3%BC%C3%9Fe%201.zip",
                      reply.headers["Content-Disposition"])
        zips.check(self.download(self.link(prefix="2024/c.txt")),
                   {"c.txt": self.expected["2024/c.txt"]})
        zips.check(self.download(self.link(bucket=OTHER_BUCKET)),
                   {"x.txt": hashlib.sha256(b"x").hexdigest()})

    def test_a_manifest(self):
        key = "2024/Grüße & more/a.txt"
        self.put("lists/a b.csv", f'{BUCKET},2024/c.txt,,first/c.txt\n{BUCKET},{key}\n')
        self.addCleanup(self.s3.delete_object, Bucket=BUCKET, Key="lists/a b.csv")
        url = self.link(manifest="lists/a b.csv")
        zips.check(self.download(url), {"first/c.txt": self.expected["2024/c.txt"],
                                        key: self.expected[key]})
        self.refuse(url.replace("manifest=", "prefix="), 403, INVALID)
        self.refuse(self.link(manifest="lists/other.csv").replace("other", "a+b"), 403, INVALID)
        self.assertEqual(request("GET", self.link(manifest="lists/none.csv")).status, 404)
        untold = request("GET", self.link(manifest="lists/a"))
        self.assertEqual(untold.status, 400)
        self.assertIn("lists/a", untold.body.decode())

    def test_a_manifest_stays_within_the_allowed_buckets(self):
        self.keep(buckets=[BUCKET])
        self.put("far.csv", f"{OTHER_BUCKET},x.txt\n")
        self.addCleanup(self.s3.delete_object, Bucket=BUCKET, Key="far.csv")
        self.assertEqual(request("GET", self.link(manifest="far.csv")).status, 403)

    def test_every_get_of_a_link_gives_the_same_bytes(self):
        url = self.link(prefix="2024/")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda _: request("GET", url), range(16)))
        self.assertEqual({reply.status for reply in replies}, {200})
        whole = replies[0].body
        self.assertEqual({(reply.body, reply.headers["ETag"]) for reply in replies},
                         {(whole, replies[0].headers["ETag"])})
        # What is new in the folder is not in a zip that has been begun.
        self.put("2024/z-new.txt", "new")
        self.addCleanup(self.s3.delete_object, Bucket=BUCKET, Key="2024/z-new.txt")
        self.server.stop()
        self.server.start()
        etag = replies[0].headers["ETag"]
        rest = request("GET", url, {"Range": "bytes=1000-", "If-Range": etag})
        self.assertEqual((rest.status, rest.body), (206, whole[1000:]))
        self.assertEqual(rest.headers["Content-Range"], f"bytes 1000-{len(whole) - 1}/{len(whole)}")
        self.assertEqual(request("GET", url, {"If-None-Match": etag}).status, 304)
        # Another end of life is another link, hence another zip.
        later = request("GET", self.link(prefix="2024/", exp=int(time.time()) + 7200))
        self.assertIn(b"z-new.txt", later.body)

    def test_a_password_is_refused_by_name(self):
        for field in ("password", "zipPassword", "Zip_Password"):
            reply = request("GET", self.link(prefix="2024/") + f"&{field}=hunter2")
            self.assertEqual(reply.status, 400)
            self.assertIn(field, reply.body.decode())

    def test_what_is_not_as_it_was_signed_is_refused_alike(self):
        now = int(time.time())
        fine = {"prefix": "2024/", "exp": now + 3600}
        nobody = {"userKey": "x" * 20, "userSecret": "y" * 36}
        without = self.server.create_account("keeps nothing")
        for url in (
                self.link(**{**fine, "sig": "0" * 64}),
                self.link(**{**fine, "sig": ""}),
                self.link(**fine, userKey=without["userKey"]),
                self.link(**fine, keys=nobody),
                self.link(**fine, keys=without),
                self.link(**fine, keys={**self.keys, "userSecret": "another secret"}),
                self.link(**fine).replace("prefix=2024", "prefix=2023"),
                self.link(**fine).replace(f"/{BUCKET}/", f"/{OTHER_BUCKET}/"),
                self.link(**fine).replace("download.zip", "upload.zip"),
                self.link(**fine).replace(f"exp={now + 3600}", f"exp={now + 3601}"),
                self.link(**fine) + "&manifest=x",
                self.link(**fine) + "&exp=1",
                self.link(**fine).partition("?")[0],
                self.link(**fine, name="a\nb.zip"),
                self.link(prefix="a\nb", exp=now + 3600),
                self.link(**fine, name="download.tar"),
                # Not even that it is too late is told of a link that is not genuine.
                self.link(prefix="2024/", exp=now - 10, sig="0" * 64),
                self.server.url + "/z/", self.server.url + "/z/a/b/c/d"):
            self.refuse(url, 403, INVALID)

    def test_times(self):
        now = int(time.time())
        self.refuse(self.link(prefix="2024/", exp=now), 410,
                    "this link has expired; ask for a new one\n")
        self.refuse(self.link(prefix="2024/", exp=now + 367 * 86400), 400,
                    "exp is more than 366 days ahead\n")
        soon = self.link(prefix="2024/", exp=now + 3)
        self.assertEqual(request("GET", soon).status, 200)
        time.sleep(4)
        self.refuse(soon, 410, "this link has expired; ask for a new one\n")

    def test_only_allowed_buckets(self):
        self.keep(buckets=[BUCKET])
        self.assertEqual(request("GET", self.link(prefix="2024/")).status, 200)
        self.refuse(self.link(bucket=OTHER_BUCKET), 403,
                    "the credentials that the account keeps here are not for this bucket\n")

    def test_what_ends_links(self):
        keys = self.server.create_account("rotating")
        api = self.keep(keys)
        url = self.link(keys=keys, prefix="2024/")
        first = request("GET", url)
        self.assertEqual(first.status, 200)
        erased = request("DELETE", self.server.url + "/api/account/credentials", api.bearer)
        self.assertEqual(erased.status, 200)
        self.refuse(url, 403, INVALID)
        self.keep(keys)
        self.assertEqual(request("GET", url).body, first.body, "kept again")
        self.assertEqual(self.server.account("rotate", "rotating").returncode, 0)
        self.refuse(url, 403, INVALID)
        keys = self.server.create_account("ending")
        self.keep(keys)
        url = self.link(keys=keys, prefix="2024/")
        self.assertEqual(request("HEAD", url).status, 200)
        self.assertEqual(self.server.account("disable", "ending").returncode, 0)
        self.refuse(url, 403, INVALID)

    def test_a_folder_without_files_is_told(self):
        reply = request("GET", self.link(prefix="nowhere/"))
        self.assertEqual(reply.status, 404)
        self.assertIn("nowhere/", reply.body.decode())

    def test_other_methods(self):
        self.assertEqual(request("POST", self.link(prefix="2024/")).status, 405)

    def test_the_log_has_no_signature(self):
        url = self.link(prefix="2024/")
        request("GET", url)
        self.assertNotIn(url.rpartition("sig=")[2], self.server.log())


class ChangedCredentialsTest(SignedLinksCase, GatedServiceTest):
    def test_a_download_goes_on_with_the_credentials_that_are_kept_by_then(self):
        self.put("a.txt", "alpha")
        self.keep()
        url = self.link()
        whole = request("GET", url).body
        good = self.access_key, self.secret_key
        self.access_key, self.secret_key = "sandbox", "a-secret-that-has-been-changed"
        self.keep()
        self.assertEqual(request("GET", url).status, 403)
        self.access_key, self.secret_key = good
        self.keep()
        self.assertEqual(request("GET", url).body, whole)


if __name__ == "__main__":
    unittest.main()
