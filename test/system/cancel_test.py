"""Zips that are cancelled, in whatever phase: the state changes at once, and in the bucket nothing is
left of them, neither an upload nor a zip; not even where the server is killed in between."""

import json
import random
import time
import unittest

from api_client import request
from program import Server
from service_case import BUCKET, GatedServiceTest, ServiceTest

MIB = 1 << 20
SEED = 77
AT_ONCE_S = 2
CLEAN_WITHIN_S = 120


class Cancelling:
    """What the cases share; for a ServiceTest."""

    def ask(self, method, path, body=None):
        headers = {**self.api.bearer, "Content-Type": "application/json"}
        return request(method, self.server.url + path, headers, body and json.dumps(body).encode())

    def create(self, *sources, key, **more):
        body = {"bucket": BUCKET, "sources": list(sources), "target": {"key": key},
                "credentials": {"accessKeyId": self.access_key,
                                "secretAccessKey": self.secret_key}, **more}
        reply = self.ask("POST", "/api/zips", body)
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json["id"]

    def zip(self, task):
        return self.ask("GET", f"/api/zips/{task}").json

    def wait_for(self, what, condition, seconds=CLEAN_WITHIN_S):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.05)

    def cancel(self, task):
        """The answer says that it is cancelled, and comes at once."""
        begin = time.monotonic()
        reply = self.ask("POST", f"/api/zips/{task}/cancel")
        self.assertLess(time.monotonic() - begin, AT_ONCE_S)
        self.assertEqual(reply.status, 200, reply.body)
        self.assertEqual((reply.json["state"], reply.json["error"]), ("cancelled", "cancelled"))
        self.assertIsNotNone(reply.json["endedAt"])
        return reply.json

    def unfinished_uploads(self):
        return self.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])

    def check_nothing_is_left(self, task, prefix):
        self.wait_for("it is still cleaning", lambda: not self.zip(task)["cleaning"])
        self.assertEqual(self.zip(task)["state"], "cancelled")
        self.assertEqual(self.unfinished_uploads(), [])
        self.assertEqual(self.listed(prefix), [])


class CancelTest(Cancelling, GatedServiceTest):
    settings = {"MEMORY_BUDGET": "64MiB", "JOBS_WORKERS": "1"}

    def fill(self, folder):
        for number in range(3):
            self.put(f"{folder}/{number}.bin", random.Random(SEED + number).randbytes(32 * MIB))

    def hold_in_upload(self, folder):
        self.fill(folder)
        self.gate.shut_after(24 * MIB)
        task = self.create(f"{folder}/", key=f"out/{folder}.zip")
        self.gate.wait_until_shut()
        self.wait_for("no upload", self.unfinished_uploads)
        return task

    def test_while_it_waits_or_lists(self):
        self.put("plain/a.txt", "a")
        self.gate.shut()
        listing = self.create("plain/", key="out/listing.zip")
        self.wait_for("it does not start", lambda: self.zip(listing)["state"] == "running")
        waiting = self.create("plain/", key="out/waiting.zip")
        told = self.cancel(waiting)
        self.assertFalse(told["cleaning"])
        self.assertIsNone(told["startedAt"])
        self.cancel(listing)
        # It is stopped, though its store does not answer.
        self.check_nothing_is_left(listing, "out/listing")
        self.gate.open()
        self.check_nothing_is_left(waiting, "out/waiting")
        # The worker is free for the next one.
        after = self.create("plain/", key="out/after.zip")
        self.wait_for("the next one", lambda: self.zip(after)["state"] == "succeeded")

    def test_while_it_uploads(self):
        task = self.hold_in_upload("uploading")
        told = self.cancel(task)
        self.assertTrue(told["cleaning"])
        compatible = self.api.result({"taskUUID": [{"streams3": f"task_{task}"}]})
        self.assertEqual((compatible["message"], compatible["error"]), ("FAILURE", "cancelled"))
        self.gate.open()
        self.check_nothing_is_left(task, "out/uploading")

    def test_a_server_that_is_killed_goes_on_cleaning(self):
        task = self.hold_in_upload("killed")
        self.cancel(task)
        self.server.process.kill()
        self.server.process.wait()
        self.server.start()
        self.assertTrue(self.zip(task)["cleaning"])
        self.assertEqual(len(self.unfinished_uploads()), 1)
        self.gate.drop_connections()
        self.gate.open()
        self.check_nothing_is_left(task, "out/killed")

    def test_what_has_ended_stays_and_others_zips_are_unknown(self):
        self.put("ended/a.txt", "a")
        task = self.create("ended/", key="out/ended.zip")
        self.wait_for("its end", lambda: self.zip(task)["state"] == "succeeded")
        reply = self.ask("POST", f"/api/zips/{task}/cancel")
        self.assertEqual((reply.status, reply.json["state"]), (200, "succeeded"))
        self.assertEqual(self.listed("out/ended"), ["out/ended.zip"])
        unknown = self.ask("POST", "/api/zips/00000000-0000-4000-8000-000000000000/cancel")
        self.assertEqual(unknown.status, 404)

    def test_an_object_of_somebody_else_at_its_key_stays(self):
        self.put("out/taken.zip", b"an earlier zip")
        self.fill("taken")
        self.gate.shut_after(24 * MIB)
        task = self.create("taken/", key="out/taken.zip")
        self.gate.wait_until_shut()
        self.cancel(task)
        self.gate.open()
        self.wait_for("it is still cleaning", lambda: not self.zip(task)["cleaning"])
        self.assertEqual(self.unfinished_uploads(), [])
        self.assertEqual(self.s3.get_object(Bucket=BUCKET, Key="out/taken.zip")["Body"].read(),
                         b"an earlier zip")

    def test_lists_know_the_state(self):
        self.gate.shut()
        task = self.create("listed/", key="out/listed.zip")
        self.cancel(task)
        self.gate.open()
        ids = [one["id"] for one in self.ask("GET", "/api/zips?state=cancelled").json["zips"]]
        self.assertIn(task, ids)
        failed = [one["id"] for one in self.ask("GET", "/api/zips?state=failed").json["zips"]]
        self.assertNotIn(task, failed)


