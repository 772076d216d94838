"""Accounts do not see each other, and end when they are ended."""

import json
import re
import sqlite3
import unittest
import uuid

from api_client import Api, request
from service_case import GatedServiceTest

CALLS = tuple(f"/v{version}/{call}" for version in (1, 2) for call in ("zipstate", "zipresult"))


def task_id(task):
    [[text]] = [list(entry.values()) for entry in task["taskUUID"]]
    return text


def without_request_id(page):
    return re.sub(b"<code>[0-9a-f]{32}</code>", b"", page)


class TenantsTest(GatedServiceTest):
    """`api` is B, whose things `other`, A, would like to see."""

    settings = {"JOBS_WORKERS": 1}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = Api(cls.server.url, cls.server.create_account("other"))
        cls.put("a.txt", "a")

    def answer(self, api, call, text):
        """All that a client sees of the answer but the clock and the request's own id."""
        reply = api.call(call, {"taskUUID": [{"streams3": text}]})
        headers = [header for header in reply.headers.items()
                   if header[0] not in ("Date", "X-Request-Id")]
        return reply.status, headers, reply.body

    def check_unseen(self, tasks):
        for task in tasks:
            own = task_id(task)[-36:]
            for call in CALLS:
                unknown = self.answer(self.other, call, f"task_{uuid.uuid4()}")
                self.assertEqual(unknown[0], 404)
                for text in (f"task_{own}", f"zipper_s3_{own}", own, own.upper()):
                    with self.subTest(call=call, text=text):
                        self.assertEqual(self.answer(self.other, call, text), unknown)

    def test_nobody_sees_the_tasks_of_others(self):
        done = self.api.start("zipstart", self.fields("a.txt"))
        link = self.api.start("streamzip", self.fields("a.txt"))
        failed = self.api.start("zipstart", self.fields("none"))
        failed_link = self.api.start("streamzip", self.fields("none"))
        self.succeed(done)
        self.fail_task(failed)
        self.gate.shut()
        running, waiting = (self.api.start("zipstart", self.fields("a.txt")) for _ in range(2))
        listing = self.api.start("streamzip", self.fields("a.txt"))
        self.check_unseen((done, failed, link, failed_link, running, waiting, listing))
        self.gate.open()
        self.succeed(waiting)

    def test_a_link_cannot_be_guessed_from_another(self):
        mine, hers = (api.result(api.start("streamzip", self.fields("a.txt")))["results"][0]
                      for api in (self.other, self.api))
        base, _, mine_id, mine_signature, name = mine.rsplit("/", 4)
        hers_id, hers_signature = hers.rsplit("/", 3)[1:3]
        self.assertNotEqual(mine_signature, hers_signature)
        self.assertRegex(mine_signature, "^[0-9a-f]{32}$")
        unknown = request("GET", f"{base}/stream/{uuid.uuid4()}/{mine_signature}/{name}")
        self.assertEqual(unknown.status, 404)
        # Each answer names its own request.
        words = without_request_id(unknown.body)
        guesses = [(hers_id, mine_signature), (mine_id, hers_signature), (mine_id, ""),
                   (mine_id, mine_signature[:-1]), (mine_id, mine_signature + "0"),
                   (mine_id, mine_signature.upper()), (mine_id.upper(), mine_signature)]
        for at, digit in enumerate(mine_signature):
            changed = "0" if digit != "0" else "1"
            guesses.append((mine_id, mine_signature[:at] + changed + mine_signature[at + 1:]))
        for stream, signature in guesses:
            if (stream, signature) == (mine_id, mine_signature):  # upper() of digits alone
                continue
            reply = request("GET", f"{base}/stream/{stream}/{signature}/{name}")
            self.assertEqual((reply.status, without_request_id(reply.body)), (404, words),
                             (stream, signature))
        self.assertEqual(request("GET", mine).status, 200)

    def test_a_new_secret_leaves_links_as_they_are(self):
        keys = self.server.create_account("rotating")
        api = Api(self.server.url, keys)
        [link] = api.result(api.start("streamzip", self.fields("a.txt")))["results"]
        self.assertEqual(request("GET", link).status, 200)
        self.assertEqual(self.server.account("rotate", "rotating").returncode, 0)
        self.assertEqual(api.call("/v2/zipstart", {}).status, 401)
        self.assertEqual(request("GET", link).status, 200)

    def test_a_disabled_account_leaves_nothing_open(self):
        api = Api(self.server.url, self.server.create_account("ending"))
        ready = api.start("streamzip", self.fields("a.txt"))
        [link] = api.result(ready)["results"]
        self.assertEqual(request("GET", link).status, 200)
        self.gate.shut()
        running = api.start("zipstart", self.fields("a.txt"))
        waiting = api.start("zipstart", self.fields("a.txt"))
        listing = api.start("streamzip", self.fields("a.txt"))
        [unlisted] = api.result(listing)["results"]
        ended = self.server.account("disable", "ending")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        for url in (link, unlisted):
            for method in ("GET", "HEAD"):
                self.assertEqual(request(method, url).status, 410)
        for call in (*CALLS, "/v2/zipstart", "/v2/streamzip"):
            self.assertEqual(api.call(call, ready).status, 401)
        self.assertEqual(self.sealed(ready, waiting, listing), 0)
        self.assertEqual(self.state(waiting), "failed")
        self.assertEqual(self.state(running), "failed")
        # Its runner notices, and leaves nothing behind.
        self.gate.open()
        self.succeed(self.api.start("zipstart", self.fields("a.txt")))  # behind it: one worker
        self.assertEqual(self.state(running), "failed")
        self.assertEqual(self.sealed(running), 0)

    def query(self, sql, *values):
        with sqlite3.connect(f"file:{self.server.data}/s3zipper.db?mode=ro", uri=True) as database:
            [[found]] = database.execute(sql, values)
        database.close()
        return found

    def sealed(self, *tasks):
        """How many of them still have credentials in the database."""
        ids = json.dumps([task_id(task)[-36:] for task in tasks])
        return self.query("SELECT count(*) FROM credentials WHERE owner_id IN"
                          " (SELECT value FROM json_each(?))", ids)

    def state(self, task):
        return self.query("SELECT state FROM jobs WHERE id = ?", task_id(task)[-36:])


