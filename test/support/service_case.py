"""The test cases of tests that need a running server: one server, account and S3 client for the
tests of a class, with the bucket "files" filled by each test as it likes."""

import tempfile
import unittest
from pathlib import Path

import boto3
from botocore.config import Config

import zips
from api_client import Api, download
from program import Sandbox, Server
from tcp_gate import TcpGate

BUCKET = "files"


def s3_client(endpoint, access_key=Sandbox.ACCESS_KEY, secret_key=Sandbox.SECRET_KEY,
              region="us-east-1"):
    config = Config(s3={"addressing_style": "path"}, signature_version="s3v4",
                    retries={"max_attempts": 2}, max_pool_connections=64)
    return boto3.client("s3", endpoint_url=endpoint, aws_access_key_id=access_key,
                        aws_secret_access_key=secret_key, region_name=region, config=config)


class ServiceTest(unittest.TestCase):
    """`virtual`, `settings`: see program.Server."""

    virtual = ()
    settings = {}
    access_key, secret_key = Sandbox.ACCESS_KEY, Sandbox.SECRET_KEY
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="s3zipper-zips-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.server = cls.new_server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.s3 = cls.new_s3_client()
        cls.addClassCleanup(cls.s3.close)
        cls.s3.create_bucket(Bucket=BUCKET)
        cls.keys = cls.server.create_account("tester")
        cls.api = Api(cls.server.url, cls.keys)

    @classmethod
    def new_server(cls):
        return Server(virtual=cls.virtual, **cls.settings)

    @classmethod
    def new_s3_client(cls):
        return s3_client(cls.server.sandbox_url)

    @classmethod
    def put(cls, key, content, bucket=BUCKET):
        """Its SHA-256."""
        content = content.encode() if isinstance(content, str) else content
        cls.s3.put_object(Bucket=bucket, Key=key, Body=content)
        return zips.sha256(content)

    @classmethod
    def put_all(cls, contents, bucket=BUCKET):
        """{key: content}; gives {key: SHA-256}, with None for what is a directory in a zip."""
        return {key: None if key.endswith("/") else digest
                for key, content in contents.items()
                for digest in [cls.put(key, content, bucket)]}

    @classmethod
    def listed(cls, prefix="", bucket=BUCKET):
        """The keys below a prefix."""
        pages = cls.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [found["Key"] for page in pages for found in page.get("Contents", [])]

    def fields(self, *paths, **more):
        return {"awsKey": self.access_key, "awsSecret": self.secret_key, "awsBucket": BUCKET,
                "filePaths": list(paths), **more}

    def succeed(self, task, version=2):
        """Waits for a task; its one URL."""
        result = self.api.result(task, version)
        self.assertEqual(result["message"], "SUCCESS", result)
        self.assertEqual(list(result), ["message", "results"])
        [url] = result["results"]
        return url

    def fail_task(self, task, version=2):
        """Waits for a task; the error that it fails with."""
        result = self.api.result(task, version)
        self.assertEqual(result["message"], "FAILURE", result)
        self.assertEqual(result["results"], [])
        return result["error"]

    def download(self, url, name="download.zip"):
        path = self.folder / name
        reply = download(url, path)
        self.assertEqual(reply.status, 200, path.read_bytes()[:500])
        return path

    def zip_to_bucket(self, *paths, **more):
        """Runs a job; the zip's file."""
        task = self.api.start("zipstart", self.fields(*paths, **more))
        return self.download(self.succeed(task))

    def zip_as_stream(self, *paths, **more):
        task = self.api.start("streamzip", self.fields(*paths, **more))
        return self.download(self.succeed(task))

    def zip_both_ways(self, expected, *paths, **more):
        """The job's and the stream's zip have the expected entries, {name: SHA-256 or None}."""
        for way in (self.zip_to_bucket, self.zip_as_stream):
            path = way(*paths, **more)
            try:
                zips.check(path, expected)
            except AssertionError as error:
                raise AssertionError(f"{way.__name__}: {error}") from None


class StoreApartTest(ServiceTest):
    """The store is a process of its own, with `faults`; `s3` goes straight to it."""

    faults = ""

    @classmethod
    def new_server(cls):
        cls.sandbox = Sandbox(cls.virtual, faults=cls.faults).start()
        cls.addClassCleanup(cls.sandbox.close)
        return Server(sandbox=False, S3_ENDPOINT=cls.way_to_store(), **cls.settings)

    @classmethod
    def way_to_store(cls):
        """The address by which the server knows it."""
        return cls.sandbox.url

    @classmethod
    def new_s3_client(cls):
        return s3_client(cls.sandbox.url)


class GatedServiceTest(StoreApartTest):
    """The store is behind a gate that each test finds open; `s3` goes past it."""

    @classmethod
    def way_to_store(cls):
        cls.gate = TcpGate(cls.sandbox.url)
        cls.addClassCleanup(cls.gate.close)
        return cls.gate.url

    def setUp(self):
        self.addCleanup(self.gate.open)
