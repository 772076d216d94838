"""The main job against OpenStack Swift's s3api, a real S3 server with other habits than Ceph's,
started here (test/support/swift). It is slow, so the set is smaller."""

import unittest

import s3_flows


class SwiftFlowsTest(s3_flows.ScriptedFlows):
    script = "swift"
    most_docs = 150
    unknown_key_code = "SignatureDoesNotMatch"


if __name__ == "__main__":
    unittest.main()
