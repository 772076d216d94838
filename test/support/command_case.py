"""The test case of commands that work with S3 themselves: a sandbox store, a home folder without
AWS files, and a folder to work in, all of the test class."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import zips
from program import Sandbox, environment, program_path
from service_case import BUCKET, s3_client

COMMAND_TIMEOUT_S = 120


class CommandTest(unittest.TestCase):
    virtual = ()
    faults = ""  # of the sandbox
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="s3zipper-commands-")
        cls.addClassCleanup(folder.cleanup)
        cls.home = Path(folder.name) / "home"
        cls.home.mkdir()
        cls.folder = Path(folder.name) / "work"
        cls.folder.mkdir()
        cls.sandbox = Sandbox(cls.virtual, faults=cls.faults).start()
        cls.addClassCleanup(cls.sandbox.close)
        cls.s3 = s3_client(cls.sandbox.url)
        cls.addClassCleanup(cls.s3.close)
        cls.s3.create_bucket(Bucket=BUCKET)

    @classmethod
    def variables(cls):
        """The environment of commands: nothing of AWS but what leads to the sandbox."""
        kept = {name: value for name, value in environment().items() if not name.startswith("AWS_")}
        return kept | {"HOME": str(cls.home), "AWS_ENDPOINT_URL_S3": cls.sandbox.url,
                       "AWS_ACCESS_KEY_ID": Sandbox.ACCESS_KEY,
                       "AWS_SECRET_ACCESS_KEY": Sandbox.SECRET_KEY}

    def start(self, *arguments, variables=None, **options):
        """The command while it runs."""
        process = subprocess.Popen([program_path(), *map(str, arguments)], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, cwd=self.folder,
                                   env=self.variables() | (variables or {}), **options)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def run_command(self, *arguments, variables=None, without=(), **options):
        """The finished process; `without`: variables that are not set."""
        settings = self.variables() | (variables or {})
        for name in without:
            settings.pop(name, None)
        return subprocess.run([program_path(), *map(str, arguments)], capture_output=True,
                              cwd=self.folder, env=settings, check=False,
                              timeout=COMMAND_TIMEOUT_S, **options)

    def succeed(self, *arguments, **options):
        """What the command prints."""
        result = self.run_command(*arguments, **options)
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        return result.stdout.decode()

    def fail_with(self, code, *arguments, **options):
        """What the command complains of."""
        result = self.run_command(*arguments, **options)
        self.assertEqual(result.returncode, code, result.stdout.decode() + result.stderr.decode())
        return result.stderr.decode()

    @classmethod
    def put_all(cls, contents, bucket=BUCKET):
        """{key: content}; gives {key: SHA-256}."""
        digests = {}
        for key, content in contents.items():
            content = content.encode() if isinstance(content, str) else content
            cls.s3.put_object(Bucket=bucket, Key=key, Body=content)
            digests[key] = zips.sha256(content)
        return digests

    def fetch(self, key, name="fetched.zip", bucket=BUCKET):
        path = self.folder / name
        self.s3.download_file(bucket, key, str(path))
        return path

    def uploads(self, bucket=BUCKET):
        return self.s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])

    def names(self):
        """What lies in the working folder."""
        return sorted(os.listdir(self.folder))


def json_lines(text):
    return [json.loads(line) for line in text.splitlines()]
