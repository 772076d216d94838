"""The main job against Ceph RGW, a real S3 server, started here (test/support/rgw)."""

import unittest

import s3_flows


class RgwFlowsTest(s3_flows.ScriptedFlows):
    script = "rgw"


if __name__ == "__main__":
    unittest.main()
