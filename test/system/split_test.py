"""maxFileSize and maxFileCount: one request, several zips."""

import re
import unittest
import urllib.parse
import zipfile

import zips
from api_client import request
from service_case import BUCKET, ServiceTest

MIB = 1 << 20


class SplitTest(ServiceTest):
    def urls(self, call, *paths, version=2, **more):
        task = self.api.start(call, self.fields(*paths, **more), version)
        result = self.api.result(task, version)
        self.assertEqual(result["message"], "SUCCESS", result)
        state = self.api.state(task, version)
        self.assertEqual([one["Value"] for one in state["Results"]], result["results"])
        return result["results"]

    def check_parts(self, urls, expected):
        """Each part is a zip of its own, with the entries that are expected of it, in order."""
        self.assertEqual(len(urls), len(expected))
        for url, entries in zip(urls, expected):
            path = self.download(url)
            zips.check(path, entries)
            with zipfile.ZipFile(path) as archive:
                self.assertEqual(archive.namelist(), list(entries))

    def keys_of(self, urls):
        return [urllib.parse.unquote(urllib.parse.urlsplit(url).path).removeprefix(f"/{BUCKET}/")
                for url in urls]

    def test_by_count_both_ways_in_order(self):
        found = self.put_all({f"count/{i}.txt": str(i) for i in range(5)})
        entries = list(found.items())
        expected = [dict(entries[0:2]), dict(entries[2:4]), dict(entries[4:5])]
        for call in ("zipstart", "streamzip"):
            for count in (2, "2"):
                with self.subTest(call=call, count=count):
                    self.check_parts(self.urls(call, "count/", maxFileCount=count), expected)

    def test_by_size_and_an_entry_is_never_cut(self):
        found = self.put_all({"size/a": b"a" * MIB, "size/b": b"b" * MIB, "size/c": b"c" * 5 * MIB,
                              "size/d": b"d"})
        digests = {key.removeprefix("size/"): digest for key, digest in found.items()}
        expected = [{f"size/{key}": digests[key] for key in part} for part in ("ab", "c", "d")]
        for call in ("zipstart", "streamzip"):
            for size in ("2.5 MiB", "2621440"):
                with self.subTest(call=call, size=size):
                    urls = self.urls(call, "size/", maxFileSize=size)
                    self.check_parts(urls, expected)
        for url in (urls[0], urls[2]):
            length = int(request("HEAD", url).headers["Content-Length"])
            self.assertLessEqual(length, 2621440)

    def test_what_the_parts_are_called(self):
        self.put_all({f"called/{i}": str(i) for i in range(3)})
        more = {"maxFileCount": 1}
        for version, fields, keys in (
                (2, {"zipTo": "out", "zipFileName": "all.zip"},
                 ["out/all_0.zip", "out/all_1.zip", "out/all_2.zip"]),
                (1, {"zipTo": "out", "zipFileName": "one.zip"},
                 ["out/one.zip", "out/one_1.zip", "out/one_2.zip"]),
                (2, {"zipTo": "out/exact.zip"},
                 ["out/exact.zip", "out/exact_1.zip", "out/exact_2.zip"])):
            with self.subTest(fields=fields, version=version):
                urls = self.urls("zipstart", "called/", version=version, **more, **fields)
                self.assertEqual(self.keys_of(urls), keys)
        links = self.urls("streamzip", "called/", zipFileName="mine.zip", **more)
        self.assertEqual([link.rsplit("/", 1)[1] for link in links],
                         ["mine.zip", "mine_1.zip", "mine_2.zip"])
        self.assertIn('filename="mine_2.zip"',
                      request("GET", links[2]).headers["Content-Disposition"])

    def test_links_to_parts_cannot_be_guessed_from_each_other(self):
        self.put_all({f"guess/{i}": str(i) for i in range(2)})
        first, second = self.urls("streamzip", "guess/", maxFileCount=1)
        number = re.compile(r"/stream/([0-9a-f-]{36})(\.1)?/")
        self.assertEqual(request("GET", number.sub(r"/stream/\1.1/", first)).status, 404)
        self.assertEqual(request("GET", number.sub(r"/stream/\1/", second)).status, 404)
        self.assertEqual(request("GET", number.sub(r"/stream/\1.2/", second)).status, 404)

    def test_a_part_resumes_like_any_zip(self):
        self.put_all({"resume/a": b"a" * 100_000, "resume/b": b"b" * 100_000})
        for link in self.urls("streamzip", "resume/", maxFileCount=1):
            whole = request("GET", link)
            rest = request("GET", link, {"Range": "bytes=50000-", "If-Range": whole.headers["ETag"]})
            self.assertEqual(rest.status, 206)
            self.assertEqual(whole.body[:50000] + rest.body, whole.body)

    def test_parts_of_an_earlier_run_do_not_go_into_the_next(self):
        found = self.put_all({f"again/{i}": str(i) for i in range(3)})
        entries = list(found.items())
        for _ in range(2):
            urls = self.urls("zipstart", "again/", maxFileCount=2, zipTo="again/all.zip")
            self.check_parts(urls, [dict(entries[:2]), dict(entries[2:])])

    def test_too_many_parts_are_refused(self):
        self.put_all({f"many/{i:04}": "" for i in range(1001)})
        task = self.api.start("zipstart", self.fields("many/", maxFileCount=1))
        self.assertIn("maxFileCount", self.fail_task(task))


if __name__ == "__main__":
    unittest.main()
