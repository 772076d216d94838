"""Starts the sandbox for a test: `$S3ZIPPER sandbox …` on a folder of its own, on a free port.

S3ZIPPER is the program; without it nothing runs, so that no test passes on the wrong one.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ACCESS_KEY = "AKIDSANDBOXTEST"
SECRET_KEY = "sandbox/test+secret"
REGION = "us-east-1"
START_TIMEOUT_S = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class SandboxServer:
    """The process and its folder; start() again after kill() serves the same folder. `faults`: the
    text of its faults file."""

    def __init__(self, virtual=(), faults=""):
        self.program = os.environ["S3ZIPPER"]
        self.folder = Path(tempfile.mkdtemp(prefix="sandbox-"))
        self.process = None
        self.clients = []
        self.port = None
        self.faults = faults
        if virtual:
            (self.folder / ".s3zipper").mkdir()
            (self.folder / ".s3zipper/virtual.txt").write_text("\n".join(virtual) + "\n")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.port = free_port()
        command = [self.program, "sandbox", "--dir", str(self.folder),
                   "--listen", f"127.0.0.1:{self.port}",
                   "--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY]
        hidden = self.folder / ".s3zipper"
        hidden.mkdir(exist_ok=True)
        if self.faults:
            (hidden / "faults.toml").write_text(self.faults)
            command += ["--faults", str(hidden / "faults.toml")]
        with open(hidden / "log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{command} does not serve; exit status "
                                       f"{self.process.poll()}") from None
                time.sleep(0.02)

    def log(self):
        return (self.folder / ".s3zipper/log").read_text(errors="replace")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        for client in self.clients:
            client.close()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=30)
        shutil.rmtree(self.folder)
        if status != 0:
            raise RuntimeError(f"the sandbox ended with exit status {status}")

    def client(self, access_key=ACCESS_KEY, secret_key=SECRET_KEY, region=REGION, **config):
        settings = {"retries": {"max_attempts": 0}, "s3": {"addressing_style": "path"},
                    "signature_version": "s3v4", **config}
        client = boto3.client("s3", endpoint_url=self.url, aws_access_key_id=access_key,
                              aws_secret_access_key=secret_key, region_name=region,
                              config=Config(**settings))
        self.clients.append(client)
        return client

    def raw(self, method, target, headers=None, body=None):
        """A request as it stands; the answer and its body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, target, body=body, headers=headers or {})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content


class SandboxTest(unittest.TestCase):
    """A server and the bucket "bucket" for the tests of a class; `virtual` declares objects,
    `faults` is the text of the faults file."""

    virtual = ()
    faults = ""
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        cls.server = SandboxServer(cls.virtual, cls.faults).start()
        cls.addClassCleanup(cls.server.close)
        cls.s3 = cls.server.client()
        cls.s3.create_bucket(Bucket="bucket")

    def put(self, key, body, **more):
        return self.s3.put_object(Bucket="bucket", Key=key, Body=body, **more)

    def get(self, key, **more):
        return self.s3.get_object(Bucket="bucket", Key=key, **more)["Body"].read()

    def keys(self, bucket="bucket", **more):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, **more)
        return [found["Key"] for page in pages for found in page.get("Contents", [])]

    def refused(self, code, call, status=None, **arguments):
        """The call fails with S3's code; the error's answer."""
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        response = caught.exception.response
        self.assertEqual(response["Error"]["Code"], code)
        if status is not None:
            self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], status)
        return response
