"""SIGTERM: what waits ends at once, what is under way gets its time."""

import signal
import threading
import unittest

from api_client import TIMEOUT_S, encode, request
from raw_http import connect, read_to_end
from service_case import GatedServiceTest


class StopTest(GatedServiceTest):
    def test_waiters_end_at_once_and_downloads_are_finished(self):
        size = 3_000_000
        self.put("large.bin", b"x" * size)
        self.put("a.txt", "a")
        [link] = self.api.result(self.api.start("streamzip", self.fields("large.bin")))["results"]
        whole = request("GET", link)
        self.gate.shut()
        job = self.api.start("zipstart", self.fields("a.txt"))

        received = {}
        download = connect(self.server.url)
        target = link.removeprefix(self.server.url)
        download.sendall(f"GET {target} HTTP/1.1\r\nHost: zip\r\n\r\n".encode())
        body, _ = encode(job, "json")
        waits = {"idle": b"GET /healthz HTTP/1.1\r\nHost: zip\r\n\r\n", "new": b"", "half": b"GET /he",
                 "waiting": f"POST /v2/zipresult HTTP/1.1\r\nHost: zip\r\nContent-Length: {len(body)}\r\n"
                            f"Authorization: Bearer {self.api.token}\r\n\r\n".encode() + body}
        ends = []
        for name, sent in waits.items():
            connection = connect(self.server.url)
            self.addCleanup(connection.close)
            connection.sendall(sent)
            if name in ("idle", "waiting"):  # its answer has begun
                received[name] = connection.recv(17)
                self.assertTrue(received[name].startswith(b"HTTP/1.1 200"))
            ends.append(threading.Thread(target=read_to_end, args=(connection,)))
            ends[-1].start()

        self.server.process.send_signal(signal.SIGTERM)
        for end in ends:
            end.join(TIMEOUT_S)
            self.assertFalse(end.is_alive())
        # The download is still there: it has been waiting for the gate all the time.
        self.gate.open()
        answer = read_to_end(download)
        download.close()
        self.assertTrue(answer.endswith(whole.body[-1000:]))
        self.assertIn(f"Content-Length: {len(whole.body)}".encode(), answer)
        self.assertEqual(self.server.process.wait(TIMEOUT_S), 0)


if __name__ == "__main__":
    unittest.main()
