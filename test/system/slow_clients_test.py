"""Clients that take little, or nothing at all, hold up nobody else: the memory that was read ahead
for them goes to whoever needs it."""

import socket
import threading
import time
import unittest
from urllib.parse import urlsplit

from api_client import download
from program import SANITIZED
from service_case import StoreApartTest

MIB = 1 << 20
# Clients that stand still are cut after two minutes; others come to their end long before.
LONG_BEFORE_S = 60 if not SANITIZED else 100
# Sanitizers look at what is done, not at how much.
LARGE_MIB = 192 if SANITIZED else 1024
FAST_MIB = 16 if SANITIZED else 100
SMALL_KIB = 64 if SANITIZED else 1024
DOZEN = 3 if SANITIZED else 12


class Client:
    """Downloads `link` at a steady rate, up to `most` bytes; then it holds the connection."""

    def __init__(self, link, most, bytes_per_second=None):
        url = urlsplit(link)
        self.received = 0
        self._leaving = False
        self._most, self._rate = most, bytes_per_second
        self._socket = socket.create_connection((url.hostname, url.port), timeout=LONG_BEFORE_S)
        self._socket.sendall(f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def _take(self):
        step = 64 * 1024 if self._rate is None else min(64 * 1024, self._rate // 4)
        while self.received < self._most and not self._leaving:
            got = len(self._socket.recv(min(step, self._most - self.received)))
            assert got, "the server does not end a download by itself"
            self.received += got
            if self._rate:
                time.sleep(got / self._rate)

    def wait(self):
        """Until it has what it wants."""
        self._thread.join()

    def close(self):
        self._leaving = True
        self._thread.join()
        self._socket.close()


class SlowClientsTest(StoreApartTest):
    virtual = (f"files/large.bin={LARGE_MIB} MiB", f"files/fast.bin={FAST_MIB} MiB",
               "files/small.txt=30000", f"files/many/{{000..499}}.bin={SMALL_KIB} KiB")

    def link(self, path):
        return self.succeed(self.api.start("streamzip", self.fields(path)))

    def clients(self, count, link, most=1 << 40, bytes_per_second=None):
        clients = [Client(link, most, bytes_per_second) for _ in range(count)]
        for client in clients:
            self.addCleanup(client.close)
        return clients

    def take_all(self, link):
        """Downloads it whole while nothing stands still for long."""
        path = self.folder / "others.zip"
        reply = download(link, path)
        self.assertEqual(reply.status, 200)
        self.assertEqual(path.stat().st_size, int(reply.headers["Content-Length"]))

    def others_go_on(self):
        """Downloads of new and of known links, and a job, whatever else is held."""
        begin = time.monotonic()
        for path in ("small.txt", "fast.bin", "many/"):
            self.take_all(self.link(path))
        self.zip_to_bucket("fast.bin")
        self.assertLess(time.monotonic() - begin, LONG_BEFORE_S)

    def test_clients_that_stop_reading_stop_nobody_else(self):
        link = self.link("large.bin")
        for stopped in self.clients(5, link, most=64 * 1024):
            stopped.wait()
        self.others_go_on()

    def test_neither_do_dozens_that_stopped_after_some_megabytes(self):
        links = [self.link("large.bin"), self.link("many/")]
        for link in links:
            for stopped in self.clients(3 * DOZEN, link, most=8 * MIB):
                stopped.wait()
        self.others_go_on()

    def test_neither_do_dozens_that_take_a_kilobyte_a_second(self):
        self.clients(5 * DOZEN, self.link("large.bin"), bytes_per_second=1000)
        self.others_go_on()

    def test_a_fast_client_is_as_fast_beside_slow_ones(self):
        fast = self.link("fast.bin")
        slow = self.clients(6, self.link("large.bin"), bytes_per_second=MIB)
        self.take_all(fast)
        for client in slow:
            self.assertLess(client.received, 20 * MIB, "the fast one had all in less time")

    def test_a_download_that_stood_still_goes_on_with_the_right_bytes(self):
        link = self.link("large.bin")
        url = urlsplit(link)
        whole = self.folder / "whole.zip"
        download(link, whole)
        with socket.create_connection((url.hostname, url.port), timeout=LONG_BEFORE_S) as client:
            client.sendall(f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
            answer = client.makefile("rb")
            while answer.readline().strip():
                pass
            with whole.open("rb") as expected:
                self.assertEqual(answer.read(MIB), expected.read(MIB))
                # Others take what was read ahead for this one.
                others = self.clients(3 * DOZEN, link, most=8 * MIB)
                for other in others:
                    other.wait()
                self.others_go_on()
                while block := expected.read(MIB):
                    self.assertEqual(answer.read(len(block)), block)


if __name__ == "__main__":
    unittest.main()
