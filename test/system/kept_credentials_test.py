"""Credentials that an account keeps at the server, by the API and by the command line: requests that
bring none, their bounds, what ends them, and that they are in no answer, log or file in the open."""

import json
import os
import subprocess
import unittest

from api_client import Api, request
from program import environment, program_path
from service_case import BUCKET, ServiceTest

OTHER_BUCKET = "others"


class KeptCredentialsTest(ServiceTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.s3.create_bucket(Bucket=OTHER_BUCKET)
        cls.put("a.txt", "alpha")
        cls.put("b.txt", "beta", OTHER_BUCKET)

    def setUp(self):
        self.keys = self.server.create_account(self.id())
        self.api = Api(self.server.url, self.keys)

    def ask(self, method, path, body=None):
        headers = dict(self.api.bearer)
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        return request(method, self.server.url + path, headers, body)

    def body(self, **more):
        return {"userSecret": self.keys["userSecret"],
                "credentials": {"accessKeyId": self.access_key,
                                "secretAccessKey": self.secret_key}, **more}

    def keep(self, **more):
        reply = self.ask("PUT", "/api/account/credentials", self.body(**more))
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json

    def start_without_credentials(self, *paths, bucket=BUCKET, **more):
        fields = {"awsBucket": bucket, "filePaths": list(paths), **more}
        return self.api.call("/v2/streamzip", fields)

    def kept(self):
        reply = self.ask("GET", "/api/account")
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json["credentials"]

    def test_a_request_without_credentials_uses_them(self):
        refused = self.start_without_credentials("a.txt")
        self.assertEqual((refused.status, refused.message), (400, "awsKey is required"))
        told = self.keep(region="us-east-1")
        self.assertEqual({**told, "keptAt": None},
                         {"accessKeyIdEnd": "dbox", "endpoint": "", "region": "us-east-1",
                          "buckets": [], "signedLinks": True, "keptAt": None})
        self.assertEqual(self.kept(), told)
        task = self.start_without_credentials("a.txt")
        self.assertEqual(task.status, 200, task.body)
        self.download(self.succeed(task.json))
        job = self.api.call("/v2/zipstart", {"awsKey": "-", "awsSecret": "", "awsBucket": BUCKET,
                                             "filePaths": ["a.txt"], "zipTo": "out/kept.zip"})
        self.assertEqual(job.status, 200, job.body)
        self.download(self.succeed(job.json))

    def test_credentials_of_the_request_go_first(self):
        self.keep()
        job = self.api.call("/v2/zipstart", {**self.fields("a.txt"), "awsSecret": "wrong"})
        self.assertIn("SignatureDoesNotMatch", self.fail_task(job.json))

    def test_they_are_for_the_allowed_buckets_only(self):
        self.keep(buckets=[BUCKET])
        refused = self.start_without_credentials("b.txt", bucket=OTHER_BUCKET)
        self.assertEqual(refused.status, 403)
        self.assertIn(OTHER_BUCKET, refused.message)
        # A path may name another bucket, which shows only when it is looked for.
        job = self.api.call("/v2/zipstart", {"awsBucket": BUCKET, "zipTo": "x.zip",
                                             "filePaths": [f"{OTHER_BUCKET}/b.txt"]})
        self.assertIn(OTHER_BUCKET, self.fail_task(job.json))
        # Those that the request brings are not bound.
        task = self.api.start("streamzip", {**self.fields("b.txt"), "awsBucket": OTHER_BUCKET})
        self.download(self.succeed(task))

    def test_they_are_for_their_store_only(self):
        self.keep()
        url = "https://s3.eu-west-1.amazonaws.com"
        refused = self.start_without_credentials("a.txt", awsEndpoint=url)
        self.assertEqual(refused.status, 400)
        self.assertIn("awsEndpoint: the credentials that the account keeps here are for",
                      refused.message)

    def test_erasing_ends_them_but_not_what_has_begun(self):
        self.assertEqual(self.ask("DELETE", "/api/account/credentials").json, {"erased": False})
        self.keep()
        task = self.start_without_credentials("a.txt").json
        url = self.succeed(task)
        self.assertEqual(self.ask("DELETE", "/api/account/credentials").json, {"erased": True})
        self.assertIsNone(self.kept())
        self.assertEqual(self.start_without_credentials("a.txt").status, 400)
        self.download(url)

    def test_rotating_the_keys_ends_links_but_keeps_credentials(self):
        self.keep()
        wrong = self.ask("POST", "/api/account/rotate", {"userSecret": "wrong"})
        self.assertEqual((wrong.status, wrong.message), (403, "userSecret is wrong"))
        self.assertEqual(self.ask("POST", "/api/account/rotate", {}).status, 400)
        rotated = self.ask("POST", "/api/account/rotate",
                           {"userSecret": self.keys["userSecret"]})
        self.assertEqual(rotated.status, 200, rotated.body)
        self.assertEqual(rotated.json["userKey"], self.keys["userKey"])
        self.assertEqual(self.ask("GET", "/api/account").status, 401, "the old token")
        self.assertEqual(self.api.post("/gentoken", self.keys).status, 401)
        self.keys = rotated.json
        self.api = type(self.api)(self.server.url, self.keys)
        self.assertFalse(self.kept()["signedLinks"])
        self.assertEqual(self.start_without_credentials("a.txt").status, 200)

    def test_bad_fields_are_named(self):
        whole = self.body()
        for change, message in (
                ({"userSecret": None}, "userSecret is required"),
                ({"userSecret": 5}, "userSecret must be a text"),
                ({"credentials": None}, "credentials are required"),
                ({"credentials": "x"}, "credentials must be an object"),
                ({"credentials": {"accessKeyId": "a"}}, "credentials.secretAccessKey is required"),
                ({"credentials": {"accessKeyId": "a b", "secretAccessKey": "s"}},
                 "credentials.accessKeyId holds"),
                ({"credentials": {"accessKeyId": "a", "secretAccessKey": "s", "token": "t"}},
                 'credentials has no field "token"'),
                ({"endpoint": "http://10.0.0.1:1"}, "endpoint http://10.0.0.1:1 is not one"),
                ({"region": "no region"}, "region: "),
                ({"buckets": "files"}, "buckets must be a list"),
                ({"buckets": ["files", ""]}, "buckets[1] must not be empty"),
                ({"buckets": ["a/b"]}, "buckets[0] cannot be"),
                ({"buckets": ["files"] * 101}, "buckets may name 100"),
                ({"bucket": "files"}, 'the body has no field "bucket"')):
            reply = self.ask("PUT", "/api/account/credentials", {**whole, **change})
            self.assertEqual(reply.status, 400, reply.body)
            self.assertIn(message, reply.message)
        reply = self.ask("PUT", "/api/account/credentials", {**whole, "userSecret": "wrong"})
        self.assertEqual((reply.status, reply.message), (403, "userSecret is wrong"))
        for path in ("/api/account", "/api/usage", "/api/buckets"):
            self.assertEqual(request("GET", self.server.url + path).status, 401)
        self.assertIsNone(self.kept())

    def test_wrong_secrets_are_slowed_down(self):
        statuses = [self.ask("POST", "/api/account/rotate", {"userSecret": "wrong"}).status
                    for _ in range(12)]
        self.assertEqual(statuses[:10], [403] * 10)
        self.assertIn(429, statuses)

    # ---- the command line

    def command(self, *arguments, secret=None, **variables):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return subprocess.run(
            [program_path(), "account", "credentials", self.id(), *arguments],
            input=(secret or self.keys["userSecret"]) + "\n", capture_output=True, text=True,
            check=False, timeout=60,
            env={**environment(DATA_DIR=self.server.data), "HOME": str(self.folder),
                 "AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key,
                 **{name: kept[name] for name in ("PATH",) if name in kept}, **variables})

    def test_the_command_keeps_and_removes_them(self):
        done = self.command("--bucket", BUCKET, "--bucket", "more-files")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(self.access_key, done.stdout)
        told = self.kept()
        self.assertEqual((told["buckets"], told["signedLinks"]), ([BUCKET, "more-files"], True))
        self.download(self.succeed(self.start_without_credentials("a.txt").json))
        self.assertEqual(self.start_without_credentials("b.txt", bucket=OTHER_BUCKET).status, 403)
        done = self.command("--remove")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIsNone(self.kept())

    def test_the_command_wants_the_right_secret_and_takes_it_from_a_variable(self):
        wrong = self.command(secret="wrong")
        self.assertNotEqual(wrong.returncode, 0)
        self.assertIn("userSecret", wrong.stderr)
        self.assertIsNone(self.kept())
        done = self.command(secret="wrong", S3ZIPPER_USER_SECRET=self.keys["userSecret"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIsNotNone(self.kept())
        for arguments in (("--bucket", "a/b"), ("--endpoint", "ftp://x")):
            self.assertNotEqual(self.command(*arguments).returncode, 0)

    def test_secrets_are_nowhere_in_the_open(self):
        secret = "kept-secret-that-is-nobodys-else"
        body = self.body()
        body["credentials"]["secretAccessKey"] = secret
        reply = self.ask("PUT", "/api/account/credentials", body)
        self.assertEqual(reply.status, 200, reply.body)
        for needle in (secret, self.keys["userSecret"]):
            self.assertNotIn(needle, reply.body.decode())
            self.assertNotIn(needle, self.server.log())
            for path in self.server.data.iterdir():
                self.assertNotIn(needle.encode(), path.read_bytes(), path)


if __name__ == "__main__":
    unittest.main()
