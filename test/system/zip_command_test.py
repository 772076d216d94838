"""`s3zipper zip`: into a bucket, a file and a pipe, without a server."""

import os
import pty
import signal
import subprocess
import time
import unittest
from pathlib import Path

import zips
from command_case import CommandTest, json_lines
from program import Sandbox, program_path
from service_case import BUCKET

MIB = 1 << 20
HUGE = "huge.bin"


class ZipCommandTest(CommandTest):
    virtual = [f"files/virtual/{HUGE}={60 * MIB}", f"files/slow/{HUGE}={20 * MIB}"]
    faults = ('[[fault]]\ncall = "GetObject"\nkey = "slow/*"\ndo = "delay"\nms = 700\n'
              '[[bucket]]\nname = "paid"\nrequester_pays = true\n')

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trip = cls.put_all({"trip/a.txt": "a", "trip/raw/b.raw": "b" * 70_000,
                                "trip/c.txt": b"c" * (3 * MIB), "trip/empty": ""})
        cls.s3.create_bucket(Bucket="second")
        cls.second = cls.put_all({"more/d.txt": "d"}, bucket="second")

    def setUp(self):
        for name in self.names():
            (self.folder / name).unlink()

    def test_into_a_file(self):
        self.succeed("zip", "s3://files/trip", "-o", "out.zip")
        zips.check(self.folder / "out.zip", self.trip)
        zips.check_with_other_readers(self.folder / "out.zip")
        self.assertEqual(self.names(), ["out.zip"])

    def test_into_the_bucket(self):
        self.succeed("zip", "s3://files/trip/", "-o", "s3://files/zips/small.zip")
        zips.check(self.fetch("zips/small.zip"), self.trip)

    def test_into_the_bucket_in_parts(self):
        self.succeed("zip", "s3://files/virtual", "s3://files/trip/a.txt", "-o",
                     "s3://files/zips/large.zip")
        path = self.fetch("zips/large.zip")
        zips.check_with_other_readers(path)
        self.assertEqual(list(zips.digests(path)), [f"virtual/{HUGE}", "trip/a.txt"])
        self.assertEqual(self.uploads(), [])

    def test_a_manifest_and_a_report(self):
        self.put_all({"lists/all.txt": "files,trip/a.txt,,renamed.txt\nfiles,trip/empty\n"})
        self.succeed("zip", "--manifest", "s3://files/lists/all.txt", "--manifest-format", "csv",
                     "--report", "csv", "-o", "out.zip")
        found = zips.digests(self.folder / "out.zip")
        self.assertEqual(list(found), ["renamed.txt", "trip/empty", "s3zipper-report.csv"])
        self.assertEqual(found["renamed.txt"], self.trip["trip/a.txt"])
        zips.check_with_other_readers(self.folder / "out.zip")
        self.assertIn("a source is wanted", self.fail_with(2, "zip", "-o", "other.zip"))

    def test_requesters_pay_where_they_say_so(self):
        (self.sandbox.store / "paid").mkdir()
        self.s3.put_object(Bucket="paid", Key="p/a.txt", Body=b"paid", RequestPayer="requester")
        for source in ("s3://paid/p/", "s3://paid/p/a.txt"):
            self.fail_with(1, "zip", source, "-o", "refused.zip")
            self.succeed("zip", "--request-payer", source, "-o", "out.zip", "--force")
            zips.check(self.folder / "out.zip", {"p/a.txt": zips.sha256(b"paid")})

    def test_into_a_pipe(self):
        result = self.run_command("zip", "s3://files/trip", "s3://files/virtual", "-o", "-")
        self.assertEqual(result.returncode, 0, result.stderr)
        (self.folder / "piped.zip").write_bytes(result.stdout)
        zips.check_with_other_readers(self.folder / "piped.zip")
        self.assertEqual(len(zips.digests(self.folder / "piped.zip")), 5)

    def test_sources_of_several_buckets(self):
        self.succeed("zip", "s3://files/trip", "s3://second/more", "-o", "out.zip", "--base",
                     "bucket")
        zips.check(self.folder / "out.zip", {f"files/{key}": sha for key, sha in self.trip.items()}
                   | {"second/more/d.txt": self.second["more/d.txt"]})

    def test_names_below_the_source(self):
        self.succeed("zip", "s3://files/trip", "s3://second/more/d.txt", "-o", "out.zip", "--base",
                     "folder")
        zips.check(self.folder / "out.zip",
                   {key.removeprefix("trip/"): sha for key, sha in self.trip.items()}
                   | {"d.txt": self.second["more/d.txt"]})

    def test_the_last_filter_that_matches_decides(self):
        for filters, kept in [
            (["--include", "*.txt"], ["trip/a.txt", "trip/c.txt"]),
            (["--exclude", "*.txt", "--include", "a*"],
             ["trip/a.txt", "trip/empty", "trip/raw/b.raw"]),
            (["--include", "a*", "--exclude", "*.txt", "--include", "raw/*"], ["trip/raw/b.raw"]),
        ]:
            self.succeed("zip", "s3://files/trip", "-o", "out.zip", "--force", *filters)
            with self.subTest(filters=filters):
                self.assertEqual(sorted(zips.digests(self.folder / "out.zip")), kept)
        error = self.fail_with(1, "zip", "s3://files/trip", "-o", "x.zip", "--include", "*.png")
        self.assertIn("4 objects were found", error)

    def test_what_exists_is_replaced_only_by_force(self):
        (self.folder / "out.zip").write_text("old")
        self.assertIn("--force", self.fail_with(1, "zip", "s3://files/trip", "-o", "out.zip"))
        self.assertEqual((self.folder / "out.zip").read_text(), "old")
        self.succeed("zip", "s3://files/trip", "-o", "out.zip", "-f")
        zips.check(self.folder / "out.zip", self.trip)
        self.put_all({"zips/there.zip": "old"})
        target = "s3://files/zips/there.zip"
        self.assertIn("--force", self.fail_with(1, "zip", "s3://files/trip", "-o", target))
        self.succeed("zip", "s3://files/trip", "-o", target, "-f")
        zips.check(self.fetch("zips/there.zip"), self.trip)

    def test_what_is_no_regular_file_is_written_through(self):
        fifo = self.folder / "pipe"
        os.mkfifo(fifo)
        for flags in ([], ["-f"]):
            with (open(self.folder / "out.zip", "wb") as zipped,
                  subprocess.Popen(["cat", fifo], stdout=zipped)):
                self.succeed("zip", "s3://files/trip", "-o", "pipe", *flags)
            zips.check(self.folder / "out.zip", self.trip)
            self.assertTrue(fifo.is_fifo())
        os.symlink("/dev/null", self.folder / "null")
        for output in ("/dev/null", "null"):
            self.succeed("zip", "s3://files/trip", "-o", output, "-f")
        self.assertTrue(Path("/dev/null").is_char_device())
        self.assertTrue((self.folder / "null").is_symlink())
        self.assertEqual(self.names(), ["null", "out.zip", "pipe"])

    def test_a_disk_that_is_full_is_said_so(self):
        error = self.fail_with(1, "zip", "s3://files/trip", "-o", "/dev/full", "-f")
        self.assertIn("/dev/full: cannot", error)
        self.assertTrue(Path("/dev/full").is_char_device())

    def test_standard_output_by_its_names(self):
        for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
            result = self.run_command("zip", "s3://files/trip", "-o", name, "--json", "-f")
            self.assertEqual(result.returncode, 0, result.stderr)
            (self.folder / "piped.zip").write_bytes(result.stdout)
            zips.check(self.folder / "piped.zip", self.trip)
        path = self.folder / "appended.zip"
        path.write_bytes(b"before")
        with open(path, "ab") as out:
            process = subprocess.run([program_path(), "zip", "s3://files/trip", "-o",
                                      "/dev/stdout"], stdout=out, stderr=subprocess.PIPE,
                                     cwd=self.folder, env=self.variables(), check=False)
        self.assertEqual(process.returncode, 0, process.stderr)
        content = path.read_bytes()
        self.assertTrue(content.startswith(b"before"))
        path.write_bytes(content.removeprefix(b"before"))
        zips.check(path, self.trip)

    def test_links_are_followed_and_stay(self):
        (self.folder / "target.zip").write_text("old")
        os.symlink("target.zip", self.folder / "link.zip")
        self.assertIn("--force", self.fail_with(1, "zip", "s3://files/trip", "-o", "link.zip"))
        self.succeed("zip", "s3://files/trip", "-o", "link.zip", "-f")
        self.assertEqual(os.readlink(self.folder / "link.zip"), "target.zip")
        zips.check(self.folder / "target.zip", self.trip)
        (self.folder / "target.zip").unlink()
        self.succeed("zip", "s3://files/trip", "-o", "link.zip")
        zips.check(self.folder / "target.zip", self.trip)
        self.assertEqual(self.names(), ["link.zip", "target.zip"])

    def test_neighbours_are_left_alone(self):
        (self.folder / "out.zip.part").write_text("precious")
        self.succeed("zip", "s3://files/trip", "-o", "out.zip")
        zips.check(self.folder / "out.zip", self.trip)
        self.assertEqual((self.folder / "out.zip.part").read_text(), "precious")
        self.assertEqual(self.names(), ["out.zip", "out.zip.part"])

    def test_a_source_that_is_missing(self):
        error = self.fail_with(1, "zip", "s3://files/trip", "s3://files/nothing", "-o", "out.zip")
        self.assertIn("s3://files/nothing", error)
        self.assertEqual(self.names(), [])
        result = self.run_command("zip", "s3://files/trip", "s3://files/nothing", "-o", "out.zip",
                                  "--on-missing", "skip")
        self.assertEqual(result.returncode, 0)
        self.assertIn("skipped, nothing is there: s3://files/nothing", result.stderr.decode())
        zips.check(self.folder / "out.zip", self.trip)

    def test_errors_name_bucket_and_code_and_what_to_do(self):
        error = self.fail_with(1, "zip", "s3://no-such-bucket/x", "-o", "out.zip")
        self.assertIn("no-such-bucket", error)
        error = self.fail_with(1, "zip", "s3://files/trip", "-o", "out.zip",
                               variables={"AWS_SECRET_ACCESS_KEY": "wrong"})
        self.assertIn("SignatureDoesNotMatch", error)
        error = self.fail_with(1, "zip", "s3://files/trip", "-o", "out.zip",
                               without=["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
        self.assertIn("AWS_ACCESS_KEY_ID", error)
        self.assertIn(f"{self.home}/.aws/credentials", error)
        error = self.fail_with(1, "zip", "s3://files/trip", "-o", "missing/out.zip")
        self.assertIn("missing/out.zip.part", error)

    def test_wrong_usage(self):
        for arguments in ([], ["-o", "out.zip"], ["s3://files/trip"], ["trip", "-o", "out.zip"],
                          ["s3:///trip", "-o", "out.zip"],
                          ["s3://files/trip", "-o", "s3://files/"],
                          ["s3://files/trip", "-o", "out.zip", "--base", "none"],
                          ["s3://files/trip", "-o", "out.zip", "--memory", "1MB"],
                          ["s3://files/trip", "-o", "out.zip", "--wrong"],
                          ["s3://files/trip", "-o", "out.zip", "--path-style", "--virtual-host"]):
            with self.subTest(arguments=arguments):
                self.fail_with(2, "zip", *arguments)
        self.assertEqual(self.names(), [])

    def test_a_terminal_gets_no_zip(self):
        main, terminal = pty.openpty()
        process = self.start("zip", "s3://files/trip", "-o", "-")
        process.kill()
        process = subprocess.Popen(process.args, stdout=terminal, stderr=subprocess.PIPE,
                                   env=self.variables())
        self.assertIn(b"terminal", process.communicate(timeout=30)[1])
        self.assertEqual(process.returncode, 2)
        os.close(terminal)
        os.close(main)

    def test_a_dry_run_tells_entries_size_calls_and_price(self):
        whole = self.succeed("zip", "s3://files/trip", "s3://files/virtual", "-o",
                             "s3://files/zips/dry.zip", "-n")
        for text in [f"virtual/{HUGE}", "5 entries", "UploadPart", "GetObject", "$0.0", "us-east-1"]:
            self.assertIn(text, whole)
        lines = json_lines(self.succeed("zip", "s3://files/trip", "-o", "out.zip", "--dry-run",
                                        "--json"))
        self.assertEqual({line["name"] for line in lines[:-1]}, set(self.trip))
        self.assertEqual(lines[-1]["event"], "estimate")
        self.assertEqual(lines[-1]["calls"], {"ListObjectsV2": 1, "HeadObject": 1, "GetObject": 5})
        self.assertEqual(self.names(), [])
        self.succeed("zip", "s3://files/trip", "-o", "out.zip")
        self.assertEqual((self.folder / "out.zip").stat().st_size, lines[-1]["archive_bytes"])

    def test_json_for_programs(self):
        lines = json_lines(self.succeed("zip", "s3://files/trip", "-o", "out.zip", "--json"))
        self.assertEqual((lines[-1]["event"], lines[-1]["entries"], lines[-1]["output"]),
                         ("done", 4, "out.zip"))
        result = self.run_command("zip", "s3://files/nothing", "-o", "x.zip", "--json")
        self.assertEqual(result.returncode, 1)
        [line] = json_lines(result.stdout.decode())
        self.assertEqual((line["event"], line["error"]), ("failed", "not_found"))

    def test_quiet_says_nothing(self):
        result = self.run_command("zip", "s3://files/trip", "-o", "out.zip", "-q")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b"", b""))

    def test_a_terminal_gets_a_bar_and_a_log_gets_lines(self):
        main, terminal = pty.openpty()
        self.addCleanup(os.close, main)
        process = subprocess.Popen([program_path(), "zip", "s3://files/slow", "-o",
                                    str(self.folder / "out.zip")], stderr=terminal,
                                   env=self.variables())
        os.close(terminal)
        shown = b""
        try:
            while piece := os.read(main, 4096):
                shown += piece
        except OSError:  # the terminal's end
            pass
        self.assertEqual(process.wait(), 0, shown)
        self.assertRegex(shown.decode(), r"\r\[=*>? *\] +\d+ %  .* of 21 MB  \d of 1 files")
        self.assertRegex(shown.decode(), r"\r\x1b\[K\S*/out.zip: 1 entries, 21 MB, in [\d.]+ s")

    def test_buckets_may_stand_in_the_hosts_name(self):
        url = self.sandbox.url.replace("127.0.0.1", "localhost")
        self.succeed("zip", "s3://files/trip", "-o", "out.zip", "--endpoint", url, "--virtual-host")
        zips.check(self.folder / "out.zip", self.trip)

    def test_profiles_are_found(self):
        folder = self.home / ".aws"
        folder.mkdir()
        self.addCleanup(folder.rmdir)
        for name, text in [
            ("credentials", f"[box]\naws_access_key_id = {Sandbox.ACCESS_KEY}\n"
                            f"aws_secret_access_key = {Sandbox.SECRET_KEY}\n"),
            ("config", f"[profile box]\nregion = us-east-1\nendpoint_url = {self.sandbox.url}\n"),
        ]:
            (folder / name).write_text(text)
            self.addCleanup((folder / name).unlink)
        bare = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_S3"]
        self.succeed("zip", "s3://files/trip", "-o", "flag.zip", "--profile", "box", without=bare)
        self.succeed("zip", "s3://files/trip", "-o", "variable.zip", without=bare,
                     variables={"AWS_PROFILE": "box"})
        self.assertEqual((self.folder / "flag.zip").read_bytes(),
                         (self.folder / "variable.zip").read_bytes())
        self.assertIn("no profile", self.fail_with(1, "zip", "s3://files/trip", "-o", "x.zip",
                                                   "--profile", "wrong"))


