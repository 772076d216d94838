"""Odd input that is nobody's fault: times, folders without files, buckets with dots and in other
regions, zips that lie in what they zip."""

import calendar
import os
import struct
import unittest
import urllib.parse
import zipfile
from time import sleep

import zips
from api_client import request
from program import Sandbox, Server
from service_case import BUCKET, ServiceTest, s3_client

# Unix times: before 1970, 1980 and after 2038, 2107.
FIRST_DOS_DAY = (1980, 1, 1, 0, 0, 0)
LAST_DOS_SECOND = (2107, 12, 31, 23, 59, 58)
TIMES = {
    "a-1969": (calendar.timegm((1969, 12, 31, 0, 0, 0)), FIRST_DOS_DAY),
    "b-1970": (1, FIRST_DOS_DAY),
    "c-1979": (calendar.timegm((1979, 12, 31, 23, 59, 59)), FIRST_DOS_DAY),
    "d-1980": (calendar.timegm((1980, 1, 1, 0, 0, 2)), (1980, 1, 1, 0, 0, 2)),
    "e-2026": (calendar.timegm((2026, 11, 22, 16, 30, 11)), (2026, 11, 22, 16, 30, 10)),
    "f-2040": (calendar.timegm((2040, 2, 29, 12, 0, 0)), (2040, 2, 29, 12, 0, 0)),
    "g-2107": (calendar.timegm((2107, 12, 31, 23, 59, 59)), LAST_DOS_SECOND),
    "h-2108": (calendar.timegm((2108, 1, 1, 0, 0, 0)), LAST_DOS_SECOND),
    "i-2200": (calendar.timegm((2200, 7, 1, 0, 0, 0)), LAST_DOS_SECOND),
}


def unix_time(info):
    """Of the extended timestamp (0x5455); None where there is none."""
    extra = info.extra
    while extra:
        field, size = struct.unpack_from("<HH", extra)
        if field == 0x5455:
            return struct.unpack_from("<i", extra, 5)[0]
        extra = extra[4 + size:]
    return None


class InputsTest(ServiceTest):
    def bucket_folder(self, bucket=BUCKET):
        return self.server.settings["SANDBOX_DIR"] / bucket

    def test_times_of_any_century(self):
        folder = self.bucket_folder() / "times"
        folder.mkdir()
        for name, (time, _) in TIMES.items():
            (folder / name).write_text(name)
            os.utime(folder / name, (time, time))
        while len(self.listed("times/")) < len(TIMES):  # the sandbox looks once a second
            sleep(0.1)
        for way in (self.zip_to_bucket, self.zip_as_stream):
            path = way("times/")
            zips.check(path, {f"times/{name}": zips.sha256(name.encode()) for name in TIMES})
            zips.check_with_other_readers(path)
            with zipfile.ZipFile(path) as archive:
                for name, (time, dos) in TIMES.items():
                    info = archive.getinfo(f"times/{name}")
                    self.assertEqual(info.date_time, dos, name)
                    in_range = 0 <= time < 2**31
                    self.assertEqual(unix_time(info), time if in_range else None, name)

    def test_folders_and_nothing_else(self):
        expected = self.put_all({"markers/": "", "markers/a/": "", "markers/a/b/": ""})
        self.zip_both_ways(expected, "markers/")
        self.zip_both_ways(expected, "markers")
        self.zip_both_ways({"a/": None, "a/b/": None}, "markers/", bucketAsDir="markers")

    def test_an_object_equal_to_its_prefix(self):
        self.put("alone/", "")
        self.zip_both_ways({"alone/": None}, "alone/")
        # A folder's name with content is a file all the same.
        digest = self.put("loaded/", "content of a folder")
        self.zip_both_ways({"loaded": digest}, "loaded/")

    def test_nothing_in_a_folder_is_a_failure(self):
        self.put("only-itself/", "")
        task = self.api.start("zipstart", self.fields("only-itself/", bucketAsDir="only-itself"))
        self.assertIn("empty", self.fail_task(task))

    def test_a_zip_that_lies_in_what_it_zips(self):
        """Neither itself nor its earlier runs go in, whatever they are called."""
        expected = self.put_all({"own/a.txt": "a", "own/b/c.txt": "c",
                                 "own/theirs.zip": "not a zip of ours"})
        for name in ("own/one.zip", "own/two.zip", "own/one.zip"):
            zips.check(self.zip_to_bucket("own/", zipTo=name), expected)
        self.assertEqual(self.listed("own/"), sorted([*expected, "own/one.zip", "own/two.zip"]))

    def test_zips_of_a_whole_bucket_leave_out_where_zips_go(self):
        self.s3.create_bucket(Bucket="whole-bucket")
        expected = self.put_all({"x.txt": "x", "s3zipper/notes.txt": "notes"}, "whole-bucket")
        change = {"awsBucket": "whole-bucket"}
        for _ in range(3):
            zips.check(self.zip_to_bucket("whole-bucket", **change), expected)
        self.assertEqual(len(self.listed("s3zipper/", "whole-bucket")), 4)
        zips.check(self.zip_as_stream("whole-bucket", **change), expected)
        # Asked for by its name, the folder is a folder.
        found = zips.digests(self.zip_as_stream("s3zipper/", **change))
        self.assertEqual(len(found), 4)

    def test_a_bucket_with_dots(self):
        bucket = "my.dotted.bucket"
        self.s3.create_bucket(Bucket=bucket)
        expected = self.put_all({"a/b.txt": "b"}, bucket)
        self.zip_both_ways(expected, "a/", awsBucket=bucket)
        # By its first segment, from another bucket.
        self.zip_both_ways(expected, f"{bucket}/a")

    def test_many_buckets_in_one_zip(self):
        paths, expected = [], {}
        for number in range(5):
            bucket = f"source-{number}"
            self.s3.create_bucket(Bucket=bucket)
            expected |= {f"{bucket}/{key}": digest for key, digest in
                         self.put_all({"same/name.txt": bucket}, bucket).items()}
            paths.append(f"{bucket}/same")
        self.zip_both_ways(expected, *paths, bucketAsDir=True)


