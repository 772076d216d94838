"""/readyz: no while the server starts, while its job store does not answer, and before it stops."""

import signal
import sqlite3
import threading
import time
import unittest

from api_client import Api, request
from program import Server

PATIENCE_S = 60


class ReadinessTest(unittest.TestCase):
    def start(self, **settings):
        server = Server(sandbox=False, **settings)
        self.addCleanup(server.close)
        return server.start()

    def ask(self, server, path="/readyz"):
        reply = request("GET", server.url + path)
        return reply.status, reply.body.decode()

    def wait_for(self, server, status, beginning):
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                found = self.ask(server)
            except ConnectionRefusedError:
                found = None
            if found and found[0] == status and found[1].startswith(beginning):
                return
            self.assertLess(time.monotonic(), deadline, f"{found}, not {status} {beginning}")
            time.sleep(0.02)

    def lock(self, server):
        """Another process that writes to the database; close() ends it."""
        other = sqlite3.connect(server.data / "s3zipper.db", isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        return other

    def test_a_server_that_works_is_ready(self):
        server = self.start()
        self.assertEqual(self.ask(server), (200, "ready\n"))
        self.assertEqual(self.ask(server, "/healthz"), (200, "ok\n"))
        self.assertEqual(request("HEAD", server.url + "/readyz").status, 200)

    def test_a_store_that_does_not_answer(self):
        server = self.start()
        other = self.lock(server)
        self.assertEqual(self.ask(server), (503, "the job store does not answer\n"))
        self.assertEqual(self.ask(server, "/healthz"), (200, "ok\n"))
        other.execute("ROLLBACK")
        self.wait_for(server, 200, "ready")

    def test_the_start(self):
        server = self.start()
        server.stop()
        other = self.lock(server)
        starting = threading.Thread(target=server.start)
        starting.start()
        self.wait_for(server, 503, "starting")
        self.assertEqual(self.ask(server, "/healthz"), (200, "ok\n"))
        reply = Api(server.url, {}).post("/gentoken", {})
        self.assertEqual(reply.status, 503)
        self.assertIn("starting", reply.message)
        other.execute("ROLLBACK")
        starting.join()
        self.assertEqual(self.ask(server), (200, "ready\n"))
        self.assertEqual(Api(server.url, {}).post("/gentoken", {}).status, 400)

    def test_the_end(self):
        server = self.start(DRAIN_SECONDS=PATIENCE_S)
        server.process.send_signal(signal.SIGTERM)
        self.wait_for(server, 503, "draining")
        self.assertEqual(self.ask(server, "/healthz"), (200, "ok\n"))
        self.assertEqual(Api(server.url, {}).post("/gentoken", {}).status, 400)
        server.stop()  # by a second signal, long before the time is over


if __name__ == "__main__":
    unittest.main()
