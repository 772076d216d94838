"""SigV4 written anew, for requests that no client makes: raw targets, old dates, signed chunks.

"Authenticating Requests (AWS Signature Version 4)", Amazon S3 API reference.
"""

import datetime
import hashlib
import hmac
from urllib.parse import parse_qsl, quote, unquote_to_bytes

from sandbox_server import ACCESS_KEY, REGION, SECRET_KEY

EMPTY_HASH = hashlib.sha256(b"").hexdigest()


def _hmac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Signing:
    def __init__(self, access_key=ACCESS_KEY, secret_key=SECRET_KEY, region=REGION, age_s=0):
        now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=age_s)
        self.date = now.strftime("%Y%m%dT%H%M%SZ")
        self.scope = f"{self.date[:8]}/{region}/s3/aws4_request"
        self.access_key = access_key
        key = _hmac(("AWS4" + secret_key).encode(), self.date[:8])
        for part in (region, "s3", "aws4_request"):
            key = _hmac(key, part)
        self.key = key

    def sign_text(self, kind, *lines):
        text = "\n".join([kind, self.date, self.scope, *lines])
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()

    def headers(self, method, target, host, payload_hash, more=None):
        """The request's headers, with Authorization; `seed` is its signature."""
        path, _, query = target.partition("?")
        fields = sorted((quote(k, safe="~"), quote(v, safe="~"))
                        for k, v in parse_qsl(query, keep_blank_values=True))
        headers = {"host": host, "x-amz-date": self.date, "x-amz-content-sha256": payload_hash,
                   **{name.lower(): value for name, value in (more or {}).items()}}
        names = sorted(headers)
        canonical = "\n".join([
            method, quote(unquote_to_bytes(path), safe="/~"), "&".join(f"{k}={v}" for k, v in fields),
            *(f"{name}:{headers[name].strip()}" for name in names), "", ";".join(names), payload_hash])
        self.seed = self.sign_text("AWS4-HMAC-SHA256", hashlib.sha256(canonical.encode()).hexdigest())
        headers["Authorization"] = (f"AWS4-HMAC-SHA256 Credential={self.access_key}/{self.scope}, "
                                    f"SignedHeaders={';'.join(names)}, Signature={self.seed}")
        return headers

    def signed_chunks(self, chunks, trailers=None):
        """The aws-chunked body, each chunk signed behind the one before; headers() comes first."""
        body, last = b"", self.seed
        for chunk in [*chunks, b""]:
            last = self.sign_text("AWS4-HMAC-SHA256-PAYLOAD", last, EMPTY_HASH,
                                  hashlib.sha256(chunk).hexdigest())
            body += f"{len(chunk):x};chunk-signature={last}\r\n".encode() + chunk
            body += b"\r\n" if chunk else b""
        if trailers:
            text = "".join(f"{name}:{value}\n" for name, value in trailers.items())
            signature = self.sign_text("AWS4-HMAC-SHA256-TRAILER", last,
                                       hashlib.sha256(text.encode()).hexdigest())
            body += text.replace("\n", "\r\n").encode()
            body += f"x-amz-trailer-signature:{signature}\r\n".encode()
        return body + b"\r\n"


def signed_request(server, method, target, headers=None, body=b"", payload_hash=None, signing=None):
    """Sends a signed request; `payload_hash` other than the body's is sent as it is."""
    signing = signing or Signing()
    payload_hash = payload_hash or hashlib.sha256(body).hexdigest()
    lines = signing.headers(method, target, f"127.0.0.1:{server.port}", payload_hash, headers)
    return server.raw(method, target, lines, body)
