"""The main job against the sandbox, a process of its own."""

import unittest

import s3_flows
from program import Sandbox


class SandboxFlowsTest(s3_flows.S3Flows):
    @classmethod
    def new_server(cls):
        sandbox = Sandbox().start()
        cls.addClassCleanup(sandbox.close)
        cls.endpoint = sandbox.url
        return super().new_server()


if __name__ == "__main__":
    unittest.main()
