"""`s3zipper check-store` against Ceph RGW, started here (test/support/rgw)."""

import unittest

import store_check


class CheckStoreTest(store_check.ScriptedStoreCheck):
    script = "rgw"
    column = "Ceph RGW"


if __name__ == "__main__":
    unittest.main()