class RegionsTest(ServiceTest):
    """A store elsewhere, of which the server is told nothing or something wrong."""

    @classmethod
    def new_server(cls):
        cls.sandbox = Sandbox(arguments=["--region", "eu-west-3"]).start()
        cls.addClassCleanup(cls.sandbox.close)
        return Server(sandbox=False, S3_ENDPOINT=cls.sandbox.url)

    @classmethod
    def new_s3_client(cls):
        return s3_client(cls.sandbox.url, region="eu-west-3")

    def test_the_region_is_found_out(self):
        expected = self.put_all({"a.txt": "a", "b.txt": "b"})
        for region in ({}, {"awsRegion": ""}, {"awsRegion": "us-west-2"},
                       {"awsRegion": "eu-west-3"}):
            with self.subTest(region=region):
                self.zip_both_ways(expected, "a.txt", "b.txt", **region)


class VirtualHostTest(ServiceTest):
    """Buckets by host name: BUCKET.s3.localhost, which no resolver need know."""

    @classmethod
    def new_server(cls):
        cls.sandbox = Sandbox().start()
        cls.addClassCleanup(cls.sandbox.close)
        endpoint = cls.sandbox.url.replace("127.0.0.1", "s3.localhost")
        return Server(sandbox=False, S3_ENDPOINT=endpoint, S3_ADDRESSING="virtual-host")

    @classmethod
    def new_s3_client(cls):
        return s3_client(cls.sandbox.url)

    def test_buckets_with_and_without_dots(self):
        for bucket in ("plain-bucket", "my.dotted.bucket"):
            self.s3.create_bucket(Bucket=bucket)
            expected = self.put_all({"a/b c.txt": "b", "a/%41+.txt": "plus"}, bucket)
            change = {"awsBucket": bucket}
            zips.check(self.zip_as_stream("a/", **change), expected)
            task = self.api.start("zipstart", self.fields("a/", zipTo="out.zip", **change))
            link = urllib.parse.urlsplit(self.succeed(task))
            self.assertEqual(link.hostname, f"{bucket}.s3.localhost")
            # The link, by the way that a resolver would show.
            reply = request("GET", f"{self.sandbox.url}{link.path}?{link.query}",
                            {"Host": link.netloc})
            self.assertEqual(reply.status, 200, reply.body[:500])
            path = self.folder / "virtual.zip"
            path.write_bytes(reply.body)
            zips.check(path, expected)


if __name__ == "__main__":
    unittest.main()
