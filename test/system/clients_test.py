"""Clients that leave, that take their time, and that come in crowds."""

import hashlib
import http.client
import socket
import time
import unittest
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import zips
from api_client import request
from program import SANITIZED
from service_case import BUCKET, GatedServiceTest

MIB = 1 << 20
BUDGET = 32 * MIB
# What the system keeps of a connection, on both sides of the gate, for each GET in flight.
SOCKET_BUFFERS = 64 * MIB
LARGE = (256 if SANITIZED else 1024) * MIB
# The server closes idle connections to a store after 15 s, and looks every 5 s.
IDLE_CONNECTIONS_S = 60
QUIET_S = 2


class ClientsTest(GatedServiceTest):
    settings = {"MEMORY_BUDGET": BUDGET}
    virtual = (f"virtual/large.bin={LARGE}",)

    def open_download(self, link):
        """The socket, when the first bytes have come. It takes little before it reads."""
        parts = urllib.parse.urlsplit(link)
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        client.settimeout(60)
        client.connect((parts.hostname, parts.port))
        client.sendall(f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        self.assertTrue(client.recv(1000).startswith(b"HTTP/1.1 200 "))
        return client

    def large_link(self):
        return self.succeed(self.api.start("streamzip", self.fields("virtual/large.bin")))

    def wait_until_quiet(self):
        """No byte comes from the store any more."""
        seen = -1
        while seen != self.gate.received:
            seen = self.gate.received
            time.sleep(QUIET_S)

    def test_a_client_that_leaves_ends_the_work_for_it(self):
        before = self.gate.received
        client = self.open_download(self.large_link())
        client.recv(MIB)
        client.close()
        self.wait_until_quiet()
        self.assertLess(self.gate.received - before, BUDGET + SOCKET_BUFFERS)
        self.assertEqual(request("GET", f"{self.server.url}/healthz").status, 200)

    def test_a_client_that_stands_still_holds_neither_memory_nor_connections(self):
        before = self.gate.received
        client = self.open_download(self.large_link())
        self.addCleanup(client.close)
        self.wait_until_quiet()
        self.assertLess(self.gate.received - before, BUDGET + SOCKET_BUFFERS)
        deadline = time.monotonic() + IDLE_CONNECTIONS_S
        while self.gate.connections:
            self.assertLess(time.monotonic(), deadline, "a connection to the store is still open")
            time.sleep(0.2)
        # It goes on where it stopped.
        count = 0
        while count < 64 * MIB:
            piece = client.recv(MIB)
            self.assertTrue(piece, "the download was cut")
            count += len(piece)

    def test_twenty_clients_of_one_link_share_the_budget(self):
        size = 12 * MIB
        content = b"".join(hashlib.sha256(str(i).encode()).digest() for i in range(size // 32))
        self.put("shared.bin", content)
        link = self.succeed(self.api.start("streamzip", self.fields("shared.bin")))
        with ThreadPoolExecutor(20) as pool:
            bodies = list(pool.map(lambda _: request("GET", link).body, range(20)))
        path = self.folder / "one.zip"
        path.write_bytes(bodies[0])
        zips.check(path, {"shared.bin": zips.sha256(content)})
        self.assertEqual({zips.sha256(body) for body in bodies}, {zips.sha256(bodies[0])})


@unittest.skipIf(SANITIZED, "UBSan opens a pipe to look at memory, and takes its failure for a defect")
class FewDescriptorsTest(GatedServiceTest):
    """A server that may open few files and connections gets slower, not wrong."""

    LIMIT = 100

    @classmethod
    def new_server(cls):
        server = super().new_server()
        server.descriptor_limit = cls.LIMIT
        return server

    def test_more_clients_than_descriptors(self):
        host, port = self.server.url.removeprefix("http://").split(":")
        crowd = [socket.create_connection((host, int(port)), timeout=30)
                 for _ in range(2 * self.LIMIT)]
        time.sleep(0.5)
        for client in crowd:
            client.close()
        self.assertEqual(request("GET", f"{self.server.url}/healthz").status, 200)

    def test_downloads_that_need_more_connections_than_there_are(self):
        expected = self.put_all({f"many/{number}": f"content {number}" for number in range(300)})
        link = self.succeed(self.api.start("streamzip", self.fields("many/")))
        with ThreadPoolExecutor(10) as pool:
            bodies = list(pool.map(lambda _: self.get_until_whole(link), range(10)))
        for number, body in enumerate(bodies):
            path = self.folder / f"{number}.zip"
            path.write_bytes(body)
            zips.check(path, expected)

    @staticmethod
    def get_until_whole(link):
        """As a patient client: a refusal or a cut is tried again."""
        for _ in range(20):
            try:
                reply = request("GET", link)
                if reply.status == 200:
                    return reply.body
            except (http.client.HTTPException, OSError):
                pass
            time.sleep(0.5)
        raise AssertionError("no whole download in 20 tries")


if __name__ == "__main__":
    unittest.main()
