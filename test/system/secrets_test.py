"""No secret where it does not belong: needles go through every flow, right and wrong, and are then
looked for in the log, the answers, the database's files and the server's memory."""

import json
import os
import re
import resource
import secrets
import signal
import time
import unittest

from api_client import FORMS, Api, encode, request
from program import SANITIZED, Sandbox, Server
from service_case import BUCKET, s3_client
from fake_store import FakeStore
from raw_http import exchange

SECRET_FIELDS = ("awsSecret", "awsToken", "userSecret")


def needle(name):
    return f"needle{name}{secrets.token_hex(12)}"


class NeedleSandbox(Sandbox):
    SECRET_KEY = needle("RightAwsSecret")

    def start(self):
        ready = self.launch(["sandbox", "--dir", self.store, "--listen", self.listen, "--secret-key",
                             self.SECRET_KEY], {})
        self.url = ready["sandbox_url"]
        return self


class Memory:
    """What another process has in the pages that it can write."""

    def __init__(self, pid):
        self.pieces = []
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            for line in maps:
                begin, end, rights = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
                if not rights.startswith("rw"):
                    continue
                try:
                    memory.seek(int(begin, 16))
                    self.pieces.append(memory.read(int(end, 16) - int(begin, 16)))
                except OSError:  # guarded pages, among them those of the master key
                    pass

    def count(self, text):
        return sum(piece.count(text) for piece in self.pieces)


