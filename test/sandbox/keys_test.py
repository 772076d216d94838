"""Keys with everything that S3 allows, through every call, by boto3."""

import unittest

from sandbox_server import SandboxTest
from signing import signed_request

ODD_KEYS = [
    # one that is a path in another; none of them may lead out of the folder
    "a", "a/b", "a/b/c", "a/", "a//b", "a/./b", "a/../b", "../x", "../../x", "..", ".", "./a",
    "/", "//", "/a", "/etc/passwd", "a/.", "a/..", "...", ".s3zipper/journal", ".hidden",
    # what means something in URLs, XML, forms and shells
    "with space", " lead", "trail ", "a+b", "a%2Bb", "a%20b", "%", "%%", "100%", "a&b=c", "a=b",
    "a?b", "a#b", "a;b", "a:b", "a@b", "a,b", "a!b", "a~b", "a*b", "a'b", 'a"b', "a(b)", "a[b]",
    "a{b}", "a|b", "a\\b", "a^b", "a`b", "a<b>c", "$a", "&amp;", "]]>", "a\u2028b",
    # Unicode: composed and decomposed are two keys, so are cases; beyond the basic plane; not letters
    "r\u00e4ksm\u00f6rg\u00e5s", "ra\u0308ksmo\u0308rga\u030as", "R\u00c4KSM\u00d6RG\u00c5S",
    "\u65e5\u672c\u8a9e/\u540d\u524d.txt", "\U0001f600/\U0001f9e8", "\ufeffbom", "\u202ertl",
    "\uffff", "\u0000nul" + "x", "null\u0000",
    # lengths: of a segment 255 is what a file's name may have
    "s" * 255, "s" * 256, "k" * 1024, "/".join(["d"] * 512), "\u00e4" * 512, "x/" * 512,
]
CONTROL_KEYS = [f"control-{code:02x}-{chr(code)}-" for code in [*range(1, 32), 127]]
ASCII_KEYS = [f"ascii-{code:02x}-{chr(code)}" for code in range(32, 127)]


class Keys(SandboxTest):
    def test_every_key_is_an_object_of_its_own(self):
        keys = ODD_KEYS + CONTROL_KEYS + ASCII_KEYS
        for key in keys:
            self.put(key, b"content of " + key.encode(), Metadata={"number": str(keys.index(key))})
        for key in keys:
            with self.subTest(key=key):
                found = self.s3.get_object(Bucket="bucket", Key=key)
                self.assertEqual(found["Body"].read(), b"content of " + key.encode())
                self.assertEqual(found["Metadata"], {"number": str(keys.index(key))})
                head = self.s3.head_object(Bucket="bucket", Key=key)
                self.assertEqual(head["ETag"], found["ETag"])
        listed = self.keys()
        self.assertEqual(listed, sorted(keys, key=str.encode))
        first = self.s3.list_objects(Bucket="bucket")["Contents"]
        self.assertEqual([found["Key"] for found in first], listed)

        for key in keys:
            with self.subTest(copied=key):
                copy = ("copy/" + key)[:900] if len(key.encode()) < 900 else "copy of " + key[:9]
                self.s3.copy_object(Bucket="bucket", Key=copy,
                                    CopySource={"Bucket": "bucket", "Key": key})
                self.assertEqual(self.get(copy), b"content of " + key.encode())
                self.s3.delete_object(Bucket="bucket", Key=copy)
        self.assertEqual(self.keys(), listed)

        # Control characters have no form in XML but these three.
        for key in CONTROL_KEYS + ["\u0000nulx", "null\u0000", "\uffff"]:
            if key[11:12] not in "\t\n\r" or key in ODD_KEYS:
                self.s3.delete_object(Bucket="bucket", Key=key)
        rest = self.keys()
        gone = self.s3.delete_objects(
            Bucket="bucket", Delete={"Objects": [{"Key": key} for key in rest]})
        self.assertEqual([found["Key"] for found in gone["Deleted"]], rest)
        self.assertEqual(self.keys(), [])

        outside = [path for path in self.server.folder.iterdir()
                   if path.name not in ("bucket", ".s3zipper")]
        self.assertEqual(outside, [])
        self.assertEqual(list((self.server.folder / "bucket").rglob("*")), [])
        self.assertEqual(list((self.server.folder / ".s3zipper/buckets/bucket/data").iterdir()), [])

    def test_keys_that_are_no_utf8(self):
        for target in ("/bucket/%FF%FE", "/bucket/a%C3", "/bucket/%ED%A0%80"):
            answer, _ = signed_request(self.server, "PUT", target, body=target.encode())
            self.assertEqual(answer.status, 200)
            answer, content = signed_request(self.server, "GET", target)
            self.assertEqual((answer.status, content), (200, target.encode()))
            _, content = signed_request(self.server, "GET", "/bucket?encoding-type=url&list-type=2")
            self.assertIn(f"<Key>{target[8:]}</Key>".encode(), content)
            answer, _ = signed_request(self.server, "DELETE", target)
            self.assertEqual(answer.status, 204)

    def test_a_key_over_1024_bytes_is_refused(self):
        self.refused("KeyTooLongError", self.put, 400, key="k" * 1025, body=b"")

    def test_ordinary_keys_are_plain_files_with_their_content(self):
        self.put("folder/file.txt", b"hello")
        self.assertEqual((self.server.folder / "bucket/folder/file.txt").read_bytes(), b"hello")
        self.s3.delete_object(Bucket="bucket", Key="folder/file.txt")
        self.assertFalse((self.server.folder / "bucket/folder").exists())

    def test_files_by_hand_are_objects_on_the_next_listing_after_a_second(self):
        folder = self.server.folder / "by-hand"
        (folder / "deep/er").mkdir(parents=True)
        (folder / "deep/er/one.txt").write_bytes(b"one")
        self.assertEqual(self.keys("by-hand"), ["deep/er/one.txt"])
        found = self.s3.get_object(Bucket="by-hand", Key="deep/er/one.txt")
        self.assertEqual(found["Body"].read(), b"one")
        self.assertRegex(found["ETag"], r'^"[0-9a-f]{32}-1"$')
        (folder / "two.txt").write_bytes(b"two")
        head = self.s3.head_object(Bucket="by-hand", Key="two.txt")  # before any listing
        (folder / "two.txt").write_bytes(b"three")
        listed = self.s3.list_objects_v2(Bucket="by-hand")["Contents"]
        self.assertEqual([(o["Key"], o["Size"]) for o in listed],
                         [("deep/er/one.txt", 3), ("two.txt", 5)])
        self.assertNotEqual(listed[1]["ETag"], head["ETag"])
        (folder / "deep/er/one.txt").unlink()
        (folder / "two.txt").unlink()
        self.assertEqual(self.keys("by-hand"), [])
        self.s3.delete_bucket(Bucket="by-hand")
        self.assertFalse(folder.exists())


if __name__ == "__main__":
    unittest.main()