class InterruptTest(CommandTest):
    """The command is interrupted in the middle of its work."""

    virtual = [f"files/virtual/{HUGE}={2000 * MIB}"]
    faults = ('[[fault]]\ncall = "CreateMultipartUpload"\nkey = "late.zip"\n'
              'do = "rate"\nbytes_per_second = 500\n')

    def wait_for(self, process, began):
        deadline = time.monotonic() + 60
        while not began():
            self.assertIsNone(process.poll(), process.stderr)
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.005)

    def interrupt(self, output, began, number=signal.SIGINT):
        process = self.start("zip", "s3://files/virtual", "-o", output, "-q")
        self.wait_for(process, began)
        process.send_signal(number)
        self.assertEqual(process.wait(timeout=30), 128 + number)
        self.assertIn(b"interrupted", process.stderr.read())

    def test_a_part_file_is_removed(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.interrupt("out.zip", lambda: self.names() == ["out.zip.part"], number)
            self.assertEqual(self.names(), [])

    def test_an_upload_is_aborted(self):
        for number in (signal.SIGINT, signal.SIGHUP):
            self.interrupt("s3://files/out.zip", self.uploads, number)
            self.assertEqual(self.uploads(), [])
            self.assertNotIn("Contents", self.s3.list_objects_v2(Bucket=BUCKET, Prefix="out.zip"))

    def test_an_upload_whose_creation_was_not_yet_answered_is_aborted(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            self.interrupt("s3://files/late.zip", self.uploads, number)
            self.assertEqual(self.uploads(), [])

    def test_a_run_under_nohup_goes_on_when_its_terminal_is_gone(self):
        process = self.start("zip", "s3://files/virtual", "-o", "s3://files/out.zip", "-q",
                             preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.wait_for(process, self.uploads)
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=30), 128 + signal.SIGTERM)
        self.assertEqual(self.uploads(), [])

    def test_what_a_killed_run_left_is_told_with_what_removes_it(self):
        process = self.start("zip", "s3://files/virtual", "-o", "s3://files/left.zip", "-q")
        self.wait_for(process, self.uploads)
        process.kill()
        process.wait()
        self.put_all({"one.txt": "one"})
        [left] = self.uploads()
        told = self.run_command("zip", "s3://files/one.txt", "-o", "s3://files/left.zip")
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn(b"unfinished upload to s3://files/left.zip", told.stderr)
        line = (f"aws s3api abort-multipart-upload --bucket files --key left.zip "
                f"--upload-id {left['UploadId']} --endpoint-url {self.sandbox.url}")
        self.assertIn(line, told.stderr.decode())
        self.assertEqual([each["UploadId"] for each in self.uploads()], [left["UploadId"]])
        events = json_lines(self.succeed("zip", "s3://files/one.txt", "-o", "s3://files/left.zip",
                                         "-f", "--json"))
        self.assertEqual([each["remove"] for each in events if each["event"] == "left_upload"],
                         [line])
        self.s3.abort_multipart_upload(Bucket=BUCKET, Key="left.zip", UploadId=left["UploadId"])
        quiet = self.run_command("zip", "s3://files/one.txt", "-o", "s3://files/left.zip", "-f")
        self.assertNotIn(b"unfinished", quiet.stderr)

    def test_a_pipe_that_nobody_reads_ends_at_once(self):
        process = self.start("zip", "s3://files/virtual", "-o", "-", "-q")
        process.stdout.read(10)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=30), -signal.SIGINT)

    def test_a_pipe_that_is_closed_is_an_error(self):
        process = self.start("zip", "s3://files/virtual", "-o", "-", "-q")
        process.stdout.read(10)
        process.stdout.close()
        self.assertEqual(process.wait(timeout=30), 1)
        self.assertIn(b"closed", process.stderr.read())


if __name__ == "__main__":
    unittest.main()
