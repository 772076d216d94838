"""70,000 objects, and one of 6 GiB, both ways, in bounded memory: the server's peak RSS is at most
its budget and 64 MiB more. The store is a process of its own, so that the server's RSS is its own.
Prints throughput; only the memory is asserted."""

import functools
import hashlib
import io
import subprocess
import time
import unittest
import zipfile

import virtual_content
import zips
from api_client import request
from program import SANITIZED
from service_case import BUCKET, StoreApartTest

MIB = 1 << 20
GIB = 1 << 30
BUDGET_MIB = 192
BESIDES_MIB = 64
OBJECTS = 70_000
OBJECT_BYTES = 1_000
LARGE_BYTES = 6 * GIB
LARGE_KEY = "large/six.bin"


@functools.cache
def large_digests():
    """CRC-32 and SHA-256, computed on our own."""
    return virtual_content.digests(LARGE_KEY, LARGE_BYTES)


@functools.cache
def many():
    keys = (f"many/{number:05}" for number in range(1, OBJECTS + 1))
    return {key: zips.sha256(virtual_content.small(key, OBJECT_BYTES)) for key in keys}


class RangeReader(io.RawIOBase):
    """What is behind an address as a file that can be read anywhere."""

    def __init__(self, url):
        super().__init__()
        self._url, self._at = url, 0
        first = request("GET", url, {"Range": "bytes=0-0"})
        self._size = int(first.headers["Content-Range"].split("/")[1])

    def seekable(self):
        return True

    def readable(self):
        return True

    def tell(self):
        return self._at

    def seek(self, offset, whence=io.SEEK_SET):
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def read(self, size=-1):
        end = self._size if size < 0 else min(self._size, self._at + size)
        if end <= self._at:
            return b""
        reply = request("GET", self._url, {"Range": f"bytes={self._at}-{end - 1}"})
        if reply.status != 206:
            raise OSError(f"{reply.status} for a range of {self._url}")
        self._at = end
        return reply.body


class LargeTest(StoreApartTest):
    virtual = (f"{BUCKET}/many/{{00001..{OBJECTS}}}={OBJECT_BYTES}", f"{BUCKET}/{LARGE_KEY}=6 GiB",
               f"{BUCKET}/large/tail.txt=1000")
    settings = {"MEMORY_BUDGET": f"{BUDGET_MIB}MiB"}

    def setUp(self):
        self.begin = time.monotonic()
        # A peak of this test alone.
        self.server.stop()
        self.server.start()

    def report(self, what, size):
        """Prints speed and memory, and asserts the latter."""
        seconds = time.monotonic() - self.begin
        peak = self.server.peak_rss_bytes() / MIB
        print(f"{what}: {size / 1e6:,.0f} MB in {seconds:.1f} s, {size / 1e6 / seconds:,.0f} MB/s; "
              f"peak RSS {peak:.0f} MiB", flush=True)
        if not SANITIZED:
            self.assertLessEqual(peak, BUDGET_MIB + BESIDES_MIB)

    def start_task(self, call, *paths, **more):
        self.begin = time.monotonic()
        return self.api.start(call, self.fields(*paths, **more))

    def test_70_000_objects_both_ways(self):
        link = self.succeed(self.start_task("streamzip", "many/"))
        path = self.download(link, "many.zip")
        self.report("70,000 objects, streamed", path.stat().st_size)
        zips.check(path, many())
        streamed = path.stat().st_size
        url = self.succeed(self.start_task("zipstart", "many/", zipTo="out/many.zip"))
        self.report("70,000 objects, into the bucket", streamed)
        path = self.download(url, "many.zip")
        zips.check(path, many())
        zips.check_with_other_readers(path)
        path.unlink()

    def test_70_000_named_one_by_one(self):
        paths = list(many())
        link = self.succeed(self.start_task("streamzip", *paths))
        path = self.download(link, "named.zip")
        self.report("70,000 paths, streamed", path.stat().st_size)
        zips.check(path, many())
        path.unlink()

    def test_6_GiB_streamed(self):
        link = self.succeed(self.start_task("streamzip", "large/"))
        self.check_from_pipe(link)
        self.report("6 GiB, streamed and read", LARGE_BYTES)
        self.check_by_its_directory(link)

    def test_6_GiB_into_the_bucket(self):
        url = self.succeed(self.start_task("zipstart", "large/", zipTo="out/large.zip"))
        self.report("6 GiB, into the bucket", LARGE_BYTES)
        self.check_from_pipe(url)
        self.check_by_its_directory(url)
        self.s3.delete_object(Bucket=BUCKET, Key="out/large.zip")

    def check_from_pipe(self, url):
        """Entry by entry, as bsdtar reads it, which never sees the directory at the end."""
        tail = virtual_content.content("large/tail.txt", 1000)
        curl = subprocess.Popen(["curl", "-sS", "--fail", url], stdout=subprocess.PIPE)
        reader = subprocess.Popen(["bsdtar", "-xOf", "-"], stdin=curl.stdout,
                                  stdout=subprocess.PIPE)
        curl.stdout.close()
        digest, left = hashlib.sha256(), LARGE_BYTES
        while left > 0 and (piece := reader.stdout.read(min(left, MIB))):
            digest.update(piece)
            left -= len(piece)
        self.assertEqual(reader.stdout.read(), tail)
        reader.stdout.close()
        self.assertEqual((curl.wait(), reader.wait(), left), (0, 0, 0))
        self.assertEqual(digest.hexdigest(), large_digests()[1])

    def check_by_its_directory(self, url):
        with zipfile.ZipFile(RangeReader(url)) as archive:
            self.assertEqual([(info.filename, info.file_size) for info in archive.infolist()],
                             [(LARGE_KEY, LARGE_BYTES), ("large/tail.txt", 1000)])
            self.assertEqual(archive.read("large/tail.txt"),
                             virtual_content.content("large/tail.txt", 1000))
            self.assertEqual(archive.getinfo(LARGE_KEY).CRC, large_digests()[0])


if __name__ == "__main__":
    unittest.main()
