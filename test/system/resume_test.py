"""Downloads that are resumed: ranges, one and several, in any order and by any process on the same
store; what they read of the store; and programs that resume by themselves, after the server was
killed in the middle."""

import base64
import email.parser
import email.policy
import hashlib
import random
import re
import subprocess
import time
import unittest

import virtual_content
import zips
from api_client import request
from program import SANITIZED, Server
from service_case import BUCKET, GatedServiceTest, ServiceTest, s3_client
from webdriver import Chromium

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30
SEED = 4711
MOST_RANGES = 32
TOLD_CRC = 0x12345678
TOLD_CRC_TEXT = base64.b64encode(TOLD_CRC.to_bytes(4, "big")).decode()


def byte_ranges(reply):
    """The parts of a multipart/byteranges as (offset, bytes, size of the whole), by a MIME reader of
    its own."""
    head = f"Content-Type: {reply.headers['Content-Type']}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + reply.body)
    parts = []
    for part in message.iter_parts():
        begin, end, size = map(int, re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)",
                                                 part["Content-Range"]).groups())
        content = part.get_payload(decode=True)
        if len(content) != end - begin + 1:
            raise AssertionError(f"{part['Content-Range']} has {len(content)} bytes")
        parts.append((begin, content, size))
    return parts


class RangesTest(ServiceTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        source = random.Random(SEED)
        cls.put_all({"mix/a.txt": "a", "mix/folder/": "", "mix/small.bin": source.randbytes(70_000),
                     "mix/large.bin": source.randbytes(2 * MIB + 345), "mix/z.txt": "z" * 1000})
        cls.link = cls.new_link("mix/")
        cls.whole = request("GET", cls.link)
        cls.size = len(cls.whole.body)

    @classmethod
    def new_link(cls, *paths):
        return cls.api.result(cls.api.start("streamzip", cls.fields(cls, *paths)))["results"][0]

    def range(self, value, link=None, method="GET", **headers):
        return request(method, link or self.link,
                       {"Range": f"bytes={value}",
                        **{name.replace("_", "-"): text for name, text in headers.items()}})

    def check_parts(self, reply, bounds):
        self.assertEqual(reply.status, 206)
        self.assertIsNone(reply.headers["Content-Range"])
        self.assertTrue(reply.headers["Content-Type"].startswith("multipart/byteranges; boundary="))
        self.assertEqual(int(reply.headers["Content-Length"]), len(reply.body))
        self.assertEqual(reply.headers["ETag"], self.whole.headers["ETag"])
        parts = byte_ranges(reply)
        self.assertEqual([(begin, begin + len(content)) for begin, content, _ in parts], bounds)
        for begin, content, size in parts:
            self.assertEqual(size, self.size)
            self.assertTrue(content == self.whole.body[begin:begin + len(content)], "other bytes")

    def test_several_ranges_are_parts_in_the_order_they_were_asked_for(self):
        size = self.size
        self.check_parts(self.range("0-9,500-599"), [(0, 10), (500, 600)])
        self.check_parts(self.range(f"-100, 0-0 ,{size // 2}-{size // 2 + 999}"),
                         [(size - 100, size), (0, 1), (size // 2, size // 2 + 1000)])
        self.check_parts(self.range(f"1000-1999,{size - 10}-{size + 10},{size}-"),
                         [(1000, 2000), (size - 10, size)])

    def test_ranges_that_touch_are_one(self):
        self.check_parts(self.range("9000-9999,0-99,9500-10999"), [(9000, 11_000), (0, 100)])
        for value, begin, end in (("0-99,50-199", 0, 200), ("10-19,20-29", 10, 30),
                                  ("5-6,0-1", 0, 7), (f"5-9,{self.size}-", 5, 10)):
            reply = self.range(value)
            self.assertEqual(reply.status, 206)
            self.assertEqual(reply.headers["Content-Type"], "application/zip")
            self.assertEqual(reply.headers["Content-Range"], f"bytes {begin}-{end - 1}/{self.size}")
            self.assertTrue(reply.body == self.whole.body[begin:end], "other bytes")

    def test_too_many_ranges_are_ignored(self):
        bounds = [(1000 * i, 1000 * i + 1) for i in range(MOST_RANGES + 1)]
        values = [f"{begin}-{begin}" for begin, _ in bounds]
        self.check_parts(self.range(",".join(values[:-1])), bounds[:-1])
        self.assertEqual(self.range(",".join(values)).status, 200)

    def test_none_of_several_is_there(self):
        reply = self.range(f"{self.size}-,{self.size + 5}-{self.size + 9}")
        self.assertEqual(reply.status, 416)
        self.assertEqual(reply.headers["Content-Range"], f"bytes */{self.size}")
        self.assertEqual(reply.body, b"")

    def test_head_is_of_the_whole(self):
        """A Range has a meaning for GET only (RFC 9110, section 14.2)."""
        reply = self.range("5-9", method="HEAD")
        self.assertEqual(reply.status, 200)
        self.assertEqual(int(reply.headers["Content-Length"]), self.size)
        self.assertIsNone(reply.headers["Content-Range"])

    def test_conditions(self):
        etag, date = self.whole.headers["ETag"], self.whole.headers["Last-Modified"]
        old = "Mon, 01 Jan 2001 00:00:00 GMT"
        for name, value, status in (
                ("If-Match", etag, 206), ("If-Match", '"other"', 412), ("If-None-Match", etag, 304),
                ("If-None-Match", '"other"', 206), ("If-Unmodified-Since", date, 206),
                ("If-Unmodified-Since", old, 412), ("If-Modified-Since", date, 304),
                ("If-Modified-Since", old, 206), ("If-Range", date, 206), ("If-Range", old, 200)):
            for method in ("GET", "HEAD"):
                with self.subTest(method=method, name=name, value=value):
                    reply = self.range("5-9", method=method, **{name: value})
                    self.assertEqual(reply.status,
                                     200 if status == 206 and method == "HEAD" else status)
                    self.assertEqual(reply.headers["ETag"], etag)
                    if status == 206 and method == "GET":
                        self.assertEqual(reply.body, self.whole.body[5:10])
                    if status in (304, 412):
                        self.assertEqual(reply.body, b"")

    def test_any_sets_of_ranges_pasted_together_are_the_whole(self):
        """Of objects that the server has never read, in any order, one or several at a time."""
        source = random.Random(SEED)
        for turn in range(3 if SANITIZED else 10):
            expected = self.put_all({f"sets/{turn}/small.bin": source.randbytes(100_000),
                                     f"sets/{turn}/large.bin": source.randbytes(2 * MIB + turn),
                                     f"sets/{turn}/last": b"last"})
            link = self.new_link(f"sets/{turn}")
            size = int(request("HEAD", link).headers["Content-Length"])
            cuts = sorted({1, size - 1, source.randrange(1, 300), size - source.randrange(2, 600),
                           *source.sample(range(1, size), 6)})
            bounds = list(zip([0, *cuts], [*cuts, size]))
            source.shuffle(bounds)
            pasted = bytearray(size)
            asked = []
            while bounds:
                some = [bounds.pop() for _ in range(source.randint(1, len(bounds)))]
                asked.append(",".join(f"{begin}-{end - 1}" for begin, end in some))
                reply = self.range(asked[-1], link)
                self.assertEqual(reply.status, 206)
                parts = byte_ranges(reply) if "multipart" in reply.headers["Content-Type"] else [
                    (int(re.match(r"bytes (\d+)-", reply.headers["Content-Range"])[1]), reply.body, 0)]
                for begin, content, _ in parts:
                    pasted[begin:begin + len(content)] = content
            with self.subTest(seed=SEED, turn=turn, asked=asked):
                path = self.folder / "pasted.zip"
                path.write_bytes(pasted)
                zips.check(path, expected)
                zips.check_with_other_readers(path)
                self.assertTrue(pasted == request("GET", link).body, "other bytes")


class StoreReadsTest(GatedServiceTest):
    """What ranges of archives read that nobody has read before."""

    KNOWN, KNOWN_BYTES = 20, 5 * GIB
    virtual = (f"{BUCKET}/known/{{01..{KNOWN}}}.bin={KNOWN_BYTES}",
               f"{BUCKET}/small/{{0001..2000}}.txt=50000", f"{BUCKET}/far/{{1..3}}.bin=200 MiB")
    # HeadObject tells a CRC-32 of these, as S3 does of what was put with one.
    faults = f"""
        [[fault]]
        call = "HeadObject"
        bucket = "{BUCKET}"
        key = "known/*"
        do = "wrong-crc32"
        crc32 = "{TOLD_CRC_TEXT}"
        times = "all"
    """

    def listed_link(self, *paths):
        """And the archive's size."""
        [link] = self.api.result(self.api.start("streamzip", self.fields(*paths)))["results"]
        return link, int(request("HEAD", link).headers["Content-Length"])

    def range(self, link, value):
        """The reply, and how much of the store was read for it."""
        before = self.gate.received
        reply = request("GET", link, {"Range": f"bytes={value}"})
        return reply, self.gate.received - before

    def head(self, link, value):
        """Of a GET: what it is answered with, before much of the body is there."""
        found = subprocess.run(["curl", "-sS", "-r", value, "--max-filesize", "1", "-o", "/dev/null",
                                "-D", "-", link], capture_output=True, text=True, timeout=300,
                               check=False)
        return found.stdout

    def test_the_end_of_100_GiB_whose_crcs_s3_keeps(self):
        link, size = self.listed_link(*(f"known/{n:02}.bin" for n in range(1, self.KNOWN + 1)))
        self.assertGreater(size, 100 * GIB)
        reply, read = self.range(link, "-1000")
        self.assertEqual(reply.status, 206)
        self.assertEqual(len(reply.body), 1000)
        self.assertIn(b"PK\x01\x02", reply.body)
        self.assertIn(TOLD_CRC.to_bytes(4, "little"), reply.body)
        self.assertEqual(read, 0)

    def test_the_end_of_many_small_objects(self):
        link, _ = self.listed_link("small/")
        reply, read = self.range(link, "-1000")
        self.assertEqual(reply.status, 206)
        self.assertGreater(read, 50_000)
        self.assertLess(read, MIB)
        # Their CRCs are right, by a computation of their own.
        found = 0
        for match in re.finditer(rb"PK\x01\x02.{42}(small/\d{4}\.txt)", reply.body, re.DOTALL):
            crc = int.from_bytes(match[0][16:20], "little")
            self.assertEqual(crc, virtual_content.digests(match[1].decode(), 50_000)[0])
            found += 1
        self.assertGreater(found, 5)

    def test_a_range_in_mid_archive_reads_that(self):
        link, size = self.listed_link("far/")
        reply, read = self.range(link, f"{size // 2}-{size // 2 + 3 * MIB - 1}")
        self.assertEqual(reply.status, 206)
        self.assertEqual(len(reply.body), 3 * MIB)
        self.assertLess(read, 3 * MIB + 64 * KIB)
        reply, read = self.range(link, "-22")
        self.assertEqual(reply.body[:4], b"PK\x05\x06")
        self.assertEqual(read, 0)

    def test_what_would_read_too_much_only_for_crcs_is_answered_with_the_whole(self):
        link, size = self.listed_link("far/")
        for value, status in (("-1000", 200), (f"{size - 190 * MIB}-", 200), ("0-99,-1000", 200),
                              ("0-99", 206), ("0-", 206), (f"{100 * MIB}-", 206)):
            with self.subTest(value=value):
                self.assertIn(f"HTTP/1.1 {status} ", self.head(link, value))
        # What has been learned on the way need not be read again.
        self.range(link, f"0-{390 * MIB}")
        self.assertIn("HTTP/1.1 206 ", self.head(link, f"{size - 190 * MIB}-"))


class OtherProcessTest(GatedServiceTest):
    virtual = (f"{BUCKET}/two/{{1..2}}.bin=20 MiB", f"{BUCKET}/two/{{1..20}}.txt=1000")

    def test_another_process_on_the_same_store_goes_on_to_the_byte(self):
        link = self.succeed(self.api.start("streamzip", self.fields("two/")))
        whole = request("GET", link)
        size = len(whole.body)
        for stop in (self.server.stop, self.server.kill):
            stop()
            other = Server(sandbox=False, S3_ENDPOINT=self.gate.url, DATA_DIR=self.server.data)
            try:
                other.start()
                there = link.replace(self.server.url, other.url)
                self.assertNotEqual(there, link)
                for offset in (0, 1, size // 3, size - 5000, size - 1):
                    reply = request("GET", there, {"Range": f"bytes={offset}-",
                                                   "If-Range": whole.headers["ETag"]})
                    self.assertEqual(reply.status, 206)
                    self.assertTrue(reply.body == whole.body[offset:], "other bytes")
            finally:
                other.close()
            self.server.start()
        self.assertTrue(request("GET", link).body == whole.body, "other bytes")


class WrongRecordTest(GatedServiceTest):
    """S3 tells a CRC-32 that the object does not have: no resumed download may end well."""

    SIZE = 24 * MIB
    virtual = (f"{BUCKET}/wrong/big.bin={SIZE}", f"{BUCKET}/wrong/next.bin={12 * MIB}")
    faults = f"""
        [[fault]]
        call = "HeadObject"
        key = "wrong/big.bin"
        do = "wrong-crc32"
        crc32 = "{TOLD_CRC_TEXT}"
        times = "all"
    """

    def test_it_is_not_resumed_behind_the_object_that_it_was_cut_for(self):
        task = self.api.start("streamzip", self.fields("wrong/big.bin", "wrong/next.bin"))
        link = self.succeed(task)
        path = self.folder / "wrong.zip"
        curl = ["curl", "-sS", "-C", "-", "-o", path, link]
        for _ in range(3):
            done = subprocess.run(curl, capture_output=True, text=True, timeout=120, check=False)
            self.assertNotEqual(done.returncode, 0)
            self.server.kill()
            self.server.start()
        size = int(request("HEAD", link).headers["Content-Length"])
        self.assertLess(path.stat().st_size, size)
        # From behind the object.
        path.write_bytes(b"-" * (self.SIZE + MIB))
        done = subprocess.run(curl, capture_output=True, text=True, timeout=120, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertLess(path.stat().st_size, size)

    def test_the_check_goes_on_where_the_download_does(self):
        """A first connection that breaks off in mid-object, and a second that reads the rest."""
        link = self.succeed(self.api.start("streamzip", self.fields("wrong/big.bin")))
        had = self.SIZE // 2
        self.assertEqual(request("GET", link, {"Range": f"bytes=0-{had - 1}"}).status, 206)
        path = self.folder / "half.zip"
        path.write_bytes(b"-" * had)
        done = subprocess.run(["curl", "-sS", "-C", "-", "-o", path, link], capture_output=True,
                              text=True, timeout=120, check=False)
        self.assertNotEqual(done.returncode, 0)


class ClientsTest(GatedServiceTest):
    """Programs whose download loses its server in the middle. kill_test.py has curl."""

    FILES, FILE_BYTES = 4, 40 * MIB
    virtual = (f"{BUCKET}/big/{{1..{FILES}}}.bin={FILE_BYTES}", f"{BUCKET}/big/small/{{1..50}}=1000")

    def setUp(self):
        super().setUp()
        self.link = self.succeed(self.api.start("streamzip", self.fields("big/")))
        self.downloads = self.folder / self.id()
        self.downloads.mkdir()

    def kill_in_mid_download(self, running):
        """When the store has sent a third; `running`: fails where the client has ended."""
        before = self.gate.received
        while self.gate.received - before < self.FILES * self.FILE_BYTES // 3:
            running()
            time.sleep(0.002)
        self.gate.shut()
        time.sleep(0.5)  # what was sent arrives
        self.server.kill()
        self.gate.drop_connections()
        self.gate.open()

    def check(self, path):
        whole = request("GET", self.link)
        self.assertEqual(hashlib.sha256(path.read_bytes()).hexdigest(), zips.sha256(whole.body))
        expected = {f"big/{n}.bin": virtual_content.digests(f"big/{n}.bin", self.FILE_BYTES)[1]
                    for n in range(1, self.FILES + 1)}
        expected |= {f"big/small/{n}": virtual_content.digests(f"big/small/{n}", 1000)[1]
                     for n in range(1, 51)}
        zips.check(path, expected)

    def test_aria2_with_8_connections(self):
        path = self.downloads / "a.zip"
        aria2 = subprocess.Popen(
            ["aria2c", "--no-conf", "-x8", "-s8", "-k1M", "--max-tries=0", "--retry-wait=1",
             "--file-allocation=none", "--max-overall-download-limit=100M", "--summary-interval=0",
             "--log-level=info", f"--log={self.downloads / 'log'}", "-d", self.downloads, "-o", path.name,
             self.link], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(aria2.kill)
        self.kill_in_mid_download(lambda: self.assertIsNone(aria2.poll(), "aria2 ended"))
        self.assertIsNone(aria2.poll(), "aria2 gave up")
        self.server.start()
        output, _ = aria2.communicate(timeout=300)
        self.assertEqual(aria2.returncode, 0, output)
        self.check(path)
        log = (self.downloads / "log").read_text(errors="replace")
        self.assertGreaterEqual(len(set(re.findall(r"Range: bytes=(\d+)-", log))), 7, "one by one")

    def test_chromium(self):
        part = self.downloads / "big.zip.crdownload"
        with Chromium(self.downloads) as chromium:
            chromium.download(self.link)
            self.kill_in_mid_download(lambda: None)
            had = part.stat().st_size
            self.assertGreater(had, MIB)
            self.server.start()
            path = self.downloads / "big.zip"
            before = self.gate.received
            deadline = time.monotonic() + 120
            # By itself, or by the button.
            while not path.exists():
                self.assertLess(time.monotonic(), deadline, "it is not resumed")
                chromium.resume_download()
                time.sleep(0.2)
            resumed = self.gate.received - before
        self.check(path)
        self.assertLess(resumed, self.FILES * self.FILE_BYTES - had + 64 * MIB,
                        "it began anew")


if __name__ == "__main__":
    unittest.main()
