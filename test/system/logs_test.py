"""The log: a line for each request, under an id that the answer and the store's log have, too."""

import json
import re
import time
import unittest

from api_client import Api, request
from fake_store import FakeStore
from program import Server
from raw_http import exchange
from service_case import BUCKET

PATIENCE_S = 60


def answer(_method, path):
    """One object, and no folder."""
    if "list-type=2" in path:
        return 200, {}, b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
    return 200, {"ETag": '"e"', "Last-Modified": "Sun, 22 Nov 2026 12:00:00 GMT"}, b"hello"


class LogsTest(unittest.TestCase):
    settings = {"LOG_FORMAT": "json"}

    @classmethod
    def setUpClass(cls):
        cls.store = FakeStore(answer)
        cls.addClassCleanup(cls.store.close)
        cls.server = Server(sandbox=False, S3_ENDPOINT=cls.store.url, **cls.settings)
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.api = Api(cls.server.url, cls.server.create_account("tester"))

    def lines(self):
        return self.server.log().splitlines()

    def wait_for(self, find):
        """What `find` finds in the log's lines, once that is something: a line about a request is
        written when its answer has been sent."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := find(self.lines())):
            self.assertLess(time.monotonic(), deadline, self.server.log())
            time.sleep(0.01)
        return found

    def fields(self):
        return {"awsKey": "key", "awsSecret": "secret", "awsBucket": BUCKET, "filePaths": "a.txt"}

    def get(self, path, **headers):
        return request("GET", self.server.url + path, headers)


class JsonTest(LogsTest):
    @staticmethod
    def access_lines(lines, request_id):
        return [found for line in lines if (found := json.loads(line))["message"] == "request"
                and found["request_id"] == request_id]

    def access_line(self, request_id):
        [line] = self.wait_for(lambda lines: self.access_lines(lines, request_id))
        return line

    def test_every_line_is_an_object(self):
        self.get("/stream/nothing")
        lines = [json.loads(line) for line in self.lines()]
        self.assertGreater(len(lines), 1)
        for line in lines:
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertIn(line["level"], ("debug", "info", "warning", "error"))
            self.assertIsInstance(line["message"], str)

    def test_each_answer_has_an_id_and_a_line(self):
        for path, status, route in (("/stream/some-link/secret", 404, "/stream/*"),
                                    ("/secret", 404, "other"), ("/gentoken", 405, "/gentoken")):
            reply = self.get(path)
            self.assertEqual(reply.status, status)
            line = self.access_line(reply.headers["X-Request-Id"])
            self.assertEqual(
                {"method": "GET", "route": route, "status": status, "bytes": len(reply.body)},
                {name: line[name] for name in ("method", "route", "status", "bytes")})
            self.assertGreater(line["duration_us"], 0)
            self.assertNotIn("outcome", line)

    def test_what_is_no_request_has_an_id_too(self):
        answer = exchange(self.server.url, b"nonsense\r\n\r\n").decode()
        [request_id] = re.findall(r"X-Request-Id: (\w+)", answer)
        self.assertEqual(self.access_line(request_id)["status"], 400)

    def test_an_id_of_a_trusted_proxy_is_kept(self):
        self.assertEqual(self.get("/nothing", **{"X-Request-Id": "from-proxy.1"})
                         .headers["X-Request-Id"], "from-proxy.1")
        self.access_line("from-proxy.1")
        for wrong in ("two words", 'quo"te', "x" * 129, ""):
            found = self.get("/nothing", **{"X-Request-Id": wrong}).headers["X-Request-Id"]
            self.assertRegex(found, r"^[0-9a-f]{32}$")

    def test_probes_are_not_told_at_level_info(self):
        probes = [self.get(path).headers["X-Request-Id"]
                  for path in ("/healthz", "/readyz", "/metrics")]
        self.access_line(self.get("/nothing").headers["X-Request-Id"])
        for probe in probes:
            self.assertEqual(self.access_lines(self.lines(), probe), [])

    def test_a_download_is_told_with_its_size(self):
        [link] = self.api.result(self.api.start("streamzip", self.fields()))["results"]
        reply = request("GET", link, {"X-Request-Id": "download-1"})
        self.assertEqual(reply.status, 200)
        line = self.access_line("download-1")
        self.assertEqual((line["route"], line["bytes"]), ("/stream/*", len(reply.body)))

    def test_the_store_is_told_what_a_call_is_for(self):
        task = self.api.start("streamzip", self.fields())
        [link] = self.api.result(task)["results"]
        self.assertEqual(request("GET", link, {"X-Request-Id": "download-7"}).status, 200)
        agents = [headers["User-Agent"] for _, _, headers in self.store.asked]
        stream_id = task["taskUUID"][0]["idurl"][-36:]
        self.assertIn(f"s3zipper/0.1 (stream {stream_id})", agents)
        self.assertIn("s3zipper/0.1 (request download-7)", agents)
        job = self.api.start("zipstart", self.fields())
        self.api.result(job)
        job_id = job["taskUUID"][0]["streams3v2"][-36:]
        agents = [headers["User-Agent"] for _, _, headers in self.store.asked]
        self.assertIn(f"s3zipper/0.1 (job {job_id})", agents)

    def test_a_task_can_be_found_by_the_request_that_began_it(self):
        reply = self.api.call("/v2/streamzip", self.fields(), headers={"X-Request-Id": "start-3"})
        stream_id = reply.json["taskUUID"][0]["idurl"][-36:]
        told = [json.loads(line) for line in self.lines() if "accepted" in line]
        self.assertIn((f"stream {stream_id}: accepted", "start-3"),
                      [(line["message"], line["request_id"]) for line in told])


class TextTest(LogsTest):
    settings = {"TRUSTED_PROXIES": "10.0.0.0/8"}

    def test_a_line_for_people(self):
        reply = self.get("/stream/some-link/secret")
        request_id = reply.headers["X-Request-Id"]
        [line] = self.wait_for(lambda lines: [one for one in lines if request_id in one])
        self.assertRegex(line, r"^\S+Z info    request method=GET route=/stream/\* status=404 "
                               rf"bytes={len(reply.body)} duration_us=\d+ request_id=[0-9a-f]{{32}}$")

    def test_an_id_of_anyone_else_is_not_kept(self):
        reply = self.get("/nothing", **{"X-Request-Id": "mine"})
        self.assertNotEqual(reply.headers["X-Request-Id"], "mine")
        self.assertNotIn("mine", self.server.log())


if __name__ == "__main__":
    unittest.main()
