"""A clock that has jumped ahead: nothing is erased for its age until it is confirmed."""

import sqlite3
import time
import unittest

from program import run
from service_case import ServiceTest

DAY_S = 24 * 3600
LONG_S = 400 * DAY_S
WAIT_S = 30


class ClockTest(ServiceTest):
    """The server's clock cannot be moved here; what it has seen is moved back instead."""

    def execute(self, sql, *values):
        with sqlite3.connect(self.server.data / "s3zipper.db", timeout=30) as database:
            rows = database.execute(sql, values).fetchall()
        database.close()
        return rows

    def clock(self, what):
        return run("clock", what, settings={"DATA_DIR": self.server.data}).stdout

    def links(self):
        return self.execute("SELECT count(*) FROM links")[0][0]

    def test_what_is_old_by_it_stays_until_it_is_confirmed(self):
        self.put("a.txt", "a")
        self.api.result(self.api.start("streamzip", self.fields("a.txt")))
        self.assertIn("is believed", self.clock("show"))
        self.server.stop()
        # The link ended 300 days ago by the clock of now, and 100 days ahead by the one of before.
        now = int(time.time())
        self.execute("UPDATE links SET expires_at = ?", now - 300 * DAY_S)
        seen = now - LONG_S
        self.execute("UPDATE settings SET value = ? WHERE name = 'erasing_clock'", f"{seen} 0 {seen}")
        self.server.start()
        time.sleep(3)
        self.assertEqual(self.links(), 1)
        self.assertIn("is doubted", self.clock("show"))
        self.assertIn("s3zipper clock confirm", self.server.log())
        self.assertIn("is believed", self.clock("confirm"))
        self.server.stop()
        self.server.start()
        end = time.monotonic() + WAIT_S
        while self.links() and time.monotonic() < end:
            time.sleep(0.2)
        self.assertEqual(self.links(), 0)


if __name__ == "__main__":
    unittest.main()
