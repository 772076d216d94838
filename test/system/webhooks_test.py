"""Webhooks, with real receivers: over HTTP and TLS, some that fail, and some that never answer."""

import hashlib
import hmac
import http.server
import json
import socket
import ssl
import threading
import time
import unittest

from api_client import Api, request
from private_ca import PrivateCa
from program import Server
from service_case import BUCKET, GatedServiceTest, ServiceTest

TIMEOUT_S = 60


class Receiver:
    """An HTTP server that keeps what it gets. `answers`: statuses of the next answers; then 204."""

    def __init__(self, tls=None):
        self.got = []
        self.answers = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, self.headers, body, time.time()))
                status = receiver.answers.pop(0) if receiver.answers else 204
                self.send_response(status)
                if status in (301, 307):
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def wait_for(self, count):
        deadline = time.monotonic() + TIMEOUT_S
        while len(self.got) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(self.got)} of {count} requests within {TIMEOUT_S} s")
            time.sleep(0.05)
        return self.got

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class WebhooksTest(ServiceTest):
    settings = {"WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}

    @classmethod
    def new_server(cls):
        cls.ca = PrivateCa(cls.folder)
        return Server(WEBHOOK_CA_FILE=cls.ca.file, **cls.settings)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.put("a.txt", "alpha")

    def receiver(self, tls=None):
        receiver = Receiver(tls)
        self.addCleanup(receiver.close)
        return receiver

    def post(self, what, webhook, sources=("a.txt",), **more):
        body = {"credentials": {"accessKeyId": self.access_key, "secretAccessKey": self.secret_key},
                "bucket": BUCKET, "sources": list(sources), "webhook": webhook, **more}
        return request("POST", f"{self.server.url}/api/{what}", self.api.bearer, json.dumps(body))

    def create(self, what, webhook, sources=("a.txt",), **more):
        reply = self.post(what, webhook, sources, **more)
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json["id"]

    def get(self, path):
        reply = request("GET", self.server.url + path, self.api.bearer)
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json

    def delivery(self, what, owner_id):
        [delivery] = self.get(f"/api/{what}/{owner_id}/deliveries")["deliveries"]
        return delivery

    def wait_for_delivery(self, what, owner_id, condition):
        deadline = time.monotonic() + TIMEOUT_S
        while not condition(delivery := self.delivery(what, owner_id)):
            self.assertLess(time.monotonic(), deadline, delivery)
            time.sleep(0.1)
        return delivery

    def check_signature(self, headers, body):
        secret = self.get("/api/account/webhook-secret")["secret"]
        self.assertRegex(secret, "^[0-9a-f]{64}$")
        timestamp = headers["S3zipper-Timestamp"]
        self.assertLess(abs(int(timestamp) - time.time()), 60)
        digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
        self.assertEqual(headers["S3zipper-Signature"], "v1=" + digest.hexdigest())

    def check_told(self, got, what, owner_id, event, path="/"):
        told_path, headers, body, _ = got
        self.assertEqual(told_path, path)
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertRegex(headers["User-Agent"], "^s3zipper/")
        self.check_signature(headers, body)
        told = json.loads(body)
        self.assertRegex(told.pop("createdAt"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(told, {"id": headers["S3zipper-Delivery"], "event": event,
                                what[:-1]: self.get(f"/api/{what}/{owner_id}")})
        delivery = self.wait_for_delivery(what, owner_id, lambda one: one["state"] == "delivered")
        self.assertEqual(delivery["id"], told["id"])
        self.assertEqual(delivery["event"], event)
        self.assertEqual((delivery["lastStatus"], delivery["lastError"]), (204, None))
        self.assertIsNone(delivery["nextAttemptAt"])
        return delivery

    def test_ends_are_told(self):
        for what, source, event in (("zips", "a.txt", "zip.succeeded"),
                                    ("zips", "nowhere/", "zip.failed"),
                                    ("streams", "a.txt", "stream.ready"),
                                    ("streams", "nowhere/", "stream.failed")):
            receiver = self.receiver()
            owner_id = self.create(what, receiver.url + "/a%20b?c=d", [source])
            delivery = self.check_told(receiver.wait_for(1)[0], what, owner_id, event,
                                       "/a%20b?c=d")
            self.assertEqual(delivery["attempts"], 1)
            time.sleep(2)
            self.assertEqual(len(receiver.got), 1, "it was told twice")

    def test_what_is_tried_again_tells_its_new_end(self):
        receiver = self.receiver()
        zip_id = self.create("zips", receiver.url, ["later.txt"])
        first = self.check_told(receiver.wait_for(1)[0], "zips", zip_id, "zip.failed")
        self.put("later.txt", "alpha")
        credentials = {"accessKeyId": self.access_key, "secretAccessKey": self.secret_key}
        reply = request("POST", f"{self.server.url}/api/zips/{zip_id}/retry", self.api.bearer,
                        json.dumps({"credentials": credentials}))
        self.assertEqual(reply.status, 200, reply.body)
        second = self.check_told(receiver.wait_for(2)[1], "zips", zip_id, "zip.succeeded")
        self.assertNotEqual(first["id"], second["id"])

    def test_over_tls(self):
        certificate, key = self.folder / "hook.pem", self.folder / "hook.key"
        self.ca.issue(certificate, key)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        receiver = self.receiver(tls)
        for url in (receiver.url, receiver.url.replace("127.0.0.1", "localhost")):
            receiver.got.clear()
            zip_id = self.create("zips", url)
            self.check_told(receiver.wait_for(1)[0], "zips", zip_id, "zip.succeeded")

    def test_a_stranger_s_certificate_is_refused(self):
        folder = self.folder / "stranger"
        folder.mkdir()
        stranger = PrivateCa(folder)
        stranger.issue(folder / "pem", folder / "hook.key")
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(folder / "pem", folder / "hook.key")
        receiver = self.receiver(tls)
        zip_id = self.create("zips", receiver.url)
        delivery = self.wait_for_delivery("zips", zip_id, lambda one: one["attempts"] > 0)
        self.assertEqual((delivery["state"], delivery["lastStatus"]), ("retrying", None))
        self.assertIn("certificate", delivery["lastError"])
        self.assertEqual(receiver.got, [])

    def test_what_fails_is_tried_again_over_a_kill(self):
        receiver = self.receiver()
        receiver.answers = [500, 307]
        zip_id = self.create("zips", receiver.url)
        receiver.wait_for(1)
        delivery = self.wait_for_delivery("zips", zip_id, lambda one: one["attempts"] == 1)
        self.assertEqual((delivery["state"], delivery["lastStatus"], delivery["event"]),
                         ("retrying", 500, "zip.succeeded"))
        self.assertEqual(delivery["lastError"], "the receiver answered 500")
        self.assertIsNotNone(delivery["nextAttemptAt"])
        self.server.kill()
        self.server.start()
        receiver.wait_for(3)
        # The redirect was not followed.
        self.assertEqual({got[0] for got in receiver.got}, {"/"})
        self.assertEqual(len({got[1]["S3zipper-Delivery"] for got in receiver.got}), 1)
        pauses = [later[3] - earlier[3] for earlier, later in zip(receiver.got, receiver.got[1:])]
        self.assertGreater(pauses[1], pauses[0])
        delivery = self.check_told(receiver.got[-1], "zips", zip_id, "zip.succeeded")
        self.assertEqual(delivery["attempts"], 3)

    def test_who_never_answers_holds_up_nobody_else(self):
        silent = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.addCleanup(silent.close)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        held = [self.create("zips", url) for _ in range(12)]
        receiver = self.receiver()
        zip_id = self.create("zips", receiver.url)
        self.check_told(receiver.wait_for(1)[0], "zips", zip_id, "zip.succeeded")
        states = [self.delivery("zips", one) for one in held]
        self.assertIn("pending", [one["state"] for one in states])
        # Only so many of its own are begun at a time.
        silent.settimeout(1)
        begun = []
        try:
            while True:
                begun.append(silent.accept()[0])
        except TimeoutError:
            pass
        for connection in begun:
            self.addCleanup(connection.close)
        self.assertEqual(len(begun), 4)
        delivery = self.wait_for_delivery("zips", held[0], lambda one: one["state"] == "retrying")
        self.assertIsNone(delivery["lastStatus"])
        self.assertTrue(delivery["lastError"])

    def test_an_endless_answer_does_not_matter(self):
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)

        def pour():
            connection, _ = server.accept()
            connection.recv(1 << 16)
            try:
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                while True:
                    connection.sendall(b"x" * 65536)
            except OSError:
                connection.close()

        threading.Thread(target=pour, daemon=True).start()
        zip_id = self.create("zips", f"http://127.0.0.1:{server.getsockname()[1]}/")
        delivery = self.wait_for_delivery("zips", zip_id, lambda one: one["attempts"] > 0)
        self.assertEqual((delivery["state"], delivery["lastStatus"]), ("delivered", 200))

    def test_addresses_inside_are_refused(self):
        for url in ("http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/"):
            reply = self.post("zips", url)
            self.assertEqual(reply.status, 403, url)
            self.assertIn("webhook has an address that is not public", reply.message)
        for url in ("ftp://a.example/", "a.example", "https://u:p@a.example/", "http://a/#b", 1):
            reply = self.post("streams", url)
            self.assertEqual(reply.status, 400, url)
            self.assertTrue(reply.message.startswith("webhook "), reply.message)

    def test_a_repeated_create_tells_once(self):
        receiver = self.receiver()
        zip_id = self.create("zips", receiver.url, idempotencyKey="once")
        again = self.post("zips", receiver.url, idempotencyKey="once")
        self.assertEqual((again.status, again.json["id"]), (200, zip_id))
        receiver.wait_for(1)
        time.sleep(2)
        self.assertEqual(len(receiver.got), 1)

    def test_deliveries_are_the_caller_s_own(self):
        receiver = self.receiver()
        zip_id = self.create("zips", receiver.url + "/?token=hidden")
        receiver.wait_for(1)
        other = Api(self.server.url, self.server.create_account(self.id()))
        path = f"{self.server.url}/api/zips/{zip_id}/deliveries"
        self.assertEqual(request("GET", path, other.bearer).status, 404)
        self.assertEqual(request("GET", path).status, 401)
        self.assertNotIn("hidden", self.server.log())
        stored = (self.server.data / "s3zipper.db").read_bytes()
        self.assertNotIn(b"token=hidden", stored)
        secrets = {request("GET", self.server.url + "/api/account/webhook-secret",
                           api.bearer).json["secret"] for api in (self.api, other)}
        self.assertEqual(len(secrets), 2)


class ForbiddenNetworkTest(ServiceTest):
    """As the server comes: this machine and its neighbours are not told anything."""

    def test_this_machine_is_refused(self):
        for host in ("127.0.0.1:9", "localhost:9", "a.localhost"):
            body = {"credentials": {"accessKeyId": "a", "secretAccessKey": "b"}, "bucket": BUCKET,
                    "sources": ["a"], "webhook": f"http://{host}/"}
            reply = request("POST", self.server.url + "/api/zips", self.api.bearer,
                            json.dumps(body))
            self.assertEqual(reply.status, 403, reply.body)
            self.assertIn("webhook.allowed_networks", reply.message)


class CancelledTest(GatedServiceTest):
    settings = {"WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}

    def test_a_cancelled_zip_tells_so(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        self.gate.shut()
        body = {"credentials": {"accessKeyId": self.access_key, "secretAccessKey": self.secret_key},
                "bucket": BUCKET, "sources": ["a.txt"], "webhook": receiver.url}
        zip_id = request("POST", f"{self.server.url}/api/zips", self.api.bearer,
                         json.dumps(body)).json["id"]
        request("POST", f"{self.server.url}/api/zips/{zip_id}/cancel", self.api.bearer)
        told = json.loads(receiver.wait_for(1)[0][2])
        self.assertEqual((told["event"], told["zip"]["state"]), ("zip.cancelled", "cancelled"))
        [delivery] = request("GET", f"{self.server.url}/api/zips/{zip_id}/deliveries",
                             self.api.bearer).json["deliveries"]
        self.assertEqual(delivery["event"], "zip.cancelled")
        usage = request("GET", f"{self.server.url}/api/usage", self.api.bearer).json["last24Hours"]
        self.assertEqual((usage["zips"], usage["zipsFailed"], usage["zipsCancelled"]), (1, 0, 1))


if __name__ == "__main__":
    unittest.main()
