"""The site in a real browser against the real server: people's way from the set-up to a zip, and to a link whose
recipient has no account. The browser's steps are web/e2e-server; here is what surrounds them, and what must have come
out."""

import json
import os
import re
import subprocess
import tempfile
import threading
import time
import unittest
import zipfile
from pathlib import Path

from api_client import Api
from program import Server
from service_case import s3_client

WEB = Path(__file__).resolve().parents[2] / "web"
TIMEOUT_S = 600


class SiteOnServerTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="s3zipper-site-")
        self.addCleanup(folder.cleanup)
        self.found = Path(folder.name)
        self.server = Server().start()
        self.addCleanup(self.server.close)
        self.s3 = s3_client(self.server.sandbox_url)
        self.addCleanup(self.s3.close)

    def browse(self, spec, **variables):
        """Runs the steps of a spec in the browser."""
        done = subprocess.run(
            ["./npm", "exec", "--", "playwright", "test", "-c", "playwright.server.config.ts", spec],
            cwd=WEB, timeout=TIMEOUT_S, capture_output=True, text=True, check=False,
            env={**os.environ, "S3ZIPPER_URL": self.server.url + "/", "FOUND": str(self.found), **variables})
        self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr[-2000:])

    def call_once_wanted(self):
        """A program's first call, when the page waits for it."""
        deadline = time.monotonic() + TIMEOUT_S
        while not (self.found / "wants_call").exists():
            if time.monotonic() > deadline:
                return
            time.sleep(0.2)
        keys = json.loads((self.found / "key.json").read_text())
        Api(self.server.url, keys).token  # noqa: B018  asking for it is the call

    def test_a_newcomer_s_way(self):
        self.s3.create_bucket(Bucket="media")
        contents = {"holiday/a.txt": b"alpha" * 1000, "holiday/b.txt": b"beta" * 1000, "notes.txt": b"notes"}
        for key, content in contents.items():
            self.s3.put_object(Bucket="media", Key=key, Body=content)
        code = re.search(r"/setup with the code (\S+)", self.server.log()).group(1)
        program = threading.Thread(target=self.call_once_wanted)
        program.start()
        self.addCleanup(program.join)
        self.browse("newcomer.spec.ts", SETUP_CODE=code)
        with zipfile.ZipFile(self.found / "downloaded.zip") as archive:
            self.assertIsNone(archive.testzip())
            entries = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
        self.assertEqual(entries, contents)
        self.assertEqual((self.found / "a.txt").read_bytes(), contents["holiday/a.txt"])
        self.browse("recipient.spec.ts")
        with zipfile.ZipFile(self.found / "shared.zip") as archive:
            self.assertEqual(archive.read("holiday/b.txt"), contents["holiday/b.txt"])


if __name__ == "__main__":
    unittest.main()