class GuessingTest(GatedServiceTest):
    """Wrong secrets slow down who sends them, and nobody else. X-Forwarded-For makes many clients
    of one, as the tests' own address is a trusted proxy's."""

    FREE = 10

    def setUp(self):
        super().setUp()
        self.keys = self.server.create_account(self.id())

    def ask(self, address, **change):
        return self.api.post("/gentoken", {**self.keys, **change},
                             headers={"X-Forwarded-For": address})

    def test_an_address_that_guesses_has_to_wait(self):
        for _ in range(self.FREE):
            self.assertEqual(self.ask("1.2.3.4", userSecret="guess").status, 401)
        for secret in ("guess", self.keys["userSecret"]):
            reply = self.ask("1.2.3.4", userSecret=secret)
            self.assertEqual(reply.status, 429)
            self.assertEqual(list(reply.json), ["message"])
            self.assertIn(int(reply.headers["Retry-After"]), range(1, 11))
        self.assertEqual(self.ask("1.2.3.5").status, 200)
        self.assertEqual(self.ask("1.2.3.4", userKey="another", userSecret="guess").status, 401)

    def test_right_secrets_are_never_slowed(self):
        for _ in range(5 * self.FREE):
            self.assertEqual(self.ask("1.2.4.4").status, 200)

    def test_an_address_that_guesses_at_many_accounts_has_to_wait(self):
        statuses = [self.ask("1.2.5.4", userKey=f"key{number}").status for number in range(31)]
        self.assertEqual(statuses, [401] * 30 + [429])
        self.assertEqual(self.ask("1.2.5.4").status, 429)

    def test_nobody_can_lock_an_account_out(self):
        for number in range(150):
            self.assertEqual(self.ask(f"1.3.0.{number}", userSecret="guess").status, 401)
        self.assertEqual(self.ask("1.2.6.4").status, 200)
        self.assertEqual(self.ask("1.2.6.5", userSecret="slip").status, 401)
        self.assertEqual(self.ask("1.2.6.5").status, 429)

    def test_what_a_client_says_of_itself_is_not_believed(self):
        for number in range(self.FREE):
            self.assertEqual(self.ask(f"9.9.9.{number}, 1.2.7.4", userSecret="guess").status, 401)
        self.assertEqual(self.ask("8.8.8.8, 1.2.7.4", userSecret="guess").status, 429)


if __name__ == "__main__":
    unittest.main()
