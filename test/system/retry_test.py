"""Zips that failed or were cancelled are tried again: as they were asked for, with credentials that the
call brings or the account keeps."""

import json
import random
import time
import unittest

import zips
from api_client import Api, request
from service_case import BUCKET, GatedServiceTest

MIB = 1 << 20
SEED = 78
TIMEOUT_S = 120


class RetryTest(GatedServiceTest):
    settings = {"MEMORY_BUDGET": "64MiB", "JOBS_WORKERS": "1",
                "S3_ALLOWED_ENDPOINTS": "https://s3.example.com"}

    def setUp(self):
        super().setUp()
        self.keys = self.server.create_account(self.id())
        self.api = Api(self.server.url, self.keys)
        self.folder_name = self._testMethodName

    def ask(self, method, path, body=None):
        headers = {**self.api.bearer, "Content-Type": "application/json"}
        return request(method, self.server.url + path, headers, body and json.dumps(body).encode())

    def credentials(self, secret=None):
        return {"accessKeyId": self.access_key, "secretAccessKey": secret or self.secret_key}

    def create(self, *sources, secret=None):
        body = {"bucket": BUCKET, "sources": list(sources), "credentials": self.credentials(secret),
                "target": {"key": f"out/{self.folder_name}.zip"}}
        reply = self.ask("POST", "/api/zips", body)
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json["id"]

    def retry(self, task, body=None):
        return self.ask("POST", f"/api/zips/{task}/retry", body)

    def retry_with_credentials(self, task):
        reply = self.retry(task, {"credentials": self.credentials()})
        self.assertEqual(reply.status, 200, reply.body)
        self.assertEqual(reply.json["id"], task)
        self.assertIn(reply.json["state"], ("pending", "running", "succeeded"))
        return reply.json

    def zip(self, task):
        return self.ask("GET", f"/api/zips/{task}").json

    def wait_for(self, task, *states):
        deadline = time.monotonic() + TIMEOUT_S
        while (told := self.zip(task))["state"] not in states or told["cleaning"]:
            self.assertLess(time.monotonic(), deadline, told)
            time.sleep(0.05)
        return told

    def check_refused(self, reply, status, *words):
        self.assertEqual(reply.status, status, reply.body)
        for word in words:
            self.assertIn(word, reply.json["message"])

    def check_zip(self, task, expected):
        told = self.wait_for(task, "succeeded", "failed")
        self.assertEqual((told["state"], told["error"]), ("succeeded", None))
        [link] = told["links"]
        zips.check(self.download(link), expected)

    def fail(self):
        """A zip that fails, for want of an object."""
        task = self.create(f"{self.folder_name}/a.txt")
        told = self.wait_for(task, "failed")
        self.assertIn("a.txt", told["error"])
        return task

    def put_what_was_missing(self):
        name = f"{self.folder_name}/a.txt"
        return {name: self.put(name, "alpha")}

    def test_an_object_that_was_missing_is_there_now(self):
        task = self.fail()
        asked_at = self.zip(task)["createdAt"]
        again = self.retry_with_credentials(task)
        self.assertEqual((again["createdAt"], again["error"], again["endedAt"]),
                         (asked_at, None, None))
        self.wait_for(task, "failed")
        expected = self.put_what_was_missing()
        self.retry_with_credentials(task)
        self.check_zip(task, expected)
        self.check_refused(self.retry(task, {"credentials": self.credentials()}), 409, "succeeded")
        usage = self.ask("GET", "/api/usage").json["last24Hours"]
        self.assertEqual((usage["zips"], usage["zipsFailed"], usage["zipsSucceeded"]), (3, 2, 1))

    def test_wrong_credentials_and_then_right_ones(self):
        expected = self.put_what_was_missing()
        task = self.create(f"{self.folder_name}/a.txt", secret="wrong" * 8)
        self.wait_for(task, "failed")
        self.retry_with_credentials(task)
        self.check_zip(task, expected)

    def test_credentials_are_brought_or_kept(self):
        task = self.fail()
        expected = self.put_what_was_missing()
        self.check_refused(self.retry(task), 400, "credentials", "erased")
        self.check_refused(self.retry(task, {"region": "x"}), 400, "region")
        self.check_refused(self.retry(task, {"credentials": {"accessKeyId": "x"}}), 400,
                           "credentials.secretAccessKey")
        self.check_refused(self.retry(task, []), 400, "credentials")
        self.check_refused(self.retry(task, [1]), 400, "object")
        self.assertEqual(self.zip(task)["state"], "failed")
        kept = self.ask("PUT", "/api/account/credentials",
                        {"userSecret": self.keys["userSecret"], "credentials": self.credentials()})
        self.assertEqual(kept.status, 200, kept.body)
        self.assertEqual(self.retry(task).status, 200)
        self.check_zip(task, expected)

    def test_kept_credentials_of_another_store_are_not_used(self):
        task = self.fail()
        kept = self.ask("PUT", "/api/account/credentials",
                        {"userSecret": self.keys["userSecret"], "credentials": self.credentials(),
                         "endpoint": "https://s3.example.com"})
        self.assertEqual(kept.status, 200, kept.body)
        self.check_refused(self.retry(task), 400, "credentials")
        self.assertEqual(self.zip(task)["state"], "failed")

    def test_others_zips_are_unknown(self):
        task = self.fail()
        self.api = Api(self.server.url, self.server.create_account("other of " + self.id()))
        self.assertEqual(self.retry(task, {"credentials": self.credentials()}).status, 404)

    def test_what_waits_or_runs_is_not_tried_again(self):
        self.put_what_was_missing()
        self.gate.shut()
        running = self.create(f"{self.folder_name}/a.txt")
        self.wait_for(running, "running")
        waiting = self.create(f"{self.folder_name}/a.txt")
        for task, state in ((running, "running"), (waiting, "pending")):
            self.check_refused(self.retry(task, {"credentials": self.credentials()}), 409, state)

    def test_a_cancelled_one_is_tried_again_once_it_is_cleaned(self):
        content = random.Random(SEED).randbytes(96 * MIB)
        name = f"{self.folder_name}/large.bin"
        expected = {name: self.put(name, content)}
        self.gate.shut_after(24 * MIB)
        task = self.create(name)
        self.gate.wait_until_shut()
        told = self.ask("POST", f"/api/zips/{task}/cancel").json
        self.assertEqual((told["state"], told["cleaning"]), ("cancelled", True))
        self.check_refused(self.retry(task, {"credentials": self.credentials()}), 409, "cleaning")
        self.gate.open()
        self.wait_for(task, "cancelled")
        self.retry_with_credentials(task)
        self.check_zip(task, expected)
        self.assertEqual(self.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []), [])

    def test_it_selects_anew(self):
        self.put(f"{self.folder_name}/in/old.txt", "old")
        self.gate.shut()
        task = self.create(f"{self.folder_name}/in/")
        self.wait_for(task, "running")
        self.ask("POST", f"/api/zips/{task}/cancel")
        self.s3.delete_object(Bucket=BUCKET, Key=f"{self.folder_name}/in/old.txt")
        name = f"{self.folder_name}/in/new.txt"
        expected = {name: self.put(name, "new")}
        self.gate.open()
        self.wait_for(task, "cancelled")
        self.retry_with_credentials(task)
        self.check_zip(task, expected)

    def test_a_second_call_changes_nothing_and_a_kill_neither(self):
        task = self.fail()
        expected = self.put_what_was_missing()
        self.gate.shut()
        self.retry_with_credentials(task)
        second = self.retry(task, {"credentials": self.credentials("wrong" * 8)})
        self.assertEqual(second.status, 409)
        self.server.kill()
        self.server.start()
        self.gate.drop_connections()
        self.gate.open()
        self.check_zip(task, expected)

    def test_its_events_begin_again(self):
        task = self.fail()
        path = f"{self.server.url}/api/zips/{task}/events"
        self.assertEqual(request("GET", path, self.api.bearer).body.count(b"event: "), 1)
        self.put_what_was_missing()
        self.retry_with_credentials(task)
        told = request("GET", path, self.api.bearer).body.decode()
        [last] = [line for line in told.splitlines() if line.startswith("event: ")][-1:]
        self.assertEqual(last, "event: end")
        data = [line for line in told.splitlines() if line.startswith("data: ")]
        self.assertEqual(json.loads(data[-1][6:])["state"], "succeeded")


if __name__ == "__main__":
    unittest.main()
