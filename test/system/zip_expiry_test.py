"""Zips that expire are deleted from the bucket: whole, over a kill, with the credentials of the request
or those that the account keeps, and nothing but what their job has written. The tests make the time
pass in the database."""

import json
import sqlite3
import time
import unittest

from api_client import Api, request
from service_case import BUCKET, ServiceTest

TIMEOUT_S = 60


class ZipExpiryTest(ServiceTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("a", "b", "c"):
            cls.put(f"in/{name}.txt", name)

    def setUp(self):
        self.keys = self.server.create_account(self.id())
        self.api = Api(self.server.url, self.keys)
        self.key = f"out/{self._testMethodName}.zip"

    def ask(self, method, path, body=None):
        headers = {**self.api.bearer, "Content-Type": "application/json"}
        return request(method, self.server.url + path, headers, body and json.dumps(body).encode())

    def credentials(self, **more):
        return {"accessKeyId": self.access_key, "secretAccessKey": self.secret_key, **more}

    def body(self, **more):
        return {"bucket": BUCKET, "sources": ["in/"], "target": {"key": self.key},
                "expiresAfterHours": 2, **more}

    def zip(self, task):
        return self.ask("GET", f"/api/zips/{task}").json

    def wait_for(self, task, condition):
        deadline = time.monotonic() + TIMEOUT_S
        while not condition(told := self.zip(task)):
            self.assertLess(time.monotonic(), deadline, told)
            time.sleep(0.1)
        return told

    def make(self, **more):
        reply = self.ask("POST", "/api/zips", self.body(**more))
        self.assertEqual(reply.status, 201, reply.body)
        task = reply.json["id"]
        told = self.wait_for(task, lambda one: one["state"] in ("succeeded", "failed"))
        self.assertEqual(told["state"], "succeeded", told["error"])
        self.assertIsNone(told["deletedAt"])
        return task

    def execute(self, sql, *values):
        with sqlite3.connect(self.server.data / "s3zipper.db", timeout=30) as store:
            rows = store.execute(sql, values).fetchall()
        store.close()
        return rows

    def has_credentials(self, task):
        return bool(self.execute("SELECT 1 FROM credentials WHERE owner_id = ?", task))

    def let_it_expire(self, task):
        self.execute("UPDATE jobs SET expires_at = ?1, expire_due_at = ?1 WHERE id = ?2",
                     int(time.time()) - 1, task)

    def check_deleted(self, task):
        told = self.wait_for(task, lambda one: one["deletedAt"])
        self.assertEqual((told["state"], told["links"]), ("succeeded", []))
        self.assertFalse(self.has_credentials(task))
        return told

    def test_it_is_deleted_when_its_time_is_over_and_not_before(self):
        task = self.make(credentials=self.credentials())
        told = self.zip(task)
        ended, expires = (time.mktime(time.strptime(told[name], "%Y-%m-%dT%H:%M:%SZ"))
                          for name in ("endedAt", "expiresAt"))
        self.assertEqual(expires - ended, 2 * 3600)
        self.assertIn("X-Amz-Expires=7200", told["links"][0], "a link outlives its zip")
        self.assertTrue(self.has_credentials(task))
        time.sleep(6)  # longer than the server's interval of looking
        self.assertEqual(self.listed(self.key), [self.key])
        self.let_it_expire(task)
        self.assertIsNone(self.check_deleted(task)["deletionNote"])
        self.assertEqual(self.listed(self.key), [])
        result = self.api.result({"taskUUID": [{"streams3": f"task_{task}"}]})
        self.assertEqual((result["message"], result["results"]), ("FAILURE", []))
        self.assertIn("expired", result["error"])

    def test_a_zip_without_expiry_keeps_no_credentials(self):
        body = self.body(credentials=self.credentials())
        del body["expiresAfterHours"]
        task = self.ask("POST", "/api/zips", body).json["id"]
        told = self.wait_for(task, lambda one: one["state"] == "succeeded")
        self.assertEqual((told["expiresAt"], told["deletedAt"]), (None, None))
        self.assertFalse(self.has_credentials(task))

    def test_a_split_zip_is_deleted_whole_also_after_a_kill(self):
        task = self.make(credentials=self.credentials(), split={"maxEntries": 1})
        prefix = self.key.removesuffix(".zip")
        self.assertEqual(len(self.listed(prefix)), 3)
        self.server.kill()
        self.let_it_expire(task)
        self.server.start()
        self.check_deleted(task)
        self.assertEqual(self.listed(prefix), [])

    def test_another_object_at_its_key_stays(self):
        task = self.make(credentials=self.credentials())
        self.put(self.key, b"another zip")
        self.let_it_expire(task)
        self.assertIn(self.key, self.check_deleted(task)["deletionNote"])
        self.assertEqual(self.listed(self.key), [self.key])

    def test_what_is_gone_already_counts_as_deleted(self):
        task = self.make(credentials=self.credentials())
        self.s3.delete_object(Bucket=BUCKET, Key=self.key)
        self.let_it_expire(task)
        self.assertIsNone(self.check_deleted(task)["deletionNote"])

    def keep(self):
        reply = self.ask("PUT", "/api/account/credentials",
                         {"userSecret": self.keys["userSecret"], "credentials": self.credentials()})
        self.assertEqual(reply.status, 200, reply.body)

    def test_kept_credentials_are_not_copied_but_looked_up(self):
        self.keep()
        task = self.make()
        self.assertFalse(self.has_credentials(task))
        self.ask("DELETE", "/api/account/credentials")
        self.let_it_expire(task)
        told = self.wait_for(task, lambda one: one["deletionNote"])
        self.assertIn("keeps no credentials", told["deletionNote"])
        self.assertEqual((told["deletedAt"], told["links"]), (None, []))
        self.assertEqual(self.listed(self.key), [self.key])
        self.keep()
        self.check_deleted(task)
        self.assertEqual(self.listed(self.key), [])

    def test_it_is_given_up_at_last(self):
        self.keep()
        task = self.make()
        self.ask("DELETE", "/api/account/credentials")
        self.execute("UPDATE jobs SET expire_failures = 27 WHERE id = ?", task)
        self.let_it_expire(task)
        self.wait_for(task, lambda one: one["deletionNote"])
        [[ended_at]] = self.execute("SELECT expire_ended_at FROM jobs WHERE id = ?", task)
        self.assertNotEqual(ended_at, 0)
        self.assertIsNone(self.zip(task)["deletedAt"])

    def test_a_session_ends_before(self):
        body = self.body(credentials=self.credentials(sessionToken="token"))
        reply = self.ask("POST", "/api/zips", body)
        self.assertEqual(reply.status, 400)
        self.assertTrue(reply.json["message"].startswith("expiresAfterHours "), reply.body)
        self.assertIn("lifecycle", reply.json["message"])


if __name__ == "__main__":
    unittest.main()
