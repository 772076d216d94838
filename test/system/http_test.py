"""HTTP itself, from outside: what clients send that is odd, slow, half or wrong."""

import http.client
import json
import threading
import time
import unittest

from api_client import encode
from program import SANITIZED
from raw_http import answers, connect, exchange, read_to_end
from service_case import ServiceTest

CLOSE = "Connection: close\r\n"


class HttpTest(ServiceTest):
    def call(self, path, fields, more="", body=None, version="HTTP/1.1"):
        """A call of the API in bytes, with the Content-Length of its body."""
        sent, content_type = encode(fields, "json")
        body = sent if body is None else body
        length = "" if "Transfer-Encoding" in more else f"Content-Length: {len(body)}\r\n"
        return (f"POST {path} {version}\r\nHost: zip\r\nContent-Type: {content_type}\r\n{length}"
                f"{more}\r\n").encode() + body

    def token_call(self, more="", **rest):
        return self.call("/gentoken", self.keys, more, **rest)

    def statuses(self, sent):
        return [status for status, _ in answers(exchange(self.server.url, sent))]

    def test_a_chunked_body_with_extensions_and_trailers(self):
        body, _ = encode(self.keys, "json")
        for size in (1, 7, len(body)):
            pieces = [body[at:at + size] for at in range(0, len(body), size)]
            chunks = b"".join(b'%x;name="a;b"\r\n%s\r\n' % (len(piece), piece) for piece in pieces)
            sent = self.token_call("Transfer-Encoding: chunked\r\n" + CLOSE,
                                   body=chunks + b"0\r\nX-Trailer: t\r\n\r\n")
            [(status, answer)] = answers(exchange(self.server.url, sent))
            self.assertEqual(status, 200)
            self.assertIn("token", json.loads(answer))

    def test_a_chunked_body_that_is_malformed_or_too_large(self):
        for body, status in ((b"x\r\n\r\n", 400), (b"3\r\nabcdef\r\n", 400), (b"-1\r\n\r\n", 400),
                             (b"fffffffffffffffff\r\n", 400),
                             (b"10001\r\n" + b" " * 0x10001 + b"\r\n0\r\n\r\n", 413)):
            with self.subTest(body=body[:20]):
                sent = self.token_call("Transfer-Encoding: chunked\r\n" + CLOSE, body=body)
                self.assertEqual(self.statuses(sent), [status])

    def test_a_body_beyond_the_limit_is_refused_before_it_is_sent(self):
        for expect, length in (("Expect: 100-continue\r\n", 1 << 40), ("", 1 << 40)):
            sent = (f"POST /gentoken HTTP/1.1\r\nHost: zip\r\nContent-Length: {length}\r\n"
                    f"Content-Type: application/json\r\n{expect}\r\n").encode()
            with connect(self.server.url) as connection:
                connection.sendall(sent)
                self.assertTrue(connection.recv(65536).startswith(b"HTTP/1.1 413 "))

    def test_expect_100_continue(self):
        expect = "Expect: 100-continue\r\n" + CLOSE
        self.assertEqual(self.statuses(self.token_call(expect)), [100, 200])
        # Without a body there is nothing to wait for, but clients do (botocore with S3).
        empty = f"POST /gentoken HTTP/1.1\r\nHost: zip\r\nContent-Length: 0\r\n{expect}\r\n".encode()
        self.assertEqual(self.statuses(empty), [100, 415])
        get = f"GET /healthz HTTP/1.1\r\nHost: zip\r\n{expect}\r\n".encode()
        self.assertEqual(self.statuses(get), [100, 200])
        # A refusal that needs no body comes instead of the 100.
        head = self.call("/v2/zipstart", {}, "Expect: 100-continue\r\n", body=b"{}")[:-2]
        self.assertEqual(self.statuses(head), [401])
        self.assertEqual(self.statuses(self.token_call("Expect: 100-continue\r\n",
                                                       version="HTTP/1.0")), [200])

    def test_pipelined_calls_are_answered_in_order(self):
        state = {"taskUUID": "task_0c7e5b0e-52a5-4f0c-8a1d-0b6b3f1f2a3c"}
        bearer = f"Authorization: Bearer {self.api.token}\r\n"
        sent = (self.token_call() + self.call("/v2/zipstate", state, bearer)
                + self.call("/v2/none", {}) + b"GET /healthz HTTP/1.1\r\nHost: zip\r\n\r\n"
                + self.call("/v2/zipstart", {}, bearer + CLOSE))
        self.assertEqual(self.statuses(sent), [200, 404, 404, 200, 400])

    def test_an_error_answer_leaves_the_connection_as_it_is(self):
        with connect(self.server.url) as connection:
            for sent, status in ((self.call("/v2/zipstart", {}), 401), (self.call("/none", {}), 404),
                                 (self.call("/gentoken", {}, body=b"{"), 400),
                                 (b"GET /gentoken HTTP/1.1\r\nHost: zip\r\n\r\n", 405),
                                 (self.token_call(), 200)):
                connection.sendall(sent)
                answer = http.client.HTTPResponse(connection)
                answer.begin()
                answer.read()
                self.assertEqual(answer.status, status)

    def test_byte_by_byte(self):
        with connect(self.server.url) as connection:
            for byte in self.token_call(CLOSE):
                connection.sendall(bytes([byte]))
            self.assertEqual([status for status, _ in answers(read_to_end(connection))], [200])

    def test_a_client_that_has_sent_all_may_say_so(self):
        for sent in (self.token_call(), self.call("/v2/zipstart", {}), b"GET / HTTP/1.1\r\n"):
            with connect(self.server.url) as connection:
                connection.sendall(sent)
                connection.shutdown(1)
                received = read_to_end(connection)
                self.assertNotIn(b"<reset>", received)
                self.assertEqual(bool(received), not sent.endswith(b"HTTP/1.1\r\n"))

    def test_heads(self):
        cases = (
            (b"nonsense\r\n\r\n", [400]), (b"GET /healthz\r\n\r\n", [400]),
            (b"GET /healthz HTTP/2.0\r\nHost: zip\r\n\r\n", [400]),
            (b"GET /healthz HTTP/1.1\nHost: zip\n\n", [400]),
            (b"GET /healthz HTTP/1.1\r\n\r\n", [400]),
            (b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", [400]),
            (b"GET /healthz HTTP/1.1\r\nHost: a<b\r\n\r\n", [400]),
            (b"GET /healthz HTTP/1.1\r\nHost: zip\r\nX: a\0b\r\n\r\n", [400]),
            (b"GET /healthz HTTP/1.1\r\nHost: zip\r\nX" + b"x" * 70_000 + b": y\r\n\r\n", [431]),
            (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: zip\r\n\r\n", [431]),
            (b"GET /healthz HTTP/1.0\r\n\r\n", [200]),
            (b"HEAD /healthz HTTP/1.0\r\n\r\n", [200]),
            (b"get /healthz HTTP/1.1\r\nHost: zip\r\nConnection: close\r\n\r\n", [405]),
            (b"GET http://zip/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", [200]),
            (self.token_call("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", body=b"{}"), [400]),
            (self.token_call("Content-Length: 9\r\n"), [400]),
            (self.token_call("Transfer-Encoding:\r\n chunked\r\n", body=b"0\r\n\r\n"), [400]),
            (b"POST /gentoken HTTP/1.1\r\nHost: zip\r\nContent-Length:\r\n\t2\r\n\r\n{}", [400]),
            (b"POST /gentoken HTTP/1.1\r\nHost: zip\r\nContent-Length : 2\r\n\r\n{}", [400]),
            (b"GET /healthz HTTP/1.1\r\nHost: zip\r\nX: a\r\n b\r\n\r\n", [400]),
            (self.token_call("Transfer-Encoding: gzip\r\n", body=b"{}"), [400]),
            (self.token_call("Transfer-Encoding: chunked\r\n", body=b"0\r\n\r\n", version="HTTP/1.0"),
             [400]),
        )
        for sent, expected in cases:
            with self.subTest(sent=sent[:80]):
                received = exchange(self.server.url, sent)
                self.assertNotIn(b"<reset>", received)
                if sent.startswith(b"HEAD"):
                    self.assertTrue(received.endswith(b"\r\n\r\n"))
                    received += b"ok\n"
                self.assertEqual([status for status, _ in answers(received)], expected)

    def test_a_host_that_is_none_makes_no_link(self):
        self.put("a.txt", "a")
        task = self.api.start("streamzip", self.fields("a.txt"))
        bearer = f"Authorization: Bearer {self.api.token}\r\n"
        old = self.call("/v2/zipresult", task, bearer, version="HTTP/1.0").replace(b"Host: zip\r\n", b"")
        [(status, body)] = answers(exchange(self.server.url, old))
        self.assertEqual((status, "Host" in json.loads(body)["message"]), (400, True))


class StallTest(ServiceTest):
    """Clients that stop: each is cut off within its timeout (base/limits.h), 30 s here."""

    @unittest.skipIf(SANITIZED, "waits only")
    def test_who_stalls_is_cut_off(self):
        head = b"POST /gentoken HTTP/1.1\r\nHost: zip\r\nContent-Type: application/json\r\n"
        stalls = {"nothing": b"", "half a head": b"POST /gentoken HT", "no end of the head": head,
                  "no body": head + b"Content-Length: 100\r\n\r\n",
                  "half a body": head + b"Content-Length: 100\r\n\r\n{",
                  "half a chunk": head + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{"}
        ends = {}

        def stall(name, sent):
            with connect(self.server.url) as connection:
                connection.sendall(sent)
                ends[name] = read_to_end(connection)

        def drip():
            """A byte now and then is no sign of life for a head as such."""
            with connect(self.server.url) as connection:
                try:
                    for byte in head * 1000:
                        connection.sendall(bytes([byte]))
                        time.sleep(0.5)
                except OSError:
                    ends["a byte now and then"] = b""

        threads = [threading.Thread(target=stall, args=one) for one in stalls.items()]
        threads.append(threading.Thread(target=drip))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(set(ends), {*stalls, "a byte now and then"})
        for name, received in ends.items():
            self.assertNotIn(b"HTTP/1.1 200", received, name)


if __name__ == "__main__":
    unittest.main()
