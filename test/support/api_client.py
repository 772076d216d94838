"""A client of the API, written from its documentation: calls in the three body types, and
downloads of links."""

import hashlib
import http.client
import json
import secrets
import ssl
import urllib.parse

TIMEOUT_S = 300
FORMS = ("urlencoded", "multipart", "json")

_trusted = ssl.create_default_context()


def trust(ca_file):
    """Certificates that this one vouches for, besides the system's."""
    _trusted.load_verify_locations(ca_file)


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def message(self):
        return self.json["message"]


def request(method, url, headers=None, body=None):
    """A request that follows no redirect; the whole answer."""
    connection, target = _connect(url)
    try:
        connection.request(method, target, body=body, headers=headers or {})
        answer = connection.getresponse()
        return Reply(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def download(url, path, headers=None):
    """GETs a link into a file; the answer, its body the SHA-256 of the content in hex."""
    connection, target = _connect(url)
    try:
        connection.request("GET", target, headers=headers or {})
        answer = connection.getresponse()
        digest = hashlib.sha256()
        with open(path, "wb") as file:
            while piece := answer.read(1 << 20):
                digest.update(piece)
                file.write(piece)
        return Reply(answer.status, answer.headers, digest.hexdigest())
    finally:
        connection.close()


def _connect(url):
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "http":
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_S)
    elif parts.scheme == "https":
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=TIMEOUT_S,
                                                 context=_trusted)
    else:
        raise ValueError(f"not an http:// or https:// address: {url}")
    target = urllib.parse.urlunsplit(("", "", parts.path, parts.query, ""))
    return connection, target


def encode(fields, form):
    """The body and its Content-Type; a list is repeated keys in the forms."""
    if form == "json":
        return json.dumps(fields).encode(), "application/json"
    if form == "urlencoded":
        return (urllib.parse.urlencode(fields, doseq=True).encode(),
                "application/x-www-form-urlencoded")
    boundary = secrets.token_hex(16)
    parts = []
    for name, value in fields.items():
        for text in value if isinstance(value, list) else [value]:
            parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
                         f"{text}\r\n")
    parts.append(f"--{boundary}--\r\n")
    return "".join(parts).encode(), f'multipart/form-data; boundary="{boundary}"'


class Api:
    """One account's calls. A token is asked for at the first need."""

    def __init__(self, url, keys):
        self.url = url
        self.keys = keys
        self._token = None

    def post(self, path, fields=None, form="json", headers=None):
        body, content_type = encode(fields or {}, form)
        return request("POST", self.url + path,
                       {"Content-Type": content_type, **(headers or {})}, body)

    @property
    def token(self):
        if self._token is None:
            reply = self.post("/gentoken", self.keys)
            if reply.status != 200:
                raise RuntimeError(f"gentoken: {reply.status} {reply.body}")
            self._token = reply.json["token"]
        return self._token

    @property
    def bearer(self):
        return {"Authorization": f"Bearer {self.token}"}

    def call(self, path, fields, form="json", headers=None):
        return self.post(path, fields, form, {**self.bearer, **(headers or {})})

    def start(self, call, fields, version=2, form="json", headers=None):
        """zipstart or streamzip, which must start; the start reply."""
        reply = self.call(f"/v{version}/{call}", fields, form, headers)
        if reply.status != 200 or reply.message != "STARTED":
            raise RuntimeError(f"{call}: {reply.status} {reply.body}")
        return reply.json

    def state(self, task, version=2):
        return self.call(f"/v{version}/zipstate", task).json

    def result(self, task, version=2):
        """Waits until the task ends."""
        return self.call(f"/v{version}/zipresult", task).json
