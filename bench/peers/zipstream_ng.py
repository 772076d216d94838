#!/usr/bin/python3
"""zipstream-ng (Debian's python3-zipstream-ng): objects are fetched in turn over one connection.

    zipstream_ng.py HOST:PORT STORE_URL LIST

A GET of PREFIX is answered with a zip of the list's objects at STORE_URL + PREFIX + KEY. Its length
is not told beforehand: what version 1.4 predicts is not what it then writes.
"""

import http.client
import http.server
import sys
from pathlib import Path

from zipstream import ZipStream

PIECE_BYTES = 256 << 10


def content(connection, target):
    connection.request("GET", target)
    reply = connection.getresponse()
    if reply.status != 200:
        raise RuntimeError(f"{target}: {reply.status}")
    while piece := reply.read(PIECE_BYTES):
        yield piece


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        connection = http.client.HTTPConnection(self.server.store)
        archive = ZipStream()
        for key in self.server.keys:
            archive.add(content(connection, self.path + key), key)
        self.send_response(200)
        self.send_header("Content-Type", "application/zip")
        self.end_headers()
        for piece in archive:
            self.wfile.write(piece)
        connection.close()


def main():
    address, store, list_path = sys.argv[1:]
    host, port = address.split(":")
    server = http.server.ThreadingHTTPServer((host, int(port)), Handler)
    server.store = store.removeprefix("http://")
    server.keys = [line.split()[0] for line in Path(list_path).read_text().splitlines()]
    server.serve_forever()


if __name__ == "__main__":
    main()
