"""A TCP relay in front of a store that can hold all bytes, or let only so many pass: so that a test
can stop a transfer at a known point and look around. It knows nothing of HTTP, so signatures over
the Host header hold.
"""

import socket
import threading
import urllib.parse

CHUNK_BYTES = 64 * 1024


class TcpGate:
    """`sent`: bytes that clients have sent to the store; `received`: what came back."""

    def __init__(self, target_url):
        target = urllib.parse.urlsplit(target_url)
        self._target = (target.hostname, target.port)
        self._changed = threading.Condition()
        self._limit = None  # of `sent`; None: all may pass
        self._last_post = None
        self._shut = False
        self._closed = False
        self._sockets = set()
        self.sent = 0
        self.received = 0
        self.posts = []  # targets of the POST requests whose head began a chunk
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def connections(self):
        """How many are open now."""
        with self._changed:
            return len(self._sockets) // 2

    def shut(self):
        """No byte passes from now on, in either direction."""
        with self._changed:
            self._shut = True

    def open(self):
        with self._changed:
            self._shut, self._limit, self._last_post = False, None, None
            self._changed.notify_all()

    def shut_after(self, count):
        """After so many more bytes have gone to the store."""
        with self._changed:
            self._limit = self.sent + count

    def shut_behind_post(self, text):
        """After a POST request with this in its target has gone to the store: it will be carried
        out, but its answer is not heard."""
        with self._changed:
            self._last_post = text

    def wait_until_shut(self, timeout_s=60):
        with self._changed:
            if not self._changed.wait_for(lambda: self._shut, timeout_s):
                raise RuntimeError(f"only {self.sent} bytes were sent in {timeout_s} s")

    def drop_connections(self):
        with self._changed:
            for each in self._sockets:
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def close(self):
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._listener.close()
        self.drop_connections()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
                store = socket.create_connection(self._target)
            except OSError:
                if self._closed:
                    return
                client.close()
                continue
            for end in (client, store):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._changed:
                self._sockets |= {client, store}
            for source, sink, up in ((client, store, True), (store, client, False)):
                threading.Thread(target=self._relay, args=(source, sink, up), daemon=True).start()

    def _relay(self, source, sink, up):
        try:
            while piece := source.recv(CHUNK_BYTES):
                if not self._pass(piece, up):
                    break
                sink.sendall(piece)
        except OSError:
            pass
        with self._changed:
            self._sockets -= {source, sink}
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        if up:
            source.close()
            sink.close()

    def _pass(self, piece, up):
        """Waits until the piece may pass; False when the gate is closed for good."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or not self._shut)
            if not up:
                self.received += len(piece)
                return not self._closed
            self.sent += len(piece)
            if piece.startswith(b"POST "):
                self.posts.append(piece.split(b" ", 2)[1].decode())
                if self._last_post is not None and self._last_post in self.posts[-1]:
                    self._limit = self.sent
            if self._limit is not None and self.sent >= self._limit:
                self._shut, self._limit, self._last_post = True, None, None
                self._changed.notify_all()
            return not self._closed
