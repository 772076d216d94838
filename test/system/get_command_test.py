"""`s3zipper ls` and `get`: zips that this program and others made, in the store and in files."""

import io
import os
import signal
import stat
import time
import unittest
import zipfile

import zips
from command_case import CommandTest, json_lines
from service_case import BUCKET

MIB = 1 << 20
HUGE = "huge.bin"
TIME = (2024, 2, 29, 12, 34, 56)


def python_zip(entries, compression=zipfile.ZIP_DEFLATED):
    """{name: content} as Python writes it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, TIME), content, compress_type=compression)
    return made.getvalue()


class GetCommandTest(CommandTest):
    virtual = [f"files/virtual/{HUGE}={40 * MIB}"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trip = cls.put_all({"trip/a.txt": "a", "trip/raw/b.raw": "b" * 70_000,
                                "trip/c.txt": os.urandom(3 * MIB), "trip/empty": ""})
        cls.foreign = {"f/plain.txt": b"plain" * 50_000, "f/x.bin": os.urandom(2 * MIB),
                       "f/empty": b"", "top": b"top"}
        cls.s3.put_object(Bucket=BUCKET, Key="foreign.zip", Body=python_zip(cls.foreign))

    def setUp(self):
        self.succeed("zip", "s3://files/trip", "s3://files/virtual", "-o", "s3://files/own.zip",
                     "-fq")
        self.target = self.folder / self.id().rsplit(".", 1)[1]

    def unpacked(self):
        """{name: SHA-256} of the files in the target."""
        return {str(path.relative_to(self.target)): zips.sha256(path.read_bytes())
                for path in self.target.rglob("*") if path.is_file()}

    def test_ls_lists_names(self):
        self.assertEqual(self.succeed("ls", "s3://files/own.zip").splitlines(),
                         [*sorted(self.trip), f"virtual/{HUGE}"])
        self.assertEqual(self.succeed("ls", "s3://files/foreign.zip").splitlines(),
                         list(self.foreign))

    def test_ls_tells_what_pythons_zipfile_tells(self):
        for key in ("own.zip", "foreign.zip"):
            listed = json_lines(self.succeed("ls", f"s3://files/{key}", "--json"))
            with zipfile.ZipFile(self.fetch(key)) as archive:
                expected = [(info.filename, info.file_size, info.compress_size, info.compress_type,
                             f"{info.CRC:08x}", info.header_offset) for info in archive.infolist()]
            self.assertEqual([(line["name"], line["size"], line["compressed_size"], line["method"],
                               line["crc32"], line["offset"]) for line in listed], expected)
        long = self.succeed("ls", "-l", "s3://files/foreign.zip").splitlines()
        self.assertIn("2024-02-29T12:34:56Z", long[1])
        self.assertIn("deflate", long[1])
        self.assertIn("4 entries", long[-1])

    def test_ls_of_a_file_needs_no_credentials(self):
        path = self.fetch("foreign.zip")
        names = self.succeed("ls", path, without=["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
        self.assertEqual(names.splitlines(), list(self.foreign))

    def test_ls_ends_quietly_when_its_reader_has_enough(self):
        names = {f"{'long' * 50}-{number}": b"" for number in range(2000)}
        self.s3.put_object(Bucket=BUCKET, Key="many.zip", Body=python_zip(names))
        process = self.start("ls", "s3://files/many.zip")
        process.stdout.read(10)
        process.stdout.close()
        self.assertEqual((process.wait(timeout=60), process.stderr.read()), (0, b""))

    def test_get_of_all(self):
        self.succeed("get", "s3://files/own.zip", "-d", self.target)
        found = self.unpacked()
        with zipfile.ZipFile(self.fetch("own.zip")) as archive:
            self.assertEqual(found, {info.filename: zips.sha256(archive.read(info))
                                     for info in archive.infolist()})
        self.assertEqual({key: found[key] for key in self.trip}, self.trip)

    def test_get_of_a_deflated_zip_with_its_times(self):
        for source in ("s3://files/foreign.zip", self.fetch("foreign.zip")):
            self.succeed("get", source, "-d", self.target, "--force")
            self.assertEqual(self.unpacked(), {name: zips.sha256(content)
                                               for name, content in self.foreign.items()})
            self.assertEqual((self.target / "top").stat().st_mtime, 1709210096)

    def test_get_of_some(self):
        for names, expected in [(["trip/a.txt"], ["trip/a.txt"]),
                                (["trip/raw"], ["trip/raw/b.raw"]),
                                (["*.txt", "trip/empty"], ["trip/a.txt", "trip/c.txt", "trip/empty"])]:
            self.succeed("get", "s3://files/own.zip", *names, "-d", self.target, "-q", "-f")
            for name in expected:
                (self.target / name).unlink()
            self.assertEqual(self.unpacked(), {})
        error = self.fail_with(1, "get", "s3://files/own.zip", "trip/a.txt", "wrong", "-d",
                               self.target)
        self.assertIn("wrong", error)
        self.assertEqual(self.unpacked(), {})

    def test_get_replaces_only_by_force(self):
        self.target.mkdir()
        (self.target / "top").write_text("old")
        error = self.fail_with(1, "get", "s3://files/foreign.zip", "top", "-d", self.target)
        self.assertIn("--force", error)
        self.assertEqual((self.target / "top").read_text(), "old")
        self.succeed("get", "s3://files/foreign.zip", "top", "-d", self.target, "-f")
        self.assertEqual((self.target / "top").read_text(), "top")

    def refused(self, archive):
        """What get says of a zip that it must not unpack anything of."""
        path = self.folder / "bad.zip"
        path.write_bytes(archive)
        error = self.fail_with(1, "get", path, "-d", self.target)
        self.assertEqual(self.unpacked() if self.target.exists() else {}, {})
        return error

    def test_names_that_leave_the_folder_are_refused(self):
        for name in ("../evil", "/evil", "a/../../evil"):
            self.assertIn("outside", self.refused(python_zip({"good": b"", name: b"evil"})))
        self.assertFalse((self.folder / "evil").exists())
        self.assertFalse(os.path.exists("/evil"))

    def test_what_cannot_be_read_is_refused(self):
        self.assertIn("method 14", self.refused(python_zip({"a": b"a"}, zipfile.ZIP_LZMA)))
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr(link, "/etc/passwd")
        self.assertIn("symbolic link", self.refused(made.getvalue()))
        self.assertIn("no zip", self.refused(b"no zip at all"))
        self.assertIn("is cut", self.refused(python_zip({"a": b"a"})[:-1]))

    def test_damage_is_found_and_the_file_gets_no_name(self):
        content = os.urandom(100_000)
        archive = bytearray(python_zip({"a": content}, zipfile.ZIP_STORED))
        archive[50_000] ^= 1
        self.assertIn("CRC-32", self.refused(bytes(archive)))

    def test_an_archive_that_is_missing(self):
        self.assertIn("s3://files/none.zip", self.fail_with(1, "ls", "s3://files/none.zip"))
        self.assertIn("none.zip", self.fail_with(1, "get", "none.zip"))
        self.fail_with(2, "ls", "s3://files")
        self.fail_with(2, "ls")

    def test_an_interrupted_get_leaves_no_part(self):
        self.succeed("zip", "s3://files/virtual", "-o", "s3://files/large.zip", "-fq")
        process = self.start("get", "s3://files/large.zip", "-d", self.target, "-q")
        deadline = time.monotonic() + 60
        while not list(self.target.glob("virtual/.s3zipper-*")):
            if process.poll() is not None or time.monotonic() > deadline:
                self.skipTest("it was too fast to be interrupted")
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        self.assertIn(process.wait(timeout=30), (130, 0))
        self.assertEqual(list(self.target.glob("virtual/.s3zipper-*")), [])


if __name__ == "__main__":
    unittest.main()
