"""SIGHUP: the server lives on, with or without a certificate, and reads again what it can."""

import signal
import time
import unittest

from api_client import request
from program import Server

TIMEOUT_S = 30


class HangupTest(unittest.TestCase):
    def start(self, config=None, **settings):
        server = Server(sandbox=False, **settings)
        self.addCleanup(server.close)
        self.config = server.folder / "s3zipper.toml"  # found where the server is started
        if config is not None:
            self.config.write_text(config)
        return server.start()

    def hang_up(self, server, *told):
        """Sends SIGHUP; waits for the lines in the log that come then."""
        before = len(server.log())
        server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + TIMEOUT_S
        while not all(text in server.log()[before:] for text in told):
            self.assertTrue(server.running(), server.log())
            self.assertLess(time.monotonic(), deadline, server.log())
            time.sleep(0.01)
        self.assertEqual(request("GET", f"{server.url}/healthz").status, 200)
        return server.log()[before:]

    def test_with_nothing_to_read_it_says_so_and_lives_on(self):
        server = self.start()
        for _ in range(3):
            self.hang_up(server, "SIGHUP: there is nothing to read again")
        server.stop()

    def test_the_log_level_is_read_again(self):
        server = self.start('log_level = "info"\n')
        self.assertNotIn("debug", server.log())
        self.config.write_text('log_level = "debug"\n')
        self.hang_up(server, "SIGHUP", "s3zipper.toml")
        deadline = time.monotonic() + TIMEOUT_S
        while "debug" not in server.log():  # the line about /healthz
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        self.config.write_text("")
        self.hang_up(server, "SIGHUP")

    def test_what_cannot_change_while_it_runs_is_named(self):
        server = self.start('threads = 1\n')
        self.config.write_text('threads = 2\njobs.workers = 1\nlog_level = "info"\n')
        line = self.hang_up(server, "at the next start: threads, jobs.workers")
        self.assertNotIn("start: log_level", line)

    def test_a_wrong_file_changes_nothing(self):
        server = self.start('log_level = "info"\n')
        for wrong in ('log_level = "debug"\nthreads = "many"\n', "= 2\n", None):
            if wrong is None:
                self.config.unlink()
            else:
                self.config.write_text(wrong)
            self.hang_up(server, "the settings stay as they are")
        self.config.write_text('log_level = "info"\n')
        self.hang_up(server, "were read again")
        self.assertNotIn("debug", server.log().replace('"debug"', ""))
        self.assertEqual(len(server.logged_errors()), 3)
        server.log_path.write_text("")  # they were meant to be

    def test_many_at_once_do_not_end_it(self):
        server = self.start()
        for _ in range(200):
            server.process.send_signal(signal.SIGHUP)
        self.hang_up(server, "SIGHUP")
        server.stop()


if __name__ == "__main__":
    unittest.main()
