"""The commands that work with S3 themselves, against Swift, started here (test/support/swift)."""

import unittest

import store_commands


class CommandsTest(store_commands.ScriptedStoreCommands):
    script = "swift"
    column = "Swift"


if __name__ == "__main__":
    unittest.main()
