"""Downloads of objects of all sizes, by several clients at once: however they follow each other, the
server's peak RSS stays within its budget and 64 MiB, and a MiB for each client. The store is a
process of its own, so that the server's memory is its own."""

import random
import subprocess
import unittest

from program import SANITIZED
from service_case import BUCKET, StoreApartTest

MIB = 1 << 20
BUDGET_MIB = 64
BESIDES_MIB = 64
CLIENTS = 8
ROUNDS = 3
# Prefix: objects, and the size of each in bytes.
SETS = {
    "4k": (2_000, 4 << 10),
    "30k": (1_000, 30 << 10),
    "100k": (600, 100 << 10),
    "250k": (300, 250 << 10),
    "900k": (100, 900 << 10),
    "5m": (20, 5 << 20),
    "100m": (1, 100 << 20),
}


class MemoryTest(StoreApartTest):
    virtual = tuple(f"{BUCKET}/{prefix}/{{0001..{count:04}}}={size}"
                    for prefix, (count, size) in SETS.items())
    settings = {"MEMORY_BUDGET": f"{BUDGET_MIB}MiB"}

    def download_at_once(self, prefix):
        link = self.succeed(self.api.start("streamzip", self.fields(f"{prefix}/")))
        clients = [subprocess.Popen(["curl", "-sS", "--fail", "-o", "/dev/null", link])
                   for _ in range(CLIENTS)]
        self.assertEqual([client.wait() for client in clients], [0] * CLIENTS)

    def test_peak_with_objects_of_all_sizes_in_turn(self):
        prefixes = list(SETS) * ROUNDS
        random.Random(1).shuffle(prefixes)
        for prefix in prefixes:
            self.download_at_once(prefix)
            peak = self.server.peak_rss_bytes() / MIB
            print(f"{prefix}: peak RSS {peak:.0f} MiB", flush=True)
        if not SANITIZED:
            self.assertLessEqual(peak, BUDGET_MIB + BESIDES_MIB + CLIENTS)


if __name__ == "__main__":
    unittest.main()
