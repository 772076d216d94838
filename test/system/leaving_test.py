"""Clients that leave in the middle of a download, wherever: nothing of theirs stays, no descriptor,
no connection, no memory."""

import random
import socket
import struct
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from program import SANITIZED
from service_case import GatedServiceTest

SEED = 1000
CLIENTS = 100 if SANITIZED else 400
AT_A_TIME = 16
MIB = 1 << 20
# Idle connections to the store are closed after 15 s, idle memory goes back to the system.
SETTLE_S = 60
# What malloc keeps, and the plans that are kept for the next download.
KEPT_MIB = 48


class LeavingClientsTest(GatedServiceTest):
    virtual = ("files/many/{0000..1999}.bin=20000", "files/large/{0..3}.bin=64 MiB")

    def open_descriptors(self):
        return len(list(Path(f"/proc/{self.server.process.pid}/fd").iterdir()))

    def resident_mib(self):
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def links(self):
        return [self.api.result(self.api.start("streamzip", self.fields(folder)))["results"][0]
                for folder in ("many/", "large/")]

    def leave(self, link, source):
        """Asks for the archive, reads some of it, or nothing, and goes: with a FIN or a reset."""
        url = urlsplit(link)
        with socket.create_connection((url.hostname, url.port), timeout=60) as client:
            client.sendall(f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
            left = source.choice([0, 1, 300, source.randrange(MIB), source.randrange(8 * MIB)])
            while left > 0:
                got = client.recv(min(left, 1 << 16))
                self.assertTrue(got, "the server does not end a download by itself")
                left -= len(got)
            if source.random() < 0.5:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def send_clients(self, count, seed):
        source = random.Random(seed)
        links = self.links()
        jobs = [(source.choice(links), random.Random(source.random())) for _ in range(count)]
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            list(pool.map(lambda job: self.leave(*job), jobs))

    def settled(self, look, wanted):
        """What `look` sees once that is no more than `wanted`, or after a while."""
        end = time.monotonic() + SETTLE_S
        while look() > wanted and time.monotonic() < end:
            time.sleep(0.5)
        return look()

    def test_clients_that_leave_anywhere_leave_nothing_behind(self):
        print("seed", SEED)
        before = self.open_descriptors()
        # The memory budget has been in use once by then: more clients take no more of it.
        self.send_clients(CLIENTS // 2, SEED)
        first = self.resident_mib()
        self.send_clients(CLIENTS // 2, SEED + 1)
        self.assertLessEqual(self.settled(self.open_descriptors, before), before)
        if not SANITIZED:
            after = self.settled(self.resident_mib, first + KEPT_MIB)
            print(f"{first:.0f} MiB resident after the first, {after:.0f} after all")
            self.assertLess(after, first + KEPT_MIB)
        path = self.zip_as_stream("many/0001.bin")
        self.assertGreater(path.stat().st_size, 20_000)


if __name__ == "__main__":
    unittest.main()
