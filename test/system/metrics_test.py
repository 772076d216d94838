"""/metrics: what a job, a stream and a store's errors add to it, who may read it, and that
docs/reference/metrics.md says what is there."""

import http.client
import re
import time
import unittest
from pathlib import Path

from api_client import Api, request
from program import Server
from service_case import BUCKET, ServiceTest

PATIENCE_S = 60
PAGE = Path(__file__).resolve().parents[2] / "docs/reference/metrics.md"
SAMPLE = re.compile(r'(\w+)(?:\{(.*)\})? (\S+)')
LABEL = re.compile(r'(\w+)="([^"]*)",?')


class Family:
    def __init__(self, help_text):
        self.help = help_text
        self.kind = None
        self.labels = set()


class Metrics:
    """A page of Prometheus's text format, taken apart."""

    def __init__(self, text):
        self.families = {}
        self.samples = {}
        for line in text.splitlines():
            if line.startswith("# HELP "):
                _, _, name, help_text = line.split(" ", 3)
                self.families[name] = Family(help_text)
            elif line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.families[name].kind = kind
            else:
                self._add(*SAMPLE.fullmatch(line).groups())

    def _add(self, name, labels, value):
        labels = dict(LABEL.findall(labels or ""))
        self.samples[name, frozenset(labels.items())] = float(value)
        family = name if name in self.families else re.sub(r"_(bucket|sum|count)$", "", name)
        self.families[family].labels |= labels.keys() - {"le"}

    def value(self, name, **labels):
        return self.samples.get((name, frozenset(labels.items())), 0)

    def values(self, name):
        return {labels: value for (found, labels), value in self.samples.items() if found == name}


def read(url, **headers):
    return request("GET", url + "/metrics", headers)


