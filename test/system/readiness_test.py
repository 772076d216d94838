"""/readyz: no while the server starts, while its job store does not answer or cannot be written to,
and before it stops."""

import os
import resource
import shutil
import signal
import sqlite3
import threading
import time
import unittest
from pathlib import Path

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

    def create(self, server):
        return Api(server.url, {}).post("/v2/streamzip", {
            "awsKey": "sandbox", "awsSecret": "sandbox-secret", "awsBucket": "files",
            "filePaths": "x" * 1000})

    def check_full(self, server):
        """Whatever is created fails, and readiness says so, both in general words."""
        for _ in range(500):  # what is left of the log's room
            reply = self.create(server)
            if reply.status != 200:
                break
        self.assertEqual(reply.status, 503, reply.body)
        self.wait_for(server, 503, "the job store cannot be used; see the server's log: ")
        for told in (self.ask(server)[1], reply.message):
            self.assertIn("database", told)
            for inside in (str(server.folder), "data/", ".db"):
                self.assertNotIn(inside, told)
        self.assertIn(f"{server.data}/s3zipper.db", server.log())
        self.assertEqual(self.ask(server, "/healthz"), (200, "ok\n"))

    def start_open(self, prefix=()):
        """Without accounts, and killed at the end: its log has errors then."""
        server = Server(sandbox=False, AUTH_MODE="none", EC2_ALLOWED_BUCKETS="files",
                        EC2_METADATA_URL="", S3_ENDPOINT="http://127.0.0.1:1")
        self.addCleanup(shutil.rmtree, server.folder)
        server.data.mkdir()
        server.prefix = [part.format(data=server.data) for part in prefix]
        server.start()
        self.addCleanup(server.kill)
        self.assertEqual(self.ask(server), (200, "ready\n"))
        self.assertEqual(self.create(server).status, 200)
        return server

    @unittest.skipUnless(os.geteuid() == 0, "only root may mount a file system")
    def test_a_full_disk(self):
        server = self.start_open(["unshare", "--mount", "sh", "-c",
                                  'mount -t tmpfs -o size=6m none "$0" && exec "$@"', "{data}"])
        fill = Path(f"/proc/{server.process.pid}/root{server.data}/fill")
        with fill.open("wb", buffering=0) as file, self.assertRaises(OSError):
            while True:
                file.write(bytes(4096))
        self.check_full(server)
        fill.unlink()
        self.wait_for(server, 200, "ready")
        self.assertEqual(self.create(server).status, 200)

    def test_files_that_may_not_grow(self):
        server = self.start_open()
        size = (server.data / "s3zipper.db-wal").stat().st_size
        before = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, before[1]))
        self.check_full(server)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, before)
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
