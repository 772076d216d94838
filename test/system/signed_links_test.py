"""Links that an application signs by itself: what they answer, that they resume as other links do,
what is refused and how little is told then, and what ends them."""

import concurrent.futures
import hashlib
import hmac
import json
import time
import unittest
from urllib.parse import quote, urlencode

import quiet
import zips
from api_client import Api, request
from service_case import BUCKET, GatedServiceTest, ServiceTest

OTHER_BUCKET = "others"


def signed(url, keys, *, bucket=BUCKET, prefix="", manifest=None, name="download.zip", exp=None,
           **change):
    """Written from docs/guides/signed-links.md. `change`: fields of the link that are not what was
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

    def refuse(self, url, status):
        reply = request("GET", url)
        quiet.check_page(self, reply, status, BUCKET, OTHER_BUCKET, "2024")
        return reply.body.replace(reply.headers["X-Request-Id"].encode(), b"")


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
        zips.check(self.download(self.link(bucket=OTHER_BUCKET, prefix="/")),
                   {"x.txt": hashlib.sha256(b"x").hexdigest()})

    def test_the_whole_bucket_is_asked_for_by_a_slash_only(self):
        empty = self.link(prefix="")
        for url in (empty, empty.replace("prefix=&", "")):
            self.refuse(url, 400)
        # Signed for the one, it is not for the other.
        self.refuse(empty.replace("prefix=", "prefix=%2F"), 403)
        self.refuse(self.link(prefix="/").replace("prefix=%2F", "prefix="), 403)

    def twin(self, stream):
        """The link that the stream would have if a call had made it: signed with the server's key."""
        master = bytes.fromhex((self.server.data / "master.key").read_text().split(":")[1])
        links_key = hashlib.blake2b(digest_size=32, key=master, salt=(4).to_bytes(16, "little"),
                                    person=b"s3zipper".ljust(16, b"\0")).digest()
        text = f"stream/{stream['id']}".encode()
        signature = hashlib.blake2b(text, digest_size=32, key=links_key).hexdigest()[:32]
        return f"{self.server.url}/stream/{stream['id']}/{signature}/download.zip"

    def test_its_stream_has_no_link_and_ends_with_the_keys(self):
        keys = self.server.create_account("listing")
        api = self.keep(keys)
        url = self.link(keys=keys, prefix="2024/")
        self.assertEqual(request("GET", url).status, 200)
        [stream] = self.streams(api)
        self.assertEqual((stream["state"], stream["links"]), ("ready", []))
        place = f"{self.server.url}/api/streams/{stream['id']}"
        self.assertEqual(request("GET", place, api.bearer).json["links"], [])
        self.assertEqual(api.result({"taskUUID": stream["id"]}),
                         {"message": "SUCCESS", "results": []})
        self.assertEqual(request("HEAD", self.twin(stream)).status, 200)
        self.assertEqual(request("POST", self.server.url + "/api/account/rotate",
                                 {**api.bearer, "Content-Type": "application/json"},
                                 json.dumps({"userSecret": keys["userSecret"]}).encode()).status,
                         200)
        self.refuse(url, 403)
        self.refuse(self.twin(stream), 410)

    def test_a_stream_of_old_keys_is_revoked_and_the_new_ones_sign_anew(self):
        keys = self.server.create_account("renewing")
        api = self.keep(keys)
        exp = int(time.time()) + 3600
        old = self.link(keys=keys, prefix="2024/", exp=exp)
        whole = request("GET", old)
        [first] = self.streams(api)
        rotated = json.loads(self.server.account("rotate", "renewing", "--json").stdout)
        api = self.keep({**keys, **rotated})
        self.assertEqual([stream["state"] for stream in self.streams(api)], ["revoked"])
        # The same text, signed anew, is another link.
        new = request("GET", self.link(keys={**keys, **rotated}, prefix="2024/", exp=exp))
        self.assertEqual((new.status, new.body), (200, whole.body))
        states = {stream["id"]: stream["state"] for stream in self.streams(api)}
        self.assertEqual(states.pop(first["id"]), "revoked")
        self.assertEqual(list(states.values()), ["ready"])
        self.refuse(old, 403)

    def streams(self, api):
        return request("GET", self.server.url + "/api/streams", api.bearer).json["streams"]

    def test_a_manifest(self):
        key = "2024/Grüße & more/a.txt"
        self.put("lists/a b.csv", f'{BUCKET},2024/c.txt,,first/c.txt\n{BUCKET},{key}\n')
        self.addCleanup(self.s3.delete_object, Bucket=BUCKET, Key="lists/a b.csv")
        url = self.link(manifest="lists/a b.csv")
        zips.check(self.download(url), {"first/c.txt": self.expected["2024/c.txt"],
                                        key: self.expected[key]})
        self.refuse(url.replace("manifest=", "prefix="), 403)
        self.refuse(self.link(manifest="lists/other.csv").replace("other", "a+b"), 403)
        self.assertEqual(request("GET", self.link(manifest="lists/none.csv")).status, 404)
        untold = request("GET", self.link(manifest="lists/a"))
        quiet.check_page(self, untold, 400, "lists/a")

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

    def test_a_password_is_refused(self):
        for field in ("password", "zipPassword", "Zip_Password"):
            reply = request("GET", self.link(prefix="2024/") + f"&{field}=hunter2")
            quiet.check_page(self, reply, 400, "hunter2")

    def test_what_is_not_as_it_was_signed_is_refused_alike(self):
        now = int(time.time())
        fine = {"prefix": "2024/", "exp": now + 3600}
        nobody = {"userKey": "x" * 20, "userSecret": "y" * 36}
        without = self.server.create_account("keeps nothing")
        told = set()
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
            told.add(self.refuse(url, 403))
        self.assertEqual(len(told), 1, "it is told what is wrong")

    def test_times(self):
        now = int(time.time())
        self.refuse(self.link(prefix="2024/", exp=now), 410)
        self.refuse(self.link(prefix="2024/", exp=now + 367 * 86400), 400)
        soon = self.link(prefix="2024/", exp=now + 3)
        self.assertEqual(request("GET", soon).status, 200)
        time.sleep(4)
        self.refuse(soon, 410)

    def test_only_allowed_buckets(self):
        self.keep(buckets=[BUCKET])
        self.assertEqual(request("GET", self.link(prefix="2024/")).status, 200)
        self.refuse(self.link(bucket=OTHER_BUCKET), 403)

    def test_what_ends_links(self):
        keys = self.server.create_account("rotating")
        api = self.keep(keys)
        url = self.link(keys=keys, prefix="2024/")
        first = request("GET", url)
        self.assertEqual(first.status, 200)
        erased = request("DELETE", self.server.url + "/api/account/credentials", api.bearer)
        self.assertEqual(erased.status, 200)
        self.refuse(url, 403)
        self.keep(keys)
        self.assertEqual(request("GET", url).body, first.body, "kept again")
        self.assertEqual(self.server.account("rotate", "rotating").returncode, 0)
        self.refuse(url, 403)
        keys = self.server.create_account("ending")
        self.keep(keys)
        url = self.link(keys=keys, prefix="2024/")
        self.assertEqual(request("HEAD", url).status, 200)
        self.assertEqual(self.server.account("disable", "ending").returncode, 0)
        self.refuse(url, 403)

    def test_who_cannot_be_served_is_sent_to_the_accounts_error_url(self):
        url = "https://shop.example/sorry"
        keys = self.server.create_account("sending on")
        api = self.keep(keys, buckets=[BUCKET])
        set_url = request("PUT", self.server.url + "/api/account/error-url",
                          {**api.bearer, "Content-Type": "application/json"},
                          json.dumps({"errorUrl": url}).encode())
        self.assertEqual(set_url.status, 200, set_url.body)
        now = int(time.time())
        for link, status in ((self.link(keys=keys, prefix="nowhere/"), 404),
                             (self.link(keys=keys, prefix="2024/", exp=now), 410),
                             (self.link(keys=keys, prefix="2024/", exp=now + 367 * 86400), 400),
                             (self.link(keys=keys, prefix=""), 400),
                             (self.link(keys=keys, bucket=OTHER_BUCKET, prefix="x.txt"), 403)):
            quiet.check_sent_on(self, request("GET", link), url, status)
        self.assertEqual(request("GET", self.link(keys=keys, prefix="2024/")).status, 200)
        # What is not genuine is nobody's.
        self.refuse(self.link(keys=keys, prefix="nowhere/", sig="0" * 64), 403)
        self.assertEqual(self.server.account("disable", "sending on").returncode, 0)
        self.refuse(self.link(keys=keys, prefix="nowhere/"), 403)

    def test_a_folder_without_files_is_told(self):
        quiet.check_page(self, request("GET", self.link(prefix="nowhere/")), 404, "nowhere")
        errors = [stream["error"] for stream in self.streams(self.api)]
        self.assertTrue([error for error in errors if error and "nowhere/" in error], errors)

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
        url = self.link(prefix="/")
        whole = request("GET", url).body
        good = self.access_key, self.secret_key
        self.access_key, self.secret_key = "sandbox", "a-secret-that-has-been-changed"
        self.keep()
        refused = request("GET", url)
        quiet.check_page(self, refused, 403, BUCKET, "a.txt")
        failure = self.last_failure()
        self.assertEqual(failure["requestId"], refused.headers["X-Request-Id"])
        self.assertIn(f"s3://{BUCKET}/a.txt", failure["error"])
        self.access_key, self.secret_key = good
        self.keep()
        self.assertEqual(request("GET", url).body, whole)
        self.assertEqual(self.last_failure(), failure, "it stays, with its time")

    def last_failure(self):
        streams = request("GET", self.server.url + "/api/streams", self.api.bearer).json["streams"]
        [stream] = streams
        return stream["lastFailure"]


if __name__ == "__main__":
    unittest.main()
