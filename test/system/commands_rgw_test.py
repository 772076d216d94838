"""The commands that work with S3 themselves, against Ceph RGW, started here (test/support/rgw)."""

import unittest

import store_commands


class CommandsTest(store_commands.ScriptedStoreCommands):
    script = "rgw"
    column = "Ceph RGW"


if __name__ == "__main__":
    unittest.main()
