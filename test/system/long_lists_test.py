"""Lists that do not fit in a small budget's memory: they lie in a file of the data folder without a
name, for as long as they are needed, and the zips are what they always are. The store is a process
of its own, so that the server's memory is its own."""

import subprocess
import time
import unittest
from pathlib import Path

import virtual_content
import zips
from program import SANITIZED
from service_case import BUCKET, StoreApartTest

MIB = 1 << 20
BUDGET_MIB = 16
BESIDES_MIB = 32
OBJECTS = 60_000
OBJECT_BYTES = 100
SETTLE_S = 30


def expected():
    keys = (f"many/{number:05}" for number in range(1, OBJECTS + 1))
    return {key: zips.sha256(virtual_content.small(key, OBJECT_BYTES)) for key in keys}


class LongListsTest(StoreApartTest):
    virtual = (f"{BUCKET}/many/{{00001..{OBJECTS}}}={OBJECT_BYTES}",)
    settings = {"MEMORY_BUDGET": f"{BUDGET_MIB}MiB"}

    def has_list_file(self):
        maps = Path(f"/proc/{self.server.process.pid}/maps").read_text()
        return str(self.server.data / "s3zipper-lists-") in maps

    def assert_file_goes(self):
        end = time.monotonic() + SETTLE_S
        while self.has_list_file() and time.monotonic() < end:
            time.sleep(0.1)
        self.assertFalse(self.has_list_file())

    def test_the_zip_is_right_and_memory_bounded(self):
        zips.check(self.zip_as_stream("many/"), expected())
        peak = self.server.peak_rss_bytes() / MIB
        print(f"{OBJECTS:,} objects with a budget of {BUDGET_MIB} MiB: peak RSS {peak:.0f} MiB")
        if not SANITIZED:
            self.assertLessEqual(peak, BUDGET_MIB + BESIDES_MIB)
        self.assert_file_goes()

    def test_a_download_has_the_file_as_long_as_it_goes_on(self):
        link = self.succeed(self.api.start("streamzip", self.fields("many/")))
        self.assert_file_goes()
        with subprocess.Popen(["curl", "-sS", "--fail", "--limit-rate", "1M", link],
                              stdout=subprocess.PIPE) as client:
            self.assertEqual(client.stdout.read(2), b"PK")
            self.assertTrue(self.has_list_file())
            named = [path.name for path in self.server.data.iterdir()]
            self.assertFalse([name for name in named if "lists" in name], named)
            client.kill()
        self.assert_file_goes()

    @unittest.skipIf(SANITIZED, "the sanitizers bring a heap of their own")
    def test_the_process_began_again_with_a_small_heap(self):
        process = Path(f"/proc/{self.server.process.pid}")
        self.assertIn(b"MALLOC_CONF=", (process / "environ").read_bytes())
        self.assertIn("AnonHugePages:         0 kB", (process / "smaps_rollup").read_text())
        self.assertEqual((process / "comm").read_text(), "s3zipper\n")


if __name__ == "__main__":
    unittest.main()
