"""The commands that work with S3 themselves, against the sandbox."""

import unittest

import store_commands
from program import Sandbox


class CommandsTest(store_commands.StoreCommands):
    column = "sandbox"

    @classmethod
    def store(cls):
        sandbox = Sandbox().start()
        cls.addClassCleanup(sandbox.close)
        return sandbox.url, "us-east-1", Sandbox.ACCESS_KEY, Sandbox.SECRET_KEY


if __name__ == "__main__":
    unittest.main()
