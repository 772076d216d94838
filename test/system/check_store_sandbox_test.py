"""`s3zipper check-store` against the sandbox."""

import unittest

import store_check
from program import Sandbox


class CheckStoreTest(store_check.StoreCheck):
    column = "sandbox"

    @classmethod
    def store(cls):
        sandbox = Sandbox().start()
        cls.addClassCleanup(sandbox.close)
        return sandbox.url, "us-east-1", Sandbox.ACCESS_KEY, Sandbox.SECRET_KEY


if __name__ == "__main__":
    unittest.main()
