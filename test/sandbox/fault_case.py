"""What tests of the sandbox's faults share: a rule as text, and requests by a socket that sees each
byte and how the connection ends."""

import hashlib
import re
import socket
import sys
from pathlib import Path

from sandbox_server import SandboxTest
from signing import Signing

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
import virtual_content  # noqa: E402

SIZE = 300_000
PATIENCE_S = 1.0  # after which a connection without a byte counts as stalled


def fault(bucket, do, **fields):
    lines = [f'bucket = "{bucket}"', f'do = "{do}"']
    for name, value in fields.items():
        shown = str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')
        lines.append(f"{name} = {shown}")
    return "[[fault]]\n" + "\n".join(lines) + "\n"


class Answer:
    """What came over a connection: `head` and `body` as bytes, `end` is one of "closed", "reset",
    "stalled" and "whole" (all of Content-Length is there)."""

    def __init__(self, received, end):
        self.head, _, self.body = received.partition(b"\r\n\r\n")
        self.end = end

    @property
    def status(self):
        return int(self.head.split()[1])

    def header(self, name):
        found = re.search(rb"\r\n" + name.encode() + rb": ([^\r]*)", self.head, re.IGNORECASE)
        return found and found[1].decode()


class FaultTest(SandboxTest):
    def send(self, method, target, headers=None, body=b"", until_stalled=False, started=None):
        """A signed request by a socket of its own; sets `started` at the answer's first bytes."""
        host = f"127.0.0.1:{self.server.port}"
        lines = Signing().headers(method, target, host, hashlib.sha256(body).hexdigest(), headers)
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        if body:
            head += f"Content-Length: {len(body)}\r\n"
        connection = socket.create_connection(("127.0.0.1", self.server.port), timeout=60)
        if until_stalled:
            connection.settimeout(PATIENCE_S)
        received, end = b"", None
        try:
            connection.sendall(f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode() + body)
            while end is None:
                piece = connection.recv(1 << 16)
                received += piece
                if started:
                    started.set()
                end = None if piece else "closed"
                length = Answer(received, None).header("content-length")
                whole = len(Answer(received, None).body) == int(length or -1)
                if piece and whole and b"\r\n\r\n" in received:
                    end = "whole"
        except (ConnectionResetError, BrokenPipeError):
            end = "reset"
        except TimeoutError:
            end = "stalled"
        connection.close()
        return Answer(received, end)

    def get_raw(self, bucket, key="object", **more):
        return self.send("GET", f"/{bucket}/{key}", **more)

    def content(self, key="object", size=SIZE):
        return virtual_content.content(key, size)

    def outcomes(self, bucket, count, key="object"):
        """Of so many GETs: the status, or how the connection ended."""
        answers = [self.get_raw(bucket, key) for _ in range(count)]
        return [a.status if a.end == "whole" else a.end for a in answers]

    def fired(self, bucket):
        """The kinds of faults that struck requests for a bucket, in order."""
        return re.findall(rf"fault \S+ fired: (\S+), \S+ {bucket}/", self.server.log())

    @classmethod
    def setUpClass(cls):
        buckets = set(re.findall(r'^bucket = "(.*)"$', cls.faults, re.MULTILINE))
        cls.virtual = [*(f"{bucket}/object={SIZE}" for bucket in sorted(buckets)), *cls.virtual]
        super().setUpClass()