class MetricsTest(ServiceTest):
    @classmethod
    def new_server(cls):
        faults = cls.folder / "faults.toml"
        faults.write_text('[[fault]]\ncall = "GetObject"\nkey = "slow.txt"\ntimes = 2\ndo = "error"\n'
                          'code = "SlowDown"\n'
                          '[[fault]]\ncall = "GetObject"\nkey = "cut/b.bin"\ndo = "error"\n'
                          'code = "AccessDenied"\n')
        return Server(SANDBOX_FAULTS=faults, METRICS_NETWORKS="127.0.0.0/8")

    def metrics(self):
        reply = read(self.server.url)
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        return Metrics(reply.body.decode())

    def assert_adds(self, work, *expected):
        """What `work` adds to samples, each (count, name, labels); `count` may be a function of no
        argument. A request is counted when its answer has been sent: that is waited for."""
        before = self.metrics()
        work()
        deadline = time.monotonic() + PATIENCE_S
        while True:
            after = self.metrics()
            wrong = [(name, labels, added, count) for count, name, labels in expected
                     if (added := after.value(name, **labels) - before.value(name, **labels))
                     != (count() if callable(count) else count)]
            if not wrong:
                return
            self.assertLess(time.monotonic(), deadline, wrong)
            time.sleep(0.02)

    def check_read(self, before, size):
        """That `size` bytes were read since then; more where a second GET overtook a slow one."""
        after = self.metrics()
        read, overtaking = (after.value(name) - before.value(name) for name in
                            ("s3zipper_s3_read_bytes_total", "s3zipper_s3_hedged_gets_total"))
        if overtaking:
            self.assertGreaterEqual(read, size)
        else:
            self.assertEqual(read, size)

    def test_a_job(self):
        size = 20_000_000
        self.put("job/large.bin", b"x" * size)
        zips = []
        upload = {"operation": "UploadPart", "result": "ok"}
        parts = -(-size // (8 << 20))
        before = self.metrics()
        self.assert_adds(
            lambda: zips.append(self.zip_to_bucket("job/")),
            (lambda: zips[0].stat().st_size, "s3zipper_s3_written_bytes_total", {}),
            (parts, "s3zipper_s3_requests_total", upload),
            (1, "s3zipper_s3_requests_total", {**upload, "operation": "CreateMultipartUpload"}),
            (1, "s3zipper_s3_requests_total", {**upload, "operation": "CompleteMultipartUpload"}),
            (1, "s3zipper_jobs", {"state": "SUCCESS"}),
            (1, "s3zipper_job_seconds_count", {"result": "success"}),
            (0, "s3zipper_job_seconds_count", {"result": "failure"}),
            (1, "s3zipper_http_requests_total", {"route": "/v2/zipstart", "status": "2xx"}),
            (0, "s3zipper_streamed_bytes_total", {}))
        self.check_read(before, size)

    def test_a_stream(self):
        size = 3_000_000
        self.put("stream/one.bin", b"y" * size)
        zips = []
        before = self.metrics()
        self.assert_adds(
            lambda: zips.append(self.zip_as_stream("stream/")),
            (lambda: zips[0].stat().st_size, "s3zipper_streamed_bytes_total", {}),
            (1, "s3zipper_http_requests_total", {"route": "/stream/*", "status": "2xx"}),
            (1, "s3zipper_http_first_byte_seconds_count", {"route": "/stream/*"}),
            (0, "s3zipper_http_cut_answers_total", {"route": "/stream/*"}))
        self.check_read(before, size)

    def test_an_answer_that_is_cut(self):
        self.put("cut/a.bin", b"a" * 20_000_000)  # more than is held back until it goes out
        self.put("cut/b.bin", b"b")
        link = self.succeed(self.api.start("streamzip", self.fields("cut/")))

        def download():
            with self.assertRaises(http.client.IncompleteRead):
                request("GET", link)
        self.assert_adds(
            download,
            (1, "s3zipper_http_cut_answers_total", {"route": "/stream/*"}),
            (1, "s3zipper_http_requests_total", {"route": "/stream/*", "status": "2xx"}),
            (1, "s3zipper_s3_requests_total", {"operation": "GetObject", "result": "forbidden"}))
        self.assertRegex(self.server.log(), r"route=/stream/\* status=200 .* outcome=cut")

    def test_a_store_that_refuses(self):
        wrong = self.fields("/", awsSecret="wrong")  # that is listed, nothing else
        self.assert_adds(
            lambda: self.fail_task(self.api.start("zipstart", wrong)),
            (1, "s3zipper_jobs", {"state": "FAILURE"}),
            (1, "s3zipper_job_seconds_count", {"result": "failure"}),
            (1, "s3zipper_s3_requests_total",
             {"operation": "ListObjectsV2", "result": "unauthorized"}))

    def test_what_is_not_there(self):
        missing = self.fields("nowhere.txt")
        self.assert_adds(
            lambda: self.fail_task(self.api.start("zipstart", missing)),
            (1, "s3zipper_s3_requests_total", {"operation": "HeadObject", "result": "not_found"}))

    def test_a_store_that_is_too_busy(self):
        self.put("slow.txt", "slow")
        self.assert_adds(
            lambda: self.zip_as_stream("slow.txt"),
            (2, "s3zipper_s3_requests_total", {"operation": "GetObject", "result": "retried"}),
            (1, "s3zipper_s3_requests_total", {"operation": "GetObject", "result": "ok"}),
            (2, "s3zipper_s3_retries_total", {"reason": "throttled"}))

    def test_requests_by_route_and_status(self):
        def ask():
            for path in ("/secret-path", "/secret-path/below", "/v2/secret"):
                self.assertEqual(request("GET", self.server.url + path).status, 404)
            self.assertEqual(request("GET", self.server.url + "/v2/zipstart").status, 405)
            self.assertEqual(self.api.post("/v2/zipstart", {}).status, 401)
            self.assertEqual(self.api.post("/v1/zipstate", {}).status, 401)
        self.assert_adds(
            ask,
            (3, "s3zipper_http_requests_total", {"route": "other", "status": "4xx"}),
            (2, "s3zipper_http_requests_total", {"route": "/v2/zipstart", "status": "4xx"}),
            (1, "s3zipper_http_requests_total", {"route": "/v1/zipstate", "status": "4xx"}))

    def test_a_histogram_adds_up(self):
        request("GET", self.server.url + "/healthz")
        metrics = self.metrics()
        name = "s3zipper_http_first_byte_seconds"
        buckets = sorted((float(dict(labels)["le"]), count)
                         for labels, count in metrics.values(f"{name}_bucket").items()
                         if ("route", "/healthz") in labels)
        counts = [count for _, count in buckets]
        self.assertEqual(counts, sorted(counts))
        self.assertEqual(buckets[-1], (float("inf"), metrics.value(f"{name}_count", route="/healthz")))
        self.assertGreater(metrics.value(f"{name}_sum", route="/healthz"), 0)

    def test_connections_and_memory(self):
        self.put("a.txt", "a")
        self.zip_as_stream("a.txt")
        metrics = self.metrics()
        idle = metrics.value("s3zipper_s3_connections_idle")
        self.assertGreaterEqual(idle, 1)
        self.assertGreaterEqual(metrics.value("s3zipper_s3_connections_open"), idle)
        self.assertEqual(sum(metrics.values("s3zipper_memory_budget_bytes").values()), 192 << 20)
        self.assertLess(sum(metrics.values("s3zipper_memory_taken_bytes").values()), 192 << 20)

    def test_nothing_of_a_clients_is_in_it(self):
        self.put("needle/key.txt", "a")
        task = self.api.start("zipstart", self.fields("needle/"))
        self.succeed(task)
        text = read(self.server.url).body.decode()
        for needle in ("needle", f'"{BUCKET}"', task["taskUUID"][0]["streams3v2"][-36:], "sandbox"):
            self.assertNotIn(needle, text)

    def test_the_documentation_has_just_what_there_is(self):
        self.put("a.txt", "a")
        self.zip_as_stream("a.txt")
        documented = {
            name: (kind, set(re.findall(r"`(\w+)`", labels)), meaning)
            for name, kind, labels, meaning in re.findall(
                r"^\| `(\w+)` \| (\w+) \| (.*?) \| (.*?) \|$", PAGE.read_text(), re.MULTILINE)}
        found = {name: (family.kind, family.labels, family.help)
                 for name, family in self.metrics().families.items()}
        self.assertGreater(len(found), 10)
        self.assertEqual(documented, found)


class ReadersTest(unittest.TestCase):
    def start(self, **settings):
        server = Server(sandbox=False, **settings)
        self.addCleanup(server.close)
        return server.start()

    def assert_hidden(self, reply):
        self.assertEqual(reply.status, 404)
        self.assertEqual(reply.message, "there is nothing at /metrics")

    def test_this_machine_may_but_not_through_a_proxy(self):
        server = self.start(METRICS_NETWORKS="127.0.0.0/8,::1")
        self.assertEqual(read(server.url).status, 200)
        for name in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
            self.assert_hidden(read(server.url, **{name: "127.0.0.1"}))

    def test_other_networks_may_not(self):
        self.assert_hidden(read(self.start(METRICS_NETWORKS="10.0.0.0/8").url))

    def test_nobody_may_unless_the_configuration_says_so(self):
        server = self.start()
        self.assert_hidden(read(server.url))
        self.assert_hidden(read(server.url, **{"X-Forwarded-For": "127.0.0.1"}))

    def test_an_address_of_its_own(self):
        server = self.start(METRICS_LISTEN="127.0.0.1:0")
        self.assert_hidden(read(server.url))
        self.assertEqual(read(server.metrics_url, **{"X-Forwarded-For": "1.2.3.4"}).status, 200)
        for path in ("/healthz", "/gentoken", "/"):
            self.assertEqual(request("GET", server.metrics_url + path).status, 404)
        self.assertEqual(Api(server.url, {}).post("/gentoken", {}).status, 400)


if __name__ == "__main__":
    unittest.main()
