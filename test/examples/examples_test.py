"""The client examples of docs/examples/, as users run them: what they print, and the zips that they
make and download. What is wrong ends them with the server's message."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import zips
from api_client import TIMEOUT_S, request
from service_case import BUCKET, ServiceTest

EXAMPLES = Path(__file__).resolve().parents[2] / "docs/examples"


class ExamplesTest(ServiceTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expected = cls.put_all({"photos/one.jpg": b"\xff\xd8" * 5000, "photos/2024/": b"",
                                    "photos/2024/Grüße aus Köln & more.jpg": b"2" * 2_000_000})

    def build(self, *command):
        built = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S,
                               check=False, env=self.environment())
        self.assertEqual(built.returncode, 0, built.stdout + built.stderr)

    def environment(self, **settings):
        return {**os.environ, "GOCACHE": str(self.folder / "go-cache"), "URL": self.server.url,
                "USER_KEY": self.keys["userKey"], "USER_SECRET": self.keys["userSecret"],
                "AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key,
                "BUCKET": BUCKET, "FOLDER": "photos/", **settings}

    def run_in(self, folder, command, **settings):
        return subprocess.run([str(word) for word in command], cwd=folder, capture_output=True,
                              text=True, timeout=TIMEOUT_S, check=False,
                              env=self.environment(**settings))

    def check(self, *command):
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        self.s3.delete_object(Bucket=BUCKET, Key="zips/photos.zip")
        done = self.run_in(folder, command)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        lines = done.stdout.splitlines()
        self.assertRegex(done.stdout, r"(?m)^SUCCESS: 3 of 3 files$")
        [link] = re.findall(r"(?m)^zip in the bucket: (\S+)$", done.stdout)
        self.assertEqual(lines[-1], "downloaded photos.zip")
        zips.check(self.download(link), self.expected)
        zips.check(folder / "photos.zip", self.expected)

        for settings, message in (({"USER_SECRET": "wrong"}, "userKey or userSecret is wrong"),
                                  ({"FOLDER": "nowhere"}, "nowhere")):
            wrong = self.run_in(folder, command, **settings)
            self.assertNotEqual(wrong.returncode, 0, wrong.stdout)
            self.assertIn(message, wrong.stdout + wrong.stderr)

    def test_curl(self):
        self.check("sh", EXAMPLES / "zip.sh")

    def test_python(self):
        self.check("python3", EXAMPLES / "zip.py")

    def test_javascript(self):
        self.check("node", EXAMPLES / "zip.mjs")

    def test_go(self):
        self.build("go", "build", "-o", str(self.folder / "zip-go"), str(EXAMPLES / "zip.go"))
        self.check(self.folder / "zip-go")

    def test_php(self):
        self.check("php", EXAMPLES / "zip.php")

    def test_java(self):
        self.check("java", EXAMPLES / "Zip.java")

    def test_ruby(self):
        self.check("ruby", EXAMPLES / "zip.rb")

    def test_c_sharp(self):
        program = self.folder / "Zip.exe"
        self.build("mcs", f"-out:{program}", "-r:System.Net.Http.dll", str(EXAMPLES / "Zip.cs"))
        self.check("mono", program)

    def check_signed_link(self, *command):
        body = {"userSecret": self.keys["userSecret"], "buckets": [BUCKET],
                "credentials": {"accessKeyId": self.access_key,
                                "secretAccessKey": self.secret_key}}
        kept = request("PUT", self.server.url + "/api/account/credentials",
                       {**self.api.bearer, "Content-Type": "application/json"},
                       json.dumps(body).encode())
        self.assertEqual(kept.status, 200, kept.body)
        for folder in ("photos/", "photos/2024/"):  # other examples put zips beside them
            done = self.run_in(self.folder, command, FOLDER=folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            zips.check(self.download(done.stdout.strip()),
                       {key.removeprefix(folder): digest for key, digest in self.expected.items()
                        if key.startswith(folder) and key != folder})
        wrong = self.run_in(self.folder, command, USER_SECRET="wrong")
        self.assertEqual(request("GET", wrong.stdout.strip()).status, 403)

    def test_signed_link_in_python(self):
        self.check_signed_link("python3", EXAMPLES / "sign_link.py")

    def test_signed_link_in_javascript(self):
        self.check_signed_link("node", EXAMPLES / "sign_link.mjs")

    def test_signed_link_in_php(self):
        self.check_signed_link("php", EXAMPLES / "sign_link.php")

    def test_there_is_no_other(self):
        """An example that is not run here."""
        names = {path.name for path in EXAMPLES.iterdir() if path.suffix != ".md"}
        self.assertEqual(names, {"zip.sh", "zip.py", "zip.mjs", "zip.go", "zip.php", "Zip.java",
                                 "zip.rb", "Zip.cs", "sign_link.py", "sign_link.mjs",
                                 "sign_link.php"})


if __name__ == "__main__":
    unittest.main()