class SlowStoreTest(Cancelling, ServiceTest):
    """The store takes long for the calls that make an object: they come through, and their object is
    deleted."""

    @classmethod
    def new_server(cls):
        faults = cls.folder / "faults.toml"
        faults.write_text('[[fault]]\ncall = ["CompleteMultipartUpload", "PutObject",'
                          ' "CreateMultipartUpload"]\nkey = "slow/*"\ndo = "delay"\nms = 3000\n'
                          '[[fault]]\ncall = "PutObject"\nkey = "split/all_2.zip"\ndo = "error"\n'
                          'code = "AccessDenied"\n'
                          '[[fault]]\ncall = "PutObject"\nkey = "parts/all_2.zip"\ndo = "delay"\n'
                          'ms = 3000\n')
        return Server(SANDBOX_FAULTS=faults)

    def test_the_zip_that_is_put_in_the_same_moment_is_deleted(self):
        self.put("a/a.txt", "a")
        task = self.create("a/", key="slow/put.zip")
        self.wait_for("its plan", lambda: self.zip(task)["archives"])
        self.cancel(task)
        self.check_nothing_is_left(task, "slow/put")

    def test_cancelled_at_any_moment(self):
        self.put("b/b.bin", random.Random(SEED).randbytes(20 * MIB))
        for tenths in range(0, 80, 8):
            with self.subTest(tenths=tenths):
                task = self.create("b/", key=f"slow/{tenths}.zip")
                time.sleep(tenths / 10)
                reply = self.ask("POST", f"/api/zips/{task}/cancel")
                self.assertEqual(reply.status, 200)
                if reply.json["state"] == "succeeded":
                    self.assertEqual(self.listed(f"slow/{tenths}.zip"), [f"slow/{tenths}.zip"])
                else:
                    self.check_nothing_is_left(task, f"slow/{tenths}.zip")

    def test_finished_zips_of_a_split_job_are_deleted_when_it_is_cancelled(self):
        for number in range(4):
            self.put(f"c/{number}.txt", str(number))
        task = self.create("c/", key="parts/all.zip", split={"maxEntries": 1})
        self.wait_for("two zips", lambda: len(self.listed("parts/")) == 2)
        self.cancel(task)
        self.check_nothing_is_left(task, "parts/")

    def test_finished_zips_of_a_split_job_are_deleted_when_it_fails(self):
        for number in range(4):
            self.put(f"d/{number}.txt", str(number))
        task = self.create("d/", key="split/all.zip", split={"maxEntries": 1})
        self.wait_for("its end", lambda: self.zip(task)["state"] == "failed")
        self.assertIn("2 of 4 zips were finished and are removed", self.zip(task)["error"])
        self.wait_for("it is still cleaning", lambda: not self.zip(task)["cleaning"])
        self.assertEqual(self.listed("split/"), [])


if __name__ == "__main__":
    unittest.main()
