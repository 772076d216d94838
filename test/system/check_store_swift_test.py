"""`s3zipper check-store` against Swift, started here (test/support/swift)."""

import unittest

import store_check


class CheckStoreTest(store_check.ScriptedStoreCheck):
    script = "swift"
    column = "Swift"


if __name__ == "__main__":
    unittest.main()
