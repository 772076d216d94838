"""A receiver of webhooks: checks that they are from our server, and prints what they tell.

    PORT=8000 WEBHOOK_SECRET=… python3 webhook.py
"""

import hashlib
import hmac
import http.server
import json
import os
import time

SECRET = os.environ["WEBHOOK_SECRET"].encode()  # of GET /api/account/webhook-secret
OLDEST_S = 300


def is_genuine(headers, body):
    timestamp = headers.get("S3zipper-Timestamp", "")
    given = headers.get("S3zipper-Signature", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > OLDEST_S:
        return False
    signed = hmac.new(SECRET, timestamp.encode() + b"." + body, hashlib.sha256)
    return hmac.compare_digest(given.encode(), b"v1=" + signed.hexdigest().encode())


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        genuine = is_genuine(self.headers, body)
        if genuine:
            told = json.loads(body)
            print(told["event"], (told.get("zip") or told["stream"])["id"], flush=True)
        self.send_response(204 if genuine else 401)
        self.end_headers()

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver).serve_forever()
