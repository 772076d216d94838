"""The files of zips and streams by the API: lists, one file, a folder as a zip; against what Python's
zipfile finds in the same zip, and with zips that are large, foreign, damaged, split or out of reach."""

import http.client
import io
import json
import struct
import time
import unittest
import urllib.parse
import zipfile
import zlib

import zips
from api_client import Api, request
from program import Sandbox
from service_case import BUCKET, StoreApartTest

TIMEOUT_S = 120
MIB = 1 << 20
CREDENTIALS = {"accessKeyId": Sandbox.ACCESS_KEY, "secretAccessKey": Sandbox.SECRET_KEY}
THINGS = ("zips", "streams")
MANY = 12_000


class FilesTest(StoreApartTest):
    virtual = [f"{BUCKET}/many/{{00001..{MANY}}}.bin=10", f"{BUCKET}/large/big.bin={24 * MIB}"]

    def setUp(self):
        self.api = Api(self.server.url, self.server.create_account(self.id()))

    def ask(self, method, path, body=None, headers=None, api=None):
        data = None if body is None else json.dumps(body)
        return request(method, self.server.url + path,
                       {**(api or self.api).bearer, **(headers or {})}, data)

    def get(self, path, status=200, **headers):
        reply = self.ask("GET", path, headers={name.replace("_", "-"): value
                                               for name, value in headers.items()})
        self.assertEqual(reply.status, status, reply.body[:500])
        return reply

    def create(self, things, *sources, **more):
        body = {"credentials": CREDENTIALS, "bucket": BUCKET, "sources": list(sources), **more}
        reply = self.ask("POST", f"/api/{things}", body)
        self.assertEqual(reply.status, 201, reply.body)
        return f"/api/{things}/{reply.json['id']}"

    def ended(self, path, state=None):
        deadline = time.monotonic() + TIMEOUT_S
        while (made := self.get(path).json)["state"] in ("pending", "running", "retrying",
                                                         "listing"):
            self.assertLess(time.monotonic(), deadline, made)
            time.sleep(0.05)
        self.assertEqual(made["state"], state or ("succeeded" if "/zips/" in path else "ready"),
                         made)
        return made

    def make(self, things, *sources, **more):
        path = self.create(things, *sources, **more)
        self.ended(path)
        return path

    def overwrite(self, path, content):
        """Puts other bytes in the place of a job's zip."""
        target = self.get(path).json["target"]
        self.s3.put_object(Bucket=target["bucket"], Key=target["key"], Body=content)

    def zip_of(self, path):
        """The zip itself, as Python reads it."""
        [link] = self.get(path).json["links"]
        return zipfile.ZipFile(io.BytesIO(request("GET", link).body))

    def list(self, path, **query):
        return self.get(f"{path}/files?{urllib.parse.urlencode(query)}").json

    def pages(self, path, **query):
        """All pages together: entries, folders, and how many pages there were."""
        entries, folders, count, cursor = [], [], 0, ""
        while cursor is not None:
            page = self.list(path, **query, cursor=cursor)
            self.assertLessEqual(len(page["entries"]) + len(page["folders"]),
                                 query.get("limit", 200))
            entries += page["entries"]
            folders += page["folders"]
            count += 1
            cursor = page["nextCursor"]
        return entries, folders, count

    def names(self, page):
        return [entry["name"] for entry in page["entries"]]

    def file(self, path, name, status=200, **headers):
        return self.get(f"{path}/files/{urllib.parse.quote(name)}", status, **headers)

    # ---- lists

    def test_what_is_listed_is_what_is_in_the_zip(self):
        self.put_all({"seen/a.txt": "alpha", "seen/ü b.txt": "beta" * 1000, "seen/raw/": "",
                      "seen/raw/1.bin": b"\0" * 100, "seen/raw/x/2.bin": b"2", "seen/empty": ""})
        for things in THINGS:
            with self.subTest(things):
                path = self.make(things, "seen/")
                with self.zip_of(path) as archive:
                    infos = {info.filename: info for info in archive.infolist()}
                page = self.list(path, search=".")
                self.assertEqual(page["folders"], [])
                self.assertEqual(page["entryCount"], len(infos))
                self.assertIsNone(page["nextCursor"])
                told = {entry["name"]: entry for entry in page["entries"]}
                self.assertEqual(sorted(told), sorted(name for name in infos if "." in name))
                for name, entry in told.items():
                    info = infos[name]
                    self.assertEqual(entry["size"], info.file_size)
                    self.assertEqual(entry["crc32"], f"{info.CRC:08x}")
                    self.assertFalse(entry["isFolder"])
                    self.assertEqual(entry["archive"], 1)
                    year, month, day = info.date_time[:3]
                    self.assertTrue(entry["modified"].startswith(
                        f"{year:04}-{month:02}-{day:02}T"), entry)
                top = self.list(path)
                self.assertEqual((top["entries"], top["folders"]), ([], ["seen/"]))
                level = self.list(path, prefix="seen/")
                self.assertEqual(self.names(level), ["seen/a.txt", "seen/empty", "seen/ü b.txt"])
                self.assertEqual(level["folders"], ["seen/raw/"])
                inside = self.list(path, prefix="seen/raw/")
                self.assertEqual((self.names(inside), inside["folders"]),
                                 (["seen/raw/1.bin"], ["seen/raw/x/"]))
                found = self.list(path, prefix="seen/", search="RAW")
                self.assertEqual([(one["name"], one["isFolder"]) for one in found["entries"]],
                                 [("seen/raw/", True), ("seen/raw/1.bin", False),
                                  ("seen/raw/x/2.bin", False)])
                self.assertEqual(self.names(self.list(path, search="Ü B")), ["seen/ü b.txt"])

    def test_pages_of_many_thousand(self):
        expected = [f"many/{number:05}.bin" for number in range(1, MANY + 1)]
        for things in THINGS:
            with self.subTest(things):
                path = self.make(things, "many/")
                entries, folders, count = self.pages(path, prefix="many/", limit=1000)
                self.assertEqual([entry["name"] for entry in entries], expected)
                self.assertEqual((folders, count), ([], MANY // 1000))
                entries, _, _ = self.pages(path, limit=300, search="00.BIN")
                self.assertEqual([entry["name"] for entry in entries],
                                 [name for name in expected if name.endswith("00.bin")])

    def test_wrong_queries(self):
        self.put("a.txt", "alpha")
        for things in THINGS:
            path = self.make(things, "a.txt")
            for query, field in (("limit=0", "limit"), ("limit=1001", "limit"),
                                 ("cursor=x", "cursor"), ("surprise=1", "the query"),
                                 ("search=" + "x" * 1025, "search")):
                reply = self.get(f"{path}/files?{query}", 400)
                self.assertTrue(reply.message.startswith(field), reply.message)

    # ---- files

    def test_a_file_has_its_bytes_and_its_headers(self):
        contents = {"kinds/a.txt": b"alpha", "kinds/empty": b"", 'kinds/ü "q" 100%.txt': b"odd" * 99,
                    "kinds/x": bytes(range(256)) * 9000}
        self.put_all(contents)
        for things in THINGS:
            path = self.make(things, "kinds/")
            with self.zip_of(path) as archive:
                names = archive.namelist()
                content_of = {name: archive.read(name) for name in names}
            self.assertEqual(len(names), len(contents))
            for name in names:
                with self.subTest(things, name=name):
                    reply = self.file(path, name)
                    self.assertEqual(reply.body, content_of[name])
                    self.assertEqual(reply.headers["Content-Length"], str(len(content_of[name])))
                    self.assertEqual(reply.headers["Content-Type"], "application/octet-stream")
                    last = urllib.parse.quote(name.rsplit("/", 1)[1], safe="-._~")
                    disposition = reply.headers["Content-Disposition"]
                    self.assertTrue(disposition.startswith("attachment;"), disposition)
                    self.assertIn(f"filename*=UTF-8''{last}", disposition)
                    head = self.ask("HEAD", f"{path}/files/{urllib.parse.quote(name)}")
                    self.assertEqual((head.status, head.body), (200, b""))
                    for header in ("Content-Length", "ETag", "Content-Disposition"):
                        self.assertEqual(head.headers[header], reply.headers[header])
                    again = self.file(path, name, 304, If_None_Match=reply.headers["ETag"])
                    self.assertEqual(again.body, b"")

    def test_ranges_of_a_file(self):
        self.put("r/data.bin", bytes(range(256)) * 4096)
        for things in THINGS:
            with self.subTest(things):
                path = self.make(things, "r/data.bin", "large/")
                with self.zip_of(path) as archive:
                    big = archive.read("large/big.bin")
                whole = self.file(path, "large/big.bin")
                self.assertEqual(zips.sha256(whole.body), zips.sha256(big))
                self.assertEqual(whole.headers["Accept-Ranges"], "bytes")
                for begin, end in ((0, 0), (5 * MIB - 3, 9 * MIB), (24 * MIB - 1, 24 * MIB - 1)):
                    part = self.file(path, "large/big.bin", 206, Range=f"bytes={begin}-{end}",
                                     If_Range=whole.headers["ETag"])
                    self.assertEqual(part.body, big[begin:end + 1])
                    self.assertEqual(part.headers["Content-Range"],
                                     f"bytes {begin}-{end}/{24 * MIB}")
                self.assertEqual(self.file(path, "r/data.bin", 206, Range="bytes=-2").body,
                                 b"\xfe\xff")
                self.file(path, "r/data.bin", 416, Range=f"bytes={MIB}-")

    def test_a_folder_is_a_zip_with_a_known_length(self):
        self.put_all({"trip/a.txt": "alpha", "trip/raw/": "", "trip/raw/1.bin": b"1" * 70_000,
                      "trip/raw/x/2.bin": b"2", "trip/raw2/3.bin": b"3"})
        for things in THINGS:
            with self.subTest(things):
                path = self.make(things, "trip/", "large/")
                reply = self.file(path, "trip/raw/")
                self.assertEqual(reply.headers["Content-Type"], "application/zip")
                self.assertIn('filename="raw.zip"', reply.headers["Content-Disposition"])
                self.assertEqual(reply.headers["Content-Length"], str(len(reply.body)))
                zip_path = self.folder / "folder.zip"
                zip_path.write_bytes(reply.body)
                zips.check(zip_path, {"raw/": None, "raw/1.bin": zips.sha256(b"1" * 70_000),
                                      "raw/x/2.bin": zips.sha256(b"2")})
                zips.check_with_other_readers(zip_path)
                part = self.file(path, "trip/raw/", 206, Range="bytes=100-70099")
                self.assertEqual(part.body, reply.body[100:70_100])
                large = self.file(path, "large/")
                zip_path.write_bytes(large.body)
                zips.check_with_other_readers(zip_path)

    def test_names_that_are_not_there(self):
        self.put("home/a.txt", "alpha")
        for things in THINGS:
            path = self.make(things, "home/")
            for name in ("home/b.txt", "home", "a.txt", "../home/a.txt", "home/../home/a.txt",
                         "home//a.txt", "x" * 5000):
                reply = self.file(path, name, 404)
                self.assertIn(f"no file {name[:20]}", reply.message)
            for name in ("nothing/", "home/a.txt/", "../"):
                self.assertIn(f"no folder {name}", self.file(path, name, 404).message)
            self.assertEqual(self.get(f"{path}/files/%zz", 400).status, 400)
            self.get(f"{path}/files/home/a.txt?x=1", 400)

    # ---- zips of many kinds

    def test_a_zip_in_several_archives(self):
        found = self.put_all({f"split/{number}.txt": str(number) * 9 for number in range(5)})
        for things in THINGS:
            with self.subTest(things):
                path = self.make(things, "split/", split={"maxEntries": 2})
                page = self.list(path, prefix="split/")
                self.assertEqual([(one["name"], one["archive"]) for one in page["entries"]],
                                 [(f"split/{n}.txt", n // 2 + 1) for n in range(5)])
                self.assertEqual(page["entryCount"], 5)
                for number in range(5):
                    self.assertEqual(self.file(path, f"split/{number}.txt").body,
                                     str(number).encode() * 9)
                zip_path = self.folder / "split.zip"
                zip_path.write_bytes(self.file(path, "split/").body)
                zips.check(zip_path, found)

    def foreign(self, compression, entries, **more):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", compression, **more) as archive:
            for name, data in entries:
                archive.writestr(name, data)
        return content.getvalue()

    def test_compressed_entries_of_a_foreign_zip(self):
        self.put("a.txt", "alpha")
        path = self.make("zips", "a.txt")
        text = b"".join(b"line %d\n" % number for number in range(200_000))
        entries = [("t/text.txt", text), ("t/zeros", b"\0" * (9 * MIB)), ("t/empty", b""),
                   ("t/../../evil.txt", b"evil"), ("t/twice", b"first"), ("t/twice", b"second")]
        self.overwrite(path, self.foreign(zipfile.ZIP_DEFLATED, entries))
        for name, data in entries[:4]:
            with self.subTest(name):
                reply = self.file(path, name)
                self.assertEqual(zips.sha256(reply.body), zips.sha256(data))
                self.assertEqual(reply.headers["Content-Length"], str(len(data)))
        self.assertEqual(self.file(path, "t/text.txt").headers["Accept-Ranges"], "none")
        self.assertEqual(self.file(path, "t/text.txt", Range="bytes=0-9").body, text)
        self.assertEqual(self.file(path, "t/twice").body, b"first")
        self.assertIn("filename=\"evil.txt\"",
                      self.file(path, "t/../../evil.txt").headers["Content-Disposition"])
        reply = self.file(path, "t/")
        self.assertEqual(reply.headers["Content-Length"], str(len(reply.body)))
        zip_path = self.folder / "foreign.zip"
        zip_path.write_bytes(reply.body)
        zips.check(zip_path, {"t/text.txt": zips.sha256(text),
                              "t/zeros": zips.sha256(b"\0" * (9 * MIB)),
                              "t/empty": zips.sha256(b""), "t/_/_/evil.txt": zips.sha256(b"evil"),
                              "t/twice": zips.sha256(b"first"),
                              "t/twice (2)": zips.sha256(b"second")})
        zips.check_with_other_readers(zip_path)

    def test_headers_that_hold_much(self):
        """Extra fields of any length stand between an entry's header and its bytes."""
        self.put("a.txt", "alpha")
        path = self.make("zips", "a.txt")
        contents = {"m/small": b"s" * 99, "m/large": bytes(range(256)) * 2000}
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for extra_bytes in (10, 300, 40_000):
                for name, data in contents.items():
                    info = zipfile.ZipInfo(f"{name}{extra_bytes}")
                    info.extra = struct.pack("<HH", 0xcafe, extra_bytes) + b"x" * extra_bytes
                    archive.writestr(info, data)
        self.overwrite(path, content.getvalue())
        with zipfile.ZipFile(content) as archive:
            for name in archive.namelist():
                self.assertEqual(self.file(path, name).body, archive.read(name), name)
            self.assertEqual(self.file(path, "m/large300", 206, Range="bytes=300000-300999").body,
                             archive.read("m/large300")[300_000:301_000])
            zip_path = self.folder / "headers.zip"
            zip_path.write_bytes(self.file(path, "m/").body)
            zips.check(zip_path, {name: zips.sha256(archive.read(name))
                                  for name in archive.namelist()})

    def test_what_is_no_zip_or_cannot_be_unpacked(self):
        self.put("a.txt", "alpha")
        path = self.make("zips", "a.txt")
        self.overwrite(path, b"no zip at all" * 100)
        self.assertIn("zip", self.get(f"{path}/files", 502).message)
        path = self.make("zips", "a.txt", target={"key": "out/lzma.zip"})
        self.overwrite(path, self.foreign(zipfile.ZIP_LZMA, [("d/x", b"x" * 99)]))
        self.assertEqual(self.names(self.list(path, prefix="d/")), ["d/x"])
        self.assertIn("method", self.file(path, "d/x", 400).message)
        self.assertIn("method", self.file(path, "d/", 400).message)

    def cut_answer(self, path):
        """The bytes of an answer that breaks off before its Content-Length."""
        parts = urllib.parse.urlsplit(self.server.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_S)
        self.addCleanup(connection.close)
        connection.request("GET", path, headers=self.api.bearer)
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        with self.assertRaises(http.client.IncompleteRead) as caught:
            answer.read()
        return caught.exception.partial, int(answer.headers["Content-Length"])

    def test_damaged_bytes_never_become_a_whole_answer(self):
        self.put("a.txt", "alpha")
        data = zlib.compress(b"random enough", 0) * 300_000
        for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            with self.subTest(compression):
                path = self.make("zips", "a.txt",
                                 target={"key": f"out/damaged-{compression}.zip"})
                content = bytearray(self.foreign(compression, [("d/x", data), ("d/y", b"y")]))
                # The CRC of the first entry, in its central header.
                at = content.index(b"PK\x01\x02") + 16
                content[at:at + 4] = struct.pack("<I", zlib.crc32(data) ^ 1)
                self.overwrite(path, bytes(content))
                got, length = self.cut_answer(f"{path}/files/d/x")
                self.assertEqual(length, len(data))
                self.assertLess(len(got), length)
                self.assertEqual(data[:len(got)], got)
                got, length = self.cut_answer(f"{path}/files/d/")
                self.assertLess(len(got), length)
                self.assertEqual(self.file(path, "d/y").body, b"y")

    def test_small_damaged_bytes_are_an_error(self):
        self.put("a.txt", "alpha")
        path = self.make("zips", "a.txt", target={"key": "out/small.zip"})
        content = bytearray(self.foreign(zipfile.ZIP_STORED, [("x", b"some text" * 9)]))
        content[content.index(b"PK\x01\x02") + 16] ^= 1
        self.overwrite(path, bytes(content))
        self.assertIn("CRC-32", self.file(path, "x", 502).message)

    # ---- who may, and when

    def test_whose_files_they_are(self):
        self.put("a.txt", "alpha")
        other = Api(self.server.url, self.server.create_account(self.id() + " other"))
        for things, words in (("zips", "zip"), ("streams", "stream")):
            path = self.make(things, "a.txt")
            for rest in ("/files", "/files/a.txt", "/files/x/"):
                for asked in (path, f"/api/{things}/nothing"):
                    reply = self.ask("GET", asked + rest, api=other)
                    self.assertEqual((reply.status, reply.message),
                                     (404, f"there is no {words} with this id"))
                self.assertEqual(request("GET", self.server.url + path + rest).status, 401)
                post = self.ask("POST", path + rest)
                self.assertEqual(post.status, 405)

    def test_what_has_not_succeeded_has_no_files(self):
        path = self.create("zips", "nowhere/")
        self.ended(path, "failed")
        reply = self.get(f"{path}/files", 409)
        self.assertIn("failed", reply.message)
        path = self.create("streams", "nowhere/")
        self.ended(path, "failed")
        self.get(f"{path}/files", 409)
        self.put("a.txt", "alpha")
        path = self.make("streams", "a.txt")
        self.ask("POST", f"{path}/revoke")
        self.assertIn("revoked", self.get(f"{path}/files", 410).message)
        self.assertIn("revoked", self.file(path, "a.txt", 410).message)

    def test_a_link_that_has_ended_and_kept_credentials(self):
        self.put("a.txt", "alpha")
        # A plain address is like a presigned link that has ended: it opens nothing.
        path = self.make("zips", "a.txt", link={"presign": False})
        for rest in ("/files", "/files/a.txt"):
            reply = self.get(path + rest, 410)
            self.assertEqual(reply.message, "the link to this zip has ended; keep credentials at "
                                            "the server to read it still")
        keys = self.api.keys

        def keep(**more):
            body = {"userSecret": keys["userSecret"], "credentials": CREDENTIALS, **more}
            reply = self.ask("PUT", "/api/account/credentials", body)
            self.assertEqual(reply.status, 200, reply.body)

        keep(buckets=["another"])
        self.get(f"{path}/files", 410)
        keep()
        self.assertEqual(self.names(self.list(path)), ["a.txt"])
        self.assertEqual(self.file(path, "a.txt").body, b"alpha")

    def test_a_zip_that_is_gone_or_was_replaced(self):
        self.put("a.txt", "alpha")
        path = self.make("zips", "a.txt")
        self.assertEqual(self.file(path, "a.txt").body, b"alpha")
        self.overwrite(path, self.foreign(zipfile.ZIP_STORED, [("b.txt", b"beta")]))
        self.assertEqual(self.file(path, "b.txt").body, b"beta")
        self.file(path, "a.txt", 404)
        target = self.get(path).json["target"]
        self.s3.delete_object(Bucket=target["bucket"], Key=target["key"])
        self.assertIn("no longer in its bucket", self.file(path, "b.txt", 410).message)

    def test_a_source_that_has_changed_is_not_sent_for_another(self):
        self.put("changing/a.txt", "alpha")
        path = self.make("streams", "changing/")
        self.put("changing/a.txt", "ALPHA")
        self.file(path, "changing/a.txt", 409)
        self.assertEqual(self.names(self.list(path, prefix="changing/")), ["changing/a.txt"])

    def test_usage_counts_what_is_sent(self):
        self.put("counted.bin", b"c" * 5000)
        path = self.make("zips", "counted.bin")
        before = self.get("/api/usage").json["last24Hours"]["bytesStreamed"]
        self.file(path, "counted.bin")
        after = self.get("/api/usage").json["last24Hours"]["bytesStreamed"]
        self.assertEqual(after - before, 5000)


if __name__ == "__main__":
    unittest.main()
