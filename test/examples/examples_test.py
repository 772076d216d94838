"""The client examples of docs/start/examples/, as users run them: what they print, and the zips that they
make and download. What is wrong ends them with the server's message."""

import hashlib
import hmac
import json
import os
import re
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import zips
from api_client import TIMEOUT_S, request
from service_case import BUCKET, ServiceTest

EXAMPLES = Path(__file__).resolve().parents[2] / "docs/start/examples"


class ExamplesTest(ServiceTest):
    settings = {"WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}

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

    def check_receiver(self, *command):
        """It takes what our server sends, and refuses what was changed, signed by another, or old."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        url = f"http://127.0.0.1:{port}/"
        secret = request("GET", self.server.url + "/api/account/webhook-secret",
                         self.api.bearer).json["secret"]
        settings = self.environment(PORT=str(port), WEBHOOK_SECRET=secret)
        receiver = subprocess.Popen([str(word) for word in command], env=settings, text=True,
                                    stdout=subprocess.PIPE)
        self.addCleanup(receiver.stdout.close)
        self.addCleanup(receiver.wait)
        self.addCleanup(receiver.terminate)
        self.wait_for_port(port)
        body = {"credentials": {"accessKeyId": self.access_key, "secretAccessKey": self.secret_key},
                "bucket": BUCKET, "sources": ["photos/"], "webhook": url}
        zip_id = request("POST", self.server.url + "/api/zips", self.api.bearer,
                         json.dumps(body)).json["id"]
        self.assertEqual(receiver.stdout.readline(), f"zip.succeeded {zip_id}\n")
        told = b'{"event":"zip.failed","zip":{"id":"forged"}}'
        now = int(time.time())
        for key, signed, timestamp, status in (
                (secret, told, now, 204), ("other", told, now, 401), (secret, b"{}", now, 401),
                (secret, told, now - 3600, 401)):
            digest = hmac.new(key.encode(), b"%d.%s" % (timestamp, signed), hashlib.sha256)
            headers = {"S3zipper-Timestamp": str(timestamp),
                       "S3zipper-Signature": f"v1={digest.hexdigest()}"}
            self.assertEqual(request("POST", url, headers, told).status, status)
        self.assertEqual(request("POST", url, {}, told).status, 401)

    def wait_for_port(self, port):
        deadline = time.monotonic() + TIMEOUT_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except ConnectionRefusedError:
                self.assertLess(time.monotonic(), deadline, "the receiver does not listen")
                time.sleep(0.05)

    def test_webhook_in_python(self):
        self.check_receiver("python3", EXAMPLES / "webhook.py")

    def test_webhook_in_javascript(self):
        self.check_receiver("node", EXAMPLES / "webhook.mjs")
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
                                 "sign_link.php", "webhook.py", "webhook.mjs"})


if __name__ == "__main__":
    unittest.main()
