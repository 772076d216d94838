"""What a zip would be, as POST /api/zips/estimate tells it, against the zip that is then made; the call
that asked for a zip; and a zip that is made again."""

import io
import json
import time
import unittest
import zipfile

from api_client import Api, request
from program import Sandbox
from service_case import BUCKET, StoreApartTest

CREDENTIALS = {"accessKeyId": Sandbox.ACCESS_KEY, "secretAccessKey": Sandbox.SECRET_KEY}
TIMEOUT_S = 60
MANY = 2500


class EstimatesTest(StoreApartTest):
    virtual = [f"{BUCKET}/many/{{0001..{MANY}}}.bin=10"]

    def setUp(self):
        self.api = Api(self.server.url, self.server.create_account(self.id()))

    def post(self, path, body, status=200):
        reply = request("POST", self.server.url + path, self.api.bearer, json.dumps(body))
        self.assertEqual(reply.status, status, reply.body)
        return reply.json

    def get(self, path):
        reply = request("GET", self.server.url + path, self.api.bearer)
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json

    @staticmethod
    def wanted(*sources, **more):
        return {"credentials": CREDENTIALS, "bucket": BUCKET, "sources": list(sources), **more}

    def ended(self, made):
        deadline = time.monotonic() + TIMEOUT_S
        while (now := self.get(f"/api/zips/{made['id']}"))["state"] in ("pending", "running"):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        return now

    def made(self, body):
        return self.ended(self.post("/api/zips", body, 201))

    def test_an_estimate_is_what_the_zip_becomes(self):
        self.put_all({"est/a:b.txt": "1", "est/a_b.txt": "22", "est/sub/c": "333",
                      "est/left.tmp": "4"})
        for more in ({}, {"split": {"maxEntries": 2}}, {"names": {"rule": "exact"}}):
            with self.subTest(more):
                body = self.wanted("est/", exclude=["*.tmp"], target={"key": "made/est.zip"}, **more)
                told = self.post("/api/zips/estimate", body)
                zip_ = self.made(body)
                self.assertEqual(zip_["state"], "succeeded", zip_)
                self.assertEqual(told["archives"], zip_["archives"])
                self.assertEqual(told["entries"], sum(one["entries"] for one in zip_["archives"]))
                self.assertEqual(told["bytes"], 6)
                self.assertEqual(told["leftOut"]["excluded"], 1)
        body = self.wanted("est/", target={"key": "made/est.zip"})
        told = self.post("/api/zips/estimate", body)
        changes = {one["key"]: one["change"] for one in told["renamed"]["entries"]}
        self.assertEqual(changes, {"est/a:b.txt": "cleaned", "est/a_b.txt": "numbered"})
        size = self.s3.head_object(Bucket=BUCKET, Key="made/est.zip")["ContentLength"]
        self.assertEqual(told["target"], {"bytes": size})
        nothing_there = self.wanted("est/", target={"key": "made/new.zip"})
        self.assertIsNone(self.post("/api/zips/estimate", nothing_there)["target"])

    def test_an_estimate_makes_nothing(self):
        before = self.listed()
        self.post("/api/zips/estimate", self.wanted("many/"))
        self.post("/api/streams/estimate", self.wanted("many/"))
        self.assertEqual(self.listed(), before)
        self.assertEqual(self.get("/api/zips")["zips"], [])
        self.assertEqual(self.get("/api/streams")["streams"], [])

    def test_calls_are_counted_with_those_of_the_listing(self):
        told = self.post("/api/zips/estimate", self.wanted("many/"))
        calls = {one["name"]: one["count"] for one in told["calls"]}
        self.assertEqual(calls["ListObjectsV2"], 3)
        self.assertEqual(calls["GetObject"], MANY)
        self.assertGreater(told["dollars"], MANY * 0.0000004)
        stream = self.post("/api/streams/estimate", self.wanted("many/"))
        self.assertNotIn("UploadPart", {one["name"] for one in stream["calls"]})

    def test_the_first_renamed_entries_are_told_and_all_are_counted(self):
        self.put_all({f"odd/{count}:.txt": "" for count in range(120)})
        renamed = self.post("/api/zips/estimate", self.wanted("odd/"))["renamed"]
        self.assertEqual((renamed["count"], len(renamed["entries"])), (120, 100))

    def test_a_zip_is_made_again_by_what_it_was_asked_for(self):
        self.put_all({"twice/a": "1", "twice/b.tmp": "2"})
        body = self.wanted("twice/", exclude=["*.tmp"], target={"key": "made/twice.zip"})
        first = self.made(body)
        asked = self.get(f"/api/zips/{first['id']}/request")
        self.assertNotIn(Sandbox.SECRET_KEY, json.dumps(asked))
        self.assertNotIn(Sandbox.ACCESS_KEY, json.dumps(asked))
        self.assertEqual((asked["method"], asked["path"]), ("POST", "/api/zips"))
        repeated = self.made({**asked["body"], "credentials": CREDENTIALS})
        self.assertEqual(repeated["archives"], first["archives"])
        self.put_all({"twice/c": "3"})
        again = self.post(f"/api/zips/{first['id']}/again", {"credentials": CREDENTIALS}, 201)
        self.assertNotEqual(again["id"], first["id"])
        again = self.ended(again)
        self.assertEqual(again["target"], first["target"])
        self.assertEqual(again["archives"][0]["entries"], 2)
        self.assertEqual(self.get(f"/api/zips/{first['id']}")["state"], "succeeded")

    def test_a_zip_of_the_compatible_api_is_made_again_as_that_reads_paths(self):
        self.put_all({"compat/x/a": "1"})
        task = self.api.start("zipstart", self.fields("compat/x/", bucketAsDir="x", zipTo="made/c.zip"))
        id_ = self.get("/api/zips?search=MADE/C.ZIP")["zips"][0]["id"]
        self.succeed(task)
        asked = self.get(f"/api/zips/{id_}/request")
        self.assertEqual(asked["path"], "/v2/zipstart")
        self.assertEqual(asked["body"]["filePaths"], ["compat/x/"])
        again = self.ended(self.post(f"/api/zips/{id_}/again", {"credentials": CREDENTIALS}, 201))
        self.assertEqual(again["state"], "succeeded", again)
        zip_ = self.s3.get_object(Bucket=BUCKET, Key="made/c.zip")["Body"].read()
        self.assertEqual(zipfile.ZipFile(io.BytesIO(zip_)).namelist(), ["a"])

    def test_another_account_s_zip_is_neither_told_nor_made_again(self):
        self.put_all({"mine/a": "1"})
        zip_ = self.made(self.wanted("mine/"))
        other = Api(self.server.url, self.server.create_account(self.id() + " other"))
        for method, what in (("GET", "request"), ("POST", "again")):
            reply = request(method, f"{self.server.url}/api/zips/{zip_['id']}/{what}", other.bearer)
            self.assertEqual(reply.status, 404)


if __name__ == "__main__":
    unittest.main()
