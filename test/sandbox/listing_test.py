"""Listings of every size, page by page, by boto3. The objects are virtual ones: none has to be put."""

import re
import time
import unittest
from urllib.parse import quote

from sandbox_server import SandboxTest
from signing import signed_request

FOLDERS = [f"f{number:02}/" for number in range(35)]
ODD = ["f00", "f00-", "f00/0//x", "f00/0/y", "f99/\u00e4 +", "\u00e4/z", "\U0001f600"]


class Listings(SandboxTest):
    virtual = ["thousand/k{0000..1000}=1", "many/solo=0", "huge/prefix/{00000..69999}.bin=4096",
               *(f"many/{folder}{{00..99}}=7" for folder in FOLDERS)]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.thousand = [f"k{number:04}" for number in range(1001)]
        cls.many = [f"{folder}{number:02}" for folder in FOLDERS for number in range(100)]
        cls.many = sorted([*cls.many, "solo", *ODD], key=str.encode)
        for key in ODD:
            cls.s3.put_object(Bucket="many", Key=key, Body=b"odd")

    def pages(self, version, **arguments):
        name = {1: "list_objects", 2: "list_objects_v2"}[version]
        return list(self.s3.get_paginator(name).paginate(**arguments))

    def check(self, bucket, keys, page_size, prefix="", delimiter="", version=2):
        wanted_keys, wanted_prefixes = [], []
        for key in keys:
            if not key.startswith(prefix):
                continue
            cut = key.find(delimiter, len(prefix)) if delimiter else -1
            common = key[: cut + len(delimiter)]
            if cut < 0:
                wanted_keys.append(key)
            elif common not in wanted_prefixes[-1:]:
                wanted_prefixes.append(common)
        arguments = {"Prefix": prefix, "Delimiter": delimiter}
        pages = self.pages(version, Bucket=bucket, PaginationConfig={"PageSize": page_size},
                           **{name: value for name, value in arguments.items() if value})
        found_keys = [o["Key"] for page in pages for o in page.get("Contents", [])]
        found_prefixes = [o["Prefix"] for page in pages for o in page.get("CommonPrefixes", [])]
        self.assertEqual(found_keys, wanted_keys)
        self.assertEqual(found_prefixes, wanted_prefixes)
        items = len(wanted_keys) + len(wanted_prefixes)
        self.assertEqual(len(pages), max(1, -(-items // min(page_size, 1000))))

    def test_1001_keys_with_every_page_size(self):
        for size in (1, 2, 7, 100, 500, 999, 1000, 1001, 5000):
            for version in (1, 2):
                with self.subTest(size=size, version=version):
                    self.check("thousand", self.thousand, size, version=version)

    def test_3500_keys_with_page_sizes_prefixes_and_delimiters(self):
        for size in (37, 1000):
            for prefix in ("", "f0", "f00", "f00/", "f00/0", "f34/9", "nothing", "\u00e4"):
                for delimiter in ("", "/", "0", "//", "-"):
                    version = 1 + (size + len(prefix) + len(delimiter)) % 2
                    with self.subTest(size=size, prefix=prefix, delimiter=delimiter, version=version):
                        self.check("many", self.many, size, prefix, delimiter, version)

    def test_a_page_size_of_one_over_folders(self):
        for version in (1, 2):
            self.check("many", self.many, 1, delimiter="/", version=version)

    def test_start_after(self):
        for start in ("", "a", "f00", "f00/", "f00/99", "f34/99", "solo", "\U0001f600", "~"):
            with self.subTest(start=start):
                found = self.keys("many", StartAfter=start)
                behind = [key for key in self.many if key.encode() > start.encode()]
                self.assertEqual(found, behind)

    def test_what_a_page_tells(self):
        page = self.s3.list_objects_v2(Bucket="thousand", MaxKeys=10, FetchOwner=True,
                                       StartAfter="k0005")
        self.assertEqual((page["KeyCount"], page["MaxKeys"], page["IsTruncated"]), (10, 10, True))
        self.assertEqual(page["StartAfter"], "k0005")
        first = page["Contents"][0]
        self.assertEqual((first["Key"], first["Size"], first["StorageClass"]),
                         ("k0006", 1, "STANDARD"))
        self.assertIn("ID", first["Owner"])
        self.assertNotIn("Owner", self.s3.list_objects_v2(Bucket="thousand")["Contents"][0])
        none = self.s3.list_objects_v2(Bucket="thousand", MaxKeys=0)
        self.assertEqual((none["KeyCount"], none["IsTruncated"]), (0, False))
        first_page = self.s3.list_objects(Bucket="thousand", MaxKeys=5, Marker="k0001")
        self.assertEqual([o["Key"] for o in first_page["Contents"]],
                         ["k0002", "k0003", "k0004", "k0005", "k0006"])
        self.assertNotIn("NextMarker", first_page)

    def test_wrong_arguments(self):
        self.refused("InvalidArgument", self.s3.list_objects_v2, 400, Bucket="bucket",
                     ContinuationToken="nonsense")
        self.refused("InvalidArgument", self.s3.list_objects_v2, 400, Bucket="bucket", MaxKeys=-1)

    def test_changes_show_at_once(self):
        for number in range(5):
            self.put(f"change/{number}", b"x")
            self.assertIn(f"change/{number}", self.keys(Prefix="change/"))
        self.s3.delete_object(Bucket="bucket", Key="change/2")
        self.assertEqual(self.keys(Prefix="change/"), [f"change/{n}" for n in (0, 1, 3, 4)])

    def test_70000_keys_in_one_prefix(self):
        # boto3 takes longer to read a page than the sandbox to make it: these are read by hand.
        found, token, waited_s = [], None, 0
        while len(found) <= 70_000:
            target = "/huge?encoding-type=url&list-type=2&prefix=prefix%2F"
            if token:
                target += "&continuation-token=" + quote(token, safe="")
            start = time.monotonic()
            answer, content = signed_request(self.server, "GET", target)
            waited_s += time.monotonic() - start
            self.assertEqual(answer.status, 200)
            found += re.findall("<Key>(.*?)</Key>", content.decode())
            token = re.search("<NextContinuationToken>(.*?)<", content.decode())
            if not token:
                break
            token = token[1]
        self.assertEqual(found, [f"prefix/{number:05}.bin" for number in range(70_000)])
        print(f"70,000 keys listed in {waited_s:.1f} s: {70_000 / waited_s:,.0f} keys/s")


if __name__ == "__main__":
    unittest.main()
