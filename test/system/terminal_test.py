"""What a terminal gets: names of strangers' zips and buckets are shown, and move no cursor; what is
no terminal gets names as they are."""

import io
import json
import os
import pty
import subprocess
import unittest
import zipfile

from command_case import COMMAND_TIMEOUT_S, CommandTest
from program import program_path, run
from service_case import BUCKET

EVIL = {"\x1b[31mred\x07.txt": r"\x1B[31mred\x07.txt",
        "invoice\u202efdp.exe": r"invoice\u202Efdp.exe",
        "\u009b2Jclear": r"\u009B2Jclear",
        "\u2066hidden\u2069.txt": r"\u2066hidden\u2069.txt"}
RAW = ("\x1b[31m", "\x07", "\u202e", "\u009b", "\u2066", "\u2069")


def on_terminal(command, folder, variables):
    """What a command writes to a terminal that is its output and errors, and its exit status."""
    own, its = pty.openpty()
    process = subprocess.Popen(command, stdout=its, stderr=its, stdin=subprocess.DEVNULL, cwd=folder,
                               env=variables)
    os.close(its)
    written = b""
    while True:
        try:
            piece = os.read(own, 65536)
        except OSError:  # the other end is closed
            break
        written += piece
    os.close(own)
    return written.decode(), process.wait(COMMAND_TIMEOUT_S)


class TerminalTest(CommandTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for name in EVIL:
                archive.writestr(name, "x")
        cls.s3.put_object(Bucket=BUCKET, Key="evil.zip", Body=content.getvalue())
        for name in EVIL:
            cls.s3.put_object(Bucket=BUCKET, Key=f"evil/{name}", Body=b"x")

    def shown(self, *arguments, status=0):
        written, ended = on_terminal([program_path(), *arguments], self.folder, self.variables())
        self.assertEqual(ended, status, written)
        for raw in RAW:
            self.assertNotIn(raw, written)
        return written

    def test_ls(self):
        for flags in ((), ("-l",)):
            written = self.shown("ls", f"s3://{BUCKET}/evil.zip", *flags)
            for escaped in EVIL.values():
                self.assertIn(escaped, written)

    def test_json_on_a_terminal_keeps_its_meaning(self):
        lines = self.shown("ls", f"s3://{BUCKET}/evil.zip", "--json").splitlines()
        self.assertEqual({json.loads(line)["name"] for line in lines}, set(EVIL))

    def test_a_dry_run(self):
        written = self.shown("zip", f"s3://{BUCKET}/evil/", "--names", "exact", "-n", "-o", "a.zip")
        self.assertIn(r"invoice\u202Efdp.exe", written)
        lines = self.shown("zip", f"s3://{BUCKET}/evil/", "-n", "--json", "-o", "a.zip").splitlines()
        sources = {json.loads(line).get("source", "") for line in lines}
        self.assertTrue(any("invoice" in source for source in sources), sources)

    def test_errors(self):
        for raw, escaped in EVIL.items():
            written = self.shown("get", f"s3://{BUCKET}/evil.zip", raw + "!", status=1)
            self.assertIn(escaped + "!", written)
            written = self.shown("zip", f"s3://{BUCKET}/none/{raw}", "-q", "-o", "a.zip", status=1)
            self.assertIn(escaped, written)
        self.shown("get", f"s3://{BUCKET}/evil.zip", "-d", "out")
        self.shown("get", f"s3://{BUCKET}/evil.zip", "-d", "out", status=1)

    def test_what_was_skipped(self):
        written = self.shown("zip", f"s3://{BUCKET}/evil/", f"s3://{BUCKET}/no\u202e.txt",
                             "--on-missing", "skip", "-f", "-o", "b.zip")
        self.assertIn(r"no\u202E.txt", written)

    def test_a_pipe_gets_names_as_they_are(self):
        self.assertEqual(set(self.succeed("ls", f"s3://{BUCKET}/evil.zip").splitlines()),
                         set("\n".join(EVIL).splitlines()))


class LogTest(unittest.TestCase):
    def test_an_error_of_the_server_is_shown(self):
        result = run("serve", "--config", "/nowhere/\x1b[31m\u202e.toml")
        self.assertNotEqual(result.returncode, 0)
        for raw in RAW:
            self.assertNotIn(raw, result.stderr)
        self.assertIn(r"\x1B[31m\u202E", result.stderr)


if __name__ == "__main__":
    unittest.main()
