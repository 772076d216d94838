"""HTTP by hand, for what no client library sends: bytes over a socket, and the answers to them."""

import http.client
import io
import socket
import urllib.parse

TIMEOUT_S = 120


def connect(url):
    parts = urllib.parse.urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT_S)


def read_to_end(connection):
    """What comes until the server closes; a reset is an end, too, after what came before."""
    pieces = []
    try:
        while piece := connection.recv(65536):
            pieces.append(piece)
    except ConnectionResetError:
        pieces.append(b"<reset>")
    return b"".join(pieces)


def exchange(url, sent):
    """Sends bytes and reads until the server closes."""
    with connect(url) as connection:
        connection.sendall(sent)
        return read_to_end(connection)


class _Bytes:
    """A socket for http.client that has these bytes only."""

    def __init__(self, file):
        self._file = file

    def makefile(self, *_):
        return self._file


def answers(received):
    """The (status, body) of each answer in bytes that hold several; 1xx have no body."""
    found = []
    rest = received
    while rest:
        if rest.startswith(b"HTTP/1.1 1"):
            head, _, rest = rest.partition(b"\r\n\r\n")
            found.append((int(head[9:12]), b""))
            continue
        file = io.BytesIO(rest)
        file.close = lambda: None  # http.client closes what it has read to its end
        answer = http.client.HTTPResponse(_Bytes(file))
        answer.begin()
        found.append((answer.status, answer.read()))
        rest = rest[file.tell():]
    return found
