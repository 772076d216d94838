"""The main job against Ceph RGW, a real S3 server, started here (test/support/rgw)."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import s3_flows

RGW = Path(s3_flows.__file__).with_name("rgw")
START_TIMEOUT_S = 300


class RgwFlowsTest(s3_flows.S3Flows):
    @classmethod
    def new_server(cls):
        folder = tempfile.TemporaryDirectory(prefix="s3zipper-rgw-")
        cls.addClassCleanup(folder.cleanup)
        cls.addClassCleanup(subprocess.run, [RGW, "down", folder.name], check=True)
        output = subprocess.run([RGW, "up", folder.name], stdout=subprocess.PIPE, text=True,
                                check=True, timeout=START_TIMEOUT_S).stdout
        store = dict(line.split("=", 1) for line in output.splitlines())
        cls.endpoint, cls.region = store["S3_ENDPOINT"], store["S3_REGION"]
        cls.access_key, cls.secret_key = store["S3_KEY"], store["S3_SECRET"]
        return super().new_server()


if __name__ == "__main__":
    unittest.main()