class SecretsTest(unittest.TestCase):
    log_format = "text"

    @classmethod
    def setUpClass(cls):
        cls.sandbox = NeedleSandbox().start()
        cls.addClassCleanup(cls.sandbox.close)
        cls.echo = FakeStore(cls.refusal)
        cls.addClassCleanup(cls.echo.close)
        cls.server = Server(sandbox=False, S3_ENDPOINT=cls.sandbox.url, LOG_LEVEL="debug",
                            LOG_FORMAT=cls.log_format,
                            S3_ALLOWED_ENDPOINTS=cls.echo.url, CORE_DUMPS="true")
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        store = s3_client(cls.sandbox.url, secret_key=NeedleSandbox.SECRET_KEY)
        cls.addClassCleanup(store.close)
        store.create_bucket(Bucket=BUCKET)
        store.put_object(Bucket=BUCKET, Key="a.txt", Body=b"a" * 100_000)
        cls.keys = cls.server.create_account("tester")
        cls.api = Api(cls.server.url, cls.keys)
        cls.answers = []  # that may hold neither tokens nor links
        cls.needles = {"the right awsSecret": NeedleSandbox.SECRET_KEY,
                       "the userSecret": cls.keys["userSecret"]}
        cls.run_flows()

    @staticmethod
    def refusal(*_):
        return 403, {"Content-Type": "application/xml"}, (
            b"<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message>"
            b"<CanonicalRequest>x-amz-security-token:secret</CanonicalRequest></Error>")

    @classmethod
    def new_needle(cls, name):
        return cls.needles.setdefault(f"{name}, number {len(cls.needles)}", needle(name))

    @classmethod
    def fields(cls, **more):
        return {"awsKey": Sandbox.ACCESS_KEY, "awsSecret": NeedleSandbox.SECRET_KEY,
                "awsBucket": BUCKET, "filePaths": "a.txt", **more}

    @classmethod
    def keep(cls, reply):
        cls.answers.append(str(reply.headers).encode() + reply.body)
        return reply

    @classmethod
    def run_flows(cls):
        """Each way of each secret: right, wrong, in a field that is wrong otherwise."""
        cls.needles["a token"] = cls.api.token
        cls.needles["a token's signature"] = cls.api.token.rsplit(".", 1)[1]
        for form in FORMS:
            cls.right_flow(form)
            cls.wrong_secrets(form)
        cls.wrong_bodies()
        cls.wrong_tokens_and_links()

    @classmethod
    def right_flow(cls, form):
        reply = cls.keep(cls.api.call("/v2/zipstart", cls.fields(), form))
        result = cls.api.result(reply.json)
        assert result["message"] == "SUCCESS", result
        assert request("GET", result["results"][0]).status == 200
        reply = cls.keep(cls.api.call("/v2/streamzip", cls.fields(), form))
        [link] = cls.api.result(reply.json)["results"]
        cls.needles[f"a link's signature ({form})"] = link.rsplit("/", 2)[1]
        for headers in ({}, {"Range": "bytes=5-10"}):
            cls.answers.append(str(request("GET", link, headers).headers).encode())

    @classmethod
    def wrong_secrets(cls, form):
        for more in ({"awsSecret": cls.new_needle("AwsSecret")}, {"awsToken": cls.new_needle("AwsToken")},
                     {"awsEndpoint": cls.echo.url, "awsToken": cls.new_needle("AwsToken")}):
            task = cls.keep(cls.api.call("/v2/zipstart", cls.fields(**more), form)).json
            failed = cls.keep(cls.api.call("/v2/zipresult", task))
            assert failed.json["message"] == "FAILURE", failed.body
            cls.keep(cls.api.call("/v2/zipstate", task))
            task = cls.keep(cls.api.call("/v2/streamzip", cls.fields(**more), form)).json
            for link in cls.api.result(task)["results"]:
                cls.needles[f"a link's signature, number {len(cls.needles)}"] = link.rsplit("/", 2)[1]
                assert cls.keep(request("GET", link)).status == 403
        wrong = {**cls.keys, "userSecret": cls.new_needle("UserSecret")}
        assert cls.keep(cls.api.post("/gentoken", wrong, form)).status == 401

    @classmethod
    def wrong_bodies(cls):
        for name in SECRET_FIELDS:
            call = "/gentoken" if name == "userSecret" else "/v2/zipstart"
            right = cls.keys if name == "userSecret" else cls.fields()
            for value in (lambda text: [text, text], lambda text: {"a": text}, lambda text: [[text]],
                          lambda text: text + "\r\n", lambda text: text + "\0",
                          lambda text: text * 1000):
                fields = {**right, name: value(cls.new_needle(name))}
                assert cls.keep(cls.api.call(call, fields)).status in (400, 401)
            for form in FORMS:
                body, content_type = encode({**right, name: cls.new_needle(name)}, form)
                headers = {"Content-Type": content_type, **cls.api.bearer}
                for sent in (body[:-3], body.replace(b"needle", b"\xff%needle"), body * 2):
                    cls.keep(request("POST", cls.server.url + call, headers, sent))
                many = encode({**right, name: cls.new_needle(name), "filePaths": ["x" * 90] * 20_000,
                               "awsBucket": "a/b"}, form)  # megabytes, and the bucket is wrong
                headers["Content-Type"] = many[1]
                assert cls.keep(request("POST", cls.server.url + call, headers, many[0])).status >= 400
                headers["Content-Type"] = "text/plain"
                assert cls.keep(request("POST", cls.server.url + call, headers, body)).status == 415
        url = f"http://user:{cls.new_needle('UrlPassword')}@127.0.0.1"
        assert cls.keep(cls.api.call("/v2/zipstart", cls.fields(awsEndpoint=url))).status == 400

    @classmethod
    def wrong_tokens_and_links(cls):
        for scheme in ("Bearer", "Basic", "Token", ""):
            headers = {"Authorization": f"{scheme} {cls.new_needle('Authorization')}"}
            assert cls.keep(cls.api.post("/v2/zipstart", {}, headers=headers)).status in (400, 401)
        tampered = cls.api.token[:-1] + ("A" if cls.api.token[-1] != "A" else "B")
        headers = {"Authorization": f"Bearer {tampered}"}
        assert cls.keep(cls.api.post("/v2/zipstart", {}, headers=headers)).status == 401
        target = f"/stream/0c7e5b0e-52a5-4f0c-8a1d-0b6b3f1f2a3c/{cls.new_needle('Link')}/a.zip"
        for method in ("GET", "POST"):
            cls.keep(request(method, cls.server.url + target))
        cls.answers.append(exchange(cls.server.url, f"GET {target}\r\n\r\n".encode()))

    def check_absent(self, where, content):
        for name, text in self.needles.items():
            if text:
                at = content.find(text.encode())
                self.assertEqual(at, -1, f"{name} is in {where}: {content[max(0, at - 200):at + 50]}")

    def test_answers(self):
        for answer in self.answers:
            self.check_absent("an answer", answer)

    def test_log(self):
        log = self.server.log_path.read_bytes()
        self.assertIn(b"debug", log)
        self.check_absent("the log", log)
        if self.log_format == "json":
            for line in log.splitlines():
                self.assertIn(json.loads(line)["level"], ("debug", "info", "warning"))

    def test_files(self):
        key = (self.server.data / "master.key").read_bytes()
        for path in self.server.data.iterdir():
            content = path.read_bytes()
            self.check_absent(path.name, content)
            if path.name != "master.key":
                self.assertNotIn(key.strip(), content)

    @unittest.skipIf(SANITIZED, "the sanitizers bring a heap of their own")
    def test_memory(self):
        """When all has ended: what a core dump would tell, or a page on the swap. Tokens and links are
        not looked for: clients use them again, and connections keep what came last."""
        deadline = time.monotonic() + 60
        while True:  # connections and caches are let go of after a while
            memory = Memory(self.server.process.pid)
            found = {name: count for name, text in self.needles.items()
                     if not name.startswith("a ") and not name.startswith("Link")
                     and (count := memory.count(text.encode()))}
            if not found or time.monotonic() > deadline:
                break
            time.sleep(1)
        self.assertGreater(memory.count(b"s3zipper"), 0)
        self.assertEqual(found, {})


class JsonLogSecretsTest(SecretsTest):
    log_format = "json"


class CoreDumpTest(unittest.TestCase):
    def dumps(self, **settings):
        """Whether the kernel writes a core dump when the server is aborted."""
        server = Server(**settings)
        self.addCleanup(server.close)
        server.start()
        os.kill(server.process.pid, signal.SIGABRT)
        _, status = os.waitpid(server.process.pid, 0)
        server.process.returncode = -signal.SIGABRT
        return os.WCOREDUMP(status)

    def test_there_is_none_unless_the_operator_wants_it(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_CORE, (soft, hard))
        self.assertFalse(self.dumps())
        if not self.dumps(CORE_DUMPS="true"):
            self.skipTest("this system keeps no core dumps at all")


if __name__ == "__main__":
    unittest.main()
