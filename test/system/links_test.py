"""The stream link: its headers, ranges and refusals, and what happens when objects change."""

import base64
import json
import random
import re
import sqlite3
import subprocess
import time
import unittest
import urllib.parse
import zipfile
import zlib

import quiet
import zips
from api_client import Api, request
from program import SANITIZED
from service_case import BUCKET, GatedServiceTest, ServiceTest

MIB = 1 << 20
SEED = 2024
END_OF_CENTRAL_DIRECTORY = b"PK\x05\x06"
CURL_PARTIAL_FILE = 18


class LinksTest(ServiceTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        source = random.Random(SEED)
        cls.expected = cls.put_all({
            "mix/a.txt": "a", "mix/empty": "", "mix/folder/": "", "mix/small.bin": source.randbytes(70_000),
            # Too large to be held back: written as stored blocks with a descriptor.
            "mix/large.bin": source.randbytes(3 * MIB + 12_345), "mix/z.txt": "z" * 1000})
        cls.link = cls.new_link()
        cls.whole = request("GET", cls.link)

    @classmethod
    def new_link(cls, *paths, **more):
        task = cls.api.start("streamzip", cls.fields(cls, *(paths or ("mix/",)), **more))
        return cls.api.result(task)["results"][0]

    def get(self, link=None, method="GET", **headers):
        return request(method, link or self.link,
                       {name.replace("_", "-"): value for name, value in headers.items()})

    def range(self, value, **headers):
        return self.get(Range=f"bytes={value}", **headers)

    def test_the_zip_is_right_for_every_reader(self):
        path = self.download(self.link)
        zips.check(path, self.expected)
        zips.check_with_other_readers(path)

    def test_the_headers(self):
        whole = self.whole
        self.assertEqual(whole.status, 200)
        self.assertEqual(int(whole.headers["Content-Length"]), len(whole.body))
        self.assertEqual(whole.headers["Content-Type"], "application/zip")
        self.assertEqual(whole.headers["Accept-Ranges"], "bytes")
        self.assertRegex(whole.headers["ETag"], r'^"[^"]+"$')
        self.assertIsNone(whole.headers["Content-Encoding"])
        self.assertIsNone(whole.headers["Transfer-Encoding"])

    def test_it_is_never_compressed(self):
        self.assertIsNone(self.get(Accept_Encoding="gzip").headers["Content-Encoding"])

    def test_content_disposition_has_both_forms_of_the_name(self):
        for name, plain, encoded in (
                ("my files.zip", "my files.zip", "my%20files.zip"),
                ('ünï"%;.zip', None, None), ("plain", "plain.zip", "plain.zip"), ("日本", None, None)):
            with self.subTest(name=name):
                link = self.new_link(zipFileName=name)
                value = self.get(link, "HEAD").headers["Content-Disposition"]
                found = re.fullmatch(r"attachment; filename=\"([^\"\\]*)\"; filename\*=UTF-8''(\S+)",
                                     value)
                self.assertIsNotNone(found, value)
                self.assertTrue(found[1].isascii())
                if plain:
                    self.assertEqual(found.groups(), (plain, encoded))
                decoded = urllib.parse.unquote(found[2], errors="strict")
                # Portable names have no quotes; nothing else of it changes.
                self.assertEqual(decoded.removesuffix(".zip"),
                                 name.replace('"', "_").removesuffix(".zip"))

    def test_head_tells_the_same_without_a_body(self):
        head = self.get(method="HEAD")
        self.assertEqual(head.status, 200)
        self.assertEqual(head.body, b"")
        for name in ("Content-Length", "ETag", "Content-Disposition", "Content-Type", "Accept-Ranges"):
            self.assertEqual(head.headers[name], self.whole.headers[name])

    def test_the_same_bytes_each_time(self):
        again = self.get()
        self.assertEqual(again.headers["ETag"], self.whole.headers["ETag"])
        self.assertEqual(zips.sha256(again.body), zips.sha256(self.whole.body))

    def test_another_link_of_the_same_objects_gives_the_same_bytes(self):
        other = self.get(self.new_link())
        self.assertEqual(zips.sha256(other.body), zips.sha256(self.whole.body))

    def test_single_ranges(self):
        whole = self.whole.body
        size = len(whole)
        for value, begin, end in (("0-0", 0, 1), ("0-99", 0, 100), ("100-", 100, size),
                                  (f"{size - 1}-", size - 1, size), ("-1", size - 1, size),
                                  ("-500", size - 500, size), (f"-{size + 9}", 0, size),
                                  (f"5-{size + 100}", 5, size),
                                  ("200000-3100000", 200_000, 3_100_001)):
            with self.subTest(value=value):
                reply = self.range(value)
                self.assertEqual(reply.status, 206)
                self.assertEqual(reply.headers["Content-Range"], f"bytes {begin}-{end - 1}/{size}")
                self.assertEqual(int(reply.headers["Content-Length"]), end - begin)
                self.assertEqual(reply.headers["ETag"], self.whole.headers["ETag"])
                self.assertTrue(reply.body == whole[begin:end], "other bytes")

    def test_ranges_of_any_cut_pasted_together_are_the_whole(self):
        """Of objects that the server has never read: it must find their CRCs for a range that has
        none of their bytes, and in any order."""
        source = random.Random(SEED)
        for turn in range(3 if SANITIZED else 8):
            folder = f"paste/{turn}"
            expected = self.put_all({f"{folder}/small.bin": source.randbytes(100_000),
                                     f"{folder}/large.bin": source.randbytes(2 * MIB + turn),
                                     f"{folder}/last": b"last"})
            link = self.new_link(folder)
            size = int(self.get(link, "HEAD").headers["Content-Length"])
            # Cuts in the small records of both ends, and anywhere.
            cuts = sorted({1, size - 1, source.randrange(1, 300), size - source.randrange(2, 600),
                           *source.sample(range(1, size), 3)})
            bounds = list(zip([0, *cuts], [*cuts, size]))
            source.shuffle(bounds)
            path = self.folder / "pasted.zip"
            with open(path, "wb") as file:
                for begin, end in bounds:
                    reply = self.get(link, Range=f"bytes={begin}-{end - 1}")
                    self.assertEqual((reply.status, len(reply.body)), (206, end - begin))
                    file.seek(begin)
                    file.write(reply.body)
            with self.subTest(seed=SEED, turn=turn, bounds=bounds):
                zips.check(path, expected)
                zips.check_with_other_readers(path)
                self.assertTrue(path.read_bytes() == self.get(link).body, "other bytes")

    def test_a_large_object_whose_crc_s3_keeps_is_stored_plainly(self):
        """Its CRC stands in the header; the same object without one goes in stored blocks."""
        content = random.Random(SEED).randbytes(9 * MIB)
        crc = base64.b64encode(zlib.crc32(content).to_bytes(4, "big")).decode()
        self.s3.put_object(Bucket=BUCKET, Key="crc/known.bin", Body=content, ChecksumCRC32=crc)
        self.put("crc/unknown.bin", content)
        path = self.download(self.new_link("crc/"))
        zips.check(path, dict.fromkeys(("crc/known.bin", "crc/unknown.bin"), zips.sha256(content)))
        zips.check_with_other_readers(path)
        with zipfile.ZipFile(path) as archive:
            methods = {info.filename: info.compress_type for info in archive.infolist()}
        self.assertEqual(methods, {"crc/known.bin": zipfile.ZIP_STORED,
                                   "crc/unknown.bin": zipfile.ZIP_DEFLATED})

    def test_if_range(self):
        etag = self.whole.headers["ETag"]
        self.assertEqual(self.range("10-19", If_Range=etag).status, 206)
        for other in ('"other"', f"W/{etag}", "Mon, 01 Jan 2001 00:00:00 GMT"):
            reply = self.range("10-19", If_Range=other)
            self.assertEqual(reply.status, 200)
            self.assertEqual(len(reply.body), len(self.whole.body))

    def test_what_is_no_range_of_it(self):
        size = len(self.whole.body)
        for value in (f"{size}-", f"{size}-{size + 5}", "-0"):
            reply = self.range(value)
            self.assertEqual(reply.status, 416, value)
            self.assertEqual(reply.headers["Content-Range"], f"bytes */{size}")
        for header in ("bytes=5-1", "bytes=x-", "lines=1-2", "bytes=0-1,x"):
            self.assertEqual(self.get(Range=header).status, 200, header)

    def test_only_the_right_link_is_answered(self):
        base, _, rest = self.link.partition("/stream/")
        stream_id, signature, name = rest.split("/")
        other_id = self.new_link().partition("/stream/")[2].split("/")[0]
        wrong = ("A" if signature[0] != "A" else "B") + signature[1:]
        for path in (f"{stream_id}/{wrong}/{name}", f"{stream_id}/{signature[:-1]}/{name}",
                     f"{stream_id}//{name}", stream_id, "", f"{other_id}/{signature}/{name}",
                     f"{stream_id}/{signature.swapcase()}/{name}"):
            with self.subTest(path=path):
                self.assertEqual(request("GET", f"{base}/stream/{path}").status, 404)
        self.assertEqual(self.get(method="POST").status, 405)

    def test_the_links_host_is_the_clients(self):
        self.assertTrue(self.link.startswith(self.server.url + "/"), self.link)

    def test_the_life_of_a_link_is_clamped_to_1_to_168_hours(self):
        for asked, hours in ((0, 1), (1, 1), (30, 30), (1000, 168), ("", 24)):
            now = time.time()
            link = self.new_link(expireLink=asked)
            self.assertLess(abs(self.expiry(link) - now - hours * 3600), 60)

    def expiry(self, link, new=None):
        """When the link ends, as the store has it; `new` sets it."""
        stream_id = link.partition("/stream/")[2].split("/")[0]
        with sqlite3.connect(self.server.data / "s3zipper.db", timeout=30) as store:
            if new is not None:
                store.execute("UPDATE links SET expires_at = ? WHERE id = ?", (new, stream_id))
            [[value]] = store.execute("SELECT expires_at FROM links WHERE id = ?", (stream_id,))
        store.close()
        return value

    def test_an_expired_link_is_gone(self):
        link = self.new_link()
        self.assertEqual(self.get(link).status, 200)
        self.expiry(link, int(time.time()) - 1)
        quiet.check_page(self, self.get(link), 410, BUCKET, "mix")


class ChangesTest(GatedServiceTest):
    """Objects that change after the link was made. A small budget keeps the server from reading
    far ahead."""

    settings = {"MEMORY_BUDGET": "16MiB"}

    def link(self, *paths):
        """When the listing is over."""
        task = self.api.start("streamzip", self.fields(*paths))
        [link] = self.api.result(task)["results"]
        self.assertEqual(request("HEAD", link).status, 200)
        return link

    def told_only_to_the_owner(self, link, status, *untold):
        """What the link answers, to people and to programs."""
        quiet.check_page(self, request("GET", link), status, BUCKET, *untold)
        quiet.check_words(self, request("GET", link, {"Accept": "application/json"}), status, BUCKET,
                          *untold)

    def stream(self, link):
        """What the API tells the owner, alone and in the list."""
        stream_id = link.partition("/stream/")[2].split("/")[0]
        place = f"{self.server.url}/api/streams"
        deadline = time.monotonic() + 60
        while True:
            told = request("GET", f"{place}/{stream_id}", self.api.bearer).json
            listed = request("GET", place, self.api.bearer).json["streams"]
            found = [one for one in listed if one["id"] == stream_id]
            # A download that has just broken off is counted between the two.
            if found == [told] or time.monotonic() > deadline:
                self.assertEqual(found, [told])
                return told

    def owner_reads(self, link, reply, *named):
        """Of the download that failed with `reply`; the next second, as one a second is kept."""
        failure = self.stream(link)["lastFailure"]
        self.assertEqual(sorted(failure), ["at", "error", "requestId"])
        self.assertEqual(failure["requestId"], reply.headers["X-Request-Id"])
        self.assertRegex(failure["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        for part in named:
            self.assertIn(part, failure["error"])

    def failing_link(self, *paths, **more):
        """Of a selection that fails; the link is there before, and the error in the API after."""
        self.gate.shut()
        task = self.api.start("streamzip", self.fields(*paths, **more))
        link = self.succeed(task)
        self.gate.open()
        request("GET", link)
        return link, self.fail_task(task)

    def test_what_a_selection_failed_of_is_for_the_owner(self):
        self.put("frozen/a.bin", "a")
        self.s3.put_object(Bucket=BUCKET, Key="frozen/b.bin", Body=b"b", StorageClass="GLACIER")
        for status, named, *paths, more in (
                (404, "no/such <file>", "no/such <file>", {}),
                (404, "no-such-bucket", "a.txt", {"awsBucket": "no-such-bucket"}),
                (403, "InvalidAccessKeyId", "frozen/a.bin", {"awsKey": "nobody"}),
                (409, "frozen/b.bin", "frozen/", {})):
            with self.subTest(named=named):
                link, error = self.failing_link(*paths, **more)
                self.assertIn(named, error)
                self.told_only_to_the_owner(link, status, named, "frozen")
                head = request("HEAD", link)
                self.assertEqual((head.status, head.body), (status, b""))

    def test_an_object_that_changed_is_a_409(self):
        for size in (10, 3 * MIB):
            with self.subTest(size=size):
                self.put("changes/first.bin", b"a" * size)
                link = self.link("changes/")
                self.assertIsNone(self.stream(link)["lastFailure"])
                self.put("changes/first.bin", b"b" * size)
                self.owner_reads(link, request("GET", link), f"s3://{BUCKET}/changes/first.bin",
                                 "changed")
                self.told_only_to_the_owner(link, 409, "changes", "first.bin")

    def test_an_object_that_is_gone(self):
        for size in (10, 3 * MIB):
            with self.subTest(size=size):
                self.put("gone/first.bin", b"a" * size)
                link = self.link("gone/")
                self.s3.delete_object(Bucket=BUCKET, Key="gone/first.bin")
                reply = request("GET", link)
                self.assertIn(reply.status, (404, 409))
                quiet.check_page(self, reply, reply.status, "first.bin", BUCKET)
                self.owner_reads(link, reply, f"s3://{BUCKET}/gone/first.bin")

    def test_a_change_in_mid_download_cuts_it(self):
        """curl, held back, must end with "partial file", and have no end of a zip."""
        size = 48 * MIB
        names = [f"mid/{i}.bin" for i in range(3)]
        for name in names:
            self.put(name, random.Random(SEED).randbytes(size // 3))
        for change in ("replaced", "deleted"):
            with self.subTest(change=change):
                self.put(names[2], b"a" * (size // 3))
                path = self.folder / "cut.zip"
                path.unlink(missing_ok=True)
                link = self.link("mid/")
                curl = subprocess.Popen(["curl", "-sS", "--limit-rate", "10M", "-o", path, link],
                                        stderr=subprocess.PIPE)
                while not path.exists() or path.stat().st_size < MIB:
                    self.assertIsNone(curl.poll(), "curl ended")
                    time.sleep(0.01)
                if change == "replaced":
                    self.put(names[2], b"b" * (size // 3))
                else:
                    self.s3.delete_object(Bucket=BUCKET, Key=names[2])
                _, message = curl.communicate(timeout=120)
                self.assertEqual(curl.returncode, CURL_PARTIAL_FILE, message)
                content = path.read_bytes()
                self.assertLess(len(content), size)
                self.assertNotIn(END_OF_CENTRAL_DIRECTORY, content)
                self.assertIn(f"s3://{BUCKET}/{names[2]}", self.stream(link)["lastFailure"]["error"])

    def test_what_clients_do_is_no_failure_of_the_link(self):
        """One that leaves, a range that is not there, a link that is revoked."""
        self.put("fine/a.bin", random.Random(SEED).randbytes(48 * MIB))
        link = self.link("fine/")
        path = self.folder / "left.zip"
        curl = subprocess.Popen(["curl", "-sS", "--limit-rate", "1M", "-o", path, link],
                                stderr=subprocess.DEVNULL)
        while not path.exists() or path.stat().st_size == 0:
            self.assertIsNone(curl.poll(), "curl ended")
            time.sleep(0.01)
        curl.kill()
        curl.wait()
        stream_id = self.stream(link)["id"]
        while f"stream {stream_id}: ended early" not in self.server.log():
            time.sleep(0.01)
        self.assertEqual(request("GET", link, {"Range": "bytes=100000000-"}).status, 416)
        self.assertIsNone(self.stream(link)["lastFailure"])
        revoked = request("POST", f"{self.server.url}/api/streams/{stream_id}/revoke",
                          self.api.bearer)
        self.assertIsNone(revoked.json["lastFailure"])
        self.assertEqual(request("GET", link).status, 410)
        self.assertIsNone(self.stream(link)["lastFailure"])


class ErrorUrlTest(GatedServiceTest):
    """People whom a link of the account fails are sent to its error URL, whatever the failure."""

    URL = "https://shop.example/sorry?lang=en"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.put("fine/a.txt", "a")
        cls.set_error_url(cls.api, cls.URL)

    @classmethod
    def set_error_url(cls, api, url):
        reply = request("PUT", f"{cls.server.url}/api/account/error-url",
                        {**api.bearer, "Content-Type": "application/json"},
                        json.dumps({"errorUrl": url}).encode())
        if reply.status != 200:
            raise AssertionError(reply.body)

    def link(self, *paths, api=None, **more):
        api = api or self.api
        return api.result(api.start("streamzip", self.fields(*paths, **more)))["results"][0]

    def failing(self, *paths, **more):
        """A link whose selection fails; there before it has."""
        self.gate.shut()
        link = self.link(*paths, **more)
        self.gate.open()
        return link

    def store(self, link, change):
        """Changes the link's row."""
        stream_id = link.partition("/stream/")[2].split("/")[0]
        with sqlite3.connect(self.server.data / "s3zipper.db", timeout=30) as store:
            store.execute(f"UPDATE links SET {change} WHERE id = ?", (stream_id,))
        store.close()

    def changed(self, key, change):
        """A link of an object that is not the one it was."""
        self.put(key, b"a" * 100)
        link = self.link(key)
        self.assertEqual(request("HEAD", link).status, 200)
        change(key)
        return link

    def expired(self):
        link = self.link("fine/")
        self.store(link, f"expires_at = {int(time.time()) - 1}")
        return link

    def revoked(self):
        link = self.link("fine/")
        stream_id = link.partition("/stream/")[2].split("/")[0]
        reply = request("POST", f"{self.server.url}/api/streams/{stream_id}/revoke",
                        self.api.bearer)
        self.assertEqual(reply.status, 200, reply.body)
        return link

    def test_every_way_in_which_a_link_fails(self):
        replace = lambda key: self.put(key, b"b" * 100)
        delete = lambda key: self.s3.delete_object(Bucket=BUCKET, Key=key)
        for name, link, status in (
                ("expired", self.expired(), 410), ("revoked", self.revoked(), 410),
                ("listing failed", self.failing("no/such"), 404),
                ("no bucket", self.failing("a.txt", awsBucket="no-such-bucket"), 404),
                ("refused", self.failing("fine/", awsKey="nobody"), 403),
                ("changed", self.changed("changed", replace), 409), ("gone", self.changed("gone", delete), 404)):
            with self.subTest(name=name):
                reply = request("GET", link)
                quiet.check_sent_on(self, reply, self.URL, status)
                head = request("HEAD", link)
                if name not in ("changed", "gone"):  # whose objects HEAD does not ask for
                    quiet.check_sent_on(self, head, self.URL, status)
                # Programs hear what they always did, also where they go on with a download.
                words = request("GET", link, {"Accept": "application/json"})
                quiet.check_words(self, words, status, BUCKET, "shop.example")
                for headers in ({"Range": "bytes=0-"}, {"Sec-Fetch-Mode": "cors"}):
                    quiet.check_page(self, request("GET", link, headers), status, BUCKET,
                                     "shop.example")

    def test_a_download_that_succeeds_does(self):
        reply = request("GET", self.link("fine/"))
        self.assertEqual((reply.status, reply.headers["Location"]), (200, None))

    def test_where_the_account_is_not_known_there_is_the_page(self):
        link = self.link("fine/")
        for forged in (link.replace("/stream/", "/stream/x"), f"{self.server.url}/stream/a/b/c.zip"):
            quiet.check_page(self, request("GET", forged), 404, "shop.example")
        other = Api(self.server.url, self.server.create_account("without"))
        quiet.check_page(self, request("GET", self.failing("no/such", api=other)), 404)

    def test_of_an_account_that_was_disabled_there_is_the_page(self):
        api = Api(self.server.url, self.server.create_account("ending"))
        self.set_error_url(api, self.URL)
        link = self.link("fine/", api=api)
        self.assertEqual(request("HEAD", link).status, 200)
        self.assertEqual(self.server.account("disable", "ending").returncode, 0)
        quiet.check_page(self, request("GET", link), 410, "shop.example")
        self.assertEqual(self.server.account("enable", "ending").returncode, 0)
        quiet.check_sent_on(self, request("GET", link), self.URL, 410)


if __name__ == "__main__":
    unittest.main()
