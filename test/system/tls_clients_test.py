"""Clients that others wrote, over https with a private CA: Python's urllib, PHP's curl and Java's
HttpClient make the calls as published samples do, and curl downloads what they get."""

import json
import os
import subprocess
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

import zips
from program import SANITIZED
from service_case import BUCKET
from tls_case import TlsTest

CLIENTS = Path(__file__).parent / "tls_clients"
TIMEOUT_S = 120


class TlsClientsTest(TlsTest):
    def setUp(self):
        self.expected = self.put_all({"photos/one.jpg": b"1" * 5000, "letters/a b+c.txt": "Dear"})
        self.what = self.fields("photos/", BUCKET + "/letters/a b+c.txt", bucketAsDir="false")

    def output(self, command, **variables):
        ended = subprocess.run([str(part) for part in command], env={**os.environ, **variables},
                               capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        return ended.stdout

    def check(self, link):
        self.assertTrue(link.startswith(self.server.url), link)
        path = self.folder / "client.zip"
        self.output(["curl", "-sSf", "--cacert", self.ca.file, "-o", path, link])
        zips.check(path, self.expected)

    def test_python(self):
        def post(path, headers, body):
            sent = urllib.request.Request(self.server.url + path, body.encode(), headers)
            with urllib.request.urlopen(sent, timeout=TIMEOUT_S, context=self.context()) as answer:
                return json.loads(answer.read())

        form = {"Content-Type": "application/x-www-form-urlencoded"}
        token = post("/gentoken", form, urllib.parse.urlencode(self.keys))["token"]
        form["Authorization"] = "Bearer " + token
        started = post("/v2/streamzip", form, urllib.parse.urlencode(self.what, doseq=True))
        self.check(post("/v2/zipresult", form, json.dumps(started))["results"][0])

    def test_php(self):
        self.check(self.output(["php", CLIENTS / "flow.php", self.server.url, self.keys["userKey"],
                                self.keys["userSecret"], json.dumps(self.what)],
                               CA_FILE=str(self.ca.file)))

    @unittest.skipIf(SANITIZED, "the JVM's time is the same in every build")
    def test_java(self):
        trusted = self.folder / "trusted.p12"
        self.output(["keytool", "-importcert", "-noprompt", "-file", self.ca.file, "-alias", "ca",
                     "-keystore", trusted, "-storetype", "PKCS12", "-storepass", "changeit"])
        self.check(self.output([
            "java", f"-Djavax.net.ssl.trustStore={trusted}",
            "-Djavax.net.ssl.trustStorePassword=changeit", CLIENTS / "Flow.java", self.server.url,
            urllib.parse.urlencode(self.keys), urllib.parse.urlencode(self.what, doseq=True)]))


if __name__ == "__main__":
    unittest.main()
