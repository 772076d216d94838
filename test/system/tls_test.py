"""TLS in the server: what it agrees to, certificates that are replaced, the redirect beside it,
clients that stall, and downloads that are whole, cut and resumed."""

import random
import re
import signal
import socket
import ssl
import subprocess
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import zips
from api_client import request
from program import run
from tls_case import TlsTest

MIB = 1 << 20
STALLED = 200
RELOAD_S = 60


def content_of(size, seed):
    return random.Random(seed).randbytes(size)


class AgreementTest(TlsTest):
    """What the handshake agrees to."""

    def s_client(self, *arguments):
        host, port = self.address
        return subprocess.run(["openssl", "s_client", "-connect", f"{host}:{port}", "-CAfile",
                               self.ca.file, "-verify_return_error", *arguments], timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    def test_versions(self):
        for version in ("-tls1_2", "-tls1_3"):
            self.assertEqual(self.s_client(version).returncode, 0, version)
        # The client would take it.
        for version in ("-tls1", "-tls1_1"):
            refused = self.s_client(version, "-cipher", "DEFAULT@SECLEVEL=0")
            self.assertNotEqual(refused.returncode, 0, version)
            self.assertIn("alert protocol version", refused.stderr)

    def test_ciphers_of_tls_1_2(self):
        for cipher in ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"):
            self.assertEqual(self.s_client("-tls1_2", "-cipher", cipher).returncode, 0, cipher)
        for cipher in ("ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256"):
            self.assertNotEqual(self.s_client("-tls1_2", "-cipher", cipher).returncode, 0, cipher)

    def test_the_protocol_is_http_1_1(self):
        chosen = self.s_client("-alpn", "h2,http/1.1")
        self.assertIn("ALPN protocol: http/1.1", chosen.stdout)
        self.assertIn("No ALPN negotiated", self.s_client().stdout)
        self.assertNotEqual(self.s_client("-alpn", "h2").returncode, 0)

    def test_who_does_not_know_the_ca_gets_no_further(self):
        with self.assertRaises(urllib.error.URLError) as refused:
            urllib.request.urlopen(f"{self.server.url}/healthz", timeout=60,
                                   context=ssl.create_default_context())
        self.assertIsInstance(refused.exception.reason, ssl.SSLCertVerificationError)

    def test_sessions_are_resumed(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.context()
            context.minimum_version = context.maximum_version = version
            session, reused = None, []
            for _ in range(2):
                with socket.create_connection(self.address, timeout=60) as plain, \
                        context.wrap_socket(plain, server_hostname="127.0.0.1",
                                            session=session) as tls:
                    tls.sendall(b"GET /healthz HTTP/1.1\r\nHost: zip\r\nConnection: close\r\n\r\n")
                    while tls.recv(4096):
                        pass
                    session = tls.session
                    reused.append(tls.session_reused)
            self.assertEqual(reused, [False, True], version)

    def test_plain_http_is_off(self):
        with socket.create_connection(self.address, timeout=60) as plain:
            plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: zip\r\n\r\n")
            try:
                self.assertNotIn(b"HTTP/1.1", plain.recv(4096))
            except ConnectionResetError:
                pass

    def test_who_stalls_or_talks_nonsense_disturbs_nobody(self):
        # The beginning of a handshake, of a record that never ends, and no handshake at all.
        beginnings = (b"", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"r" * 20,
                      b"\x16\x03\x01\x40\x00", b"\0" * 100)
        stalled = []
        for number in range(STALLED):
            stalled.append(socket.create_connection(self.address, timeout=60))
            stalled[-1].sendall(beginnings[number % len(beginnings)])
        self.put("beside.txt", "beside")
        link = self.succeed(self.api.start("streamzip", self.fields("beside.txt")))
        self.assertEqual(request("GET", link).status, 200)
        for client in stalled:
            with client:
                try:
                    while piece := client.recv(4096):  # an alert, at most; then the end
                        self.assertNotIn(b"HTTP", piece)
                except ConnectionResetError:
                    pass
        self.assertEqual(request("GET", f"{self.server.url}/healthz").status, 200)


class CertificateTest(TlsTest):
    def serial(self):
        with socket.create_connection(self.address, timeout=60) as plain, \
                self.context().wrap_socket(plain, server_hostname="localhost") as tls:
            return tls.getpeercert()["serialNumber"]

    def wait_for_another(self, serial):
        deadline = time.monotonic() + RELOAD_S
        while self.serial() == serial:
            self.assertLess(time.monotonic(), deadline, "the certificate is still the old one")
            time.sleep(0.1)

    def wait_for_log(self, text, count):
        deadline = time.monotonic() + RELOAD_S
        while self.server.log().count(text) < count:
            self.assertLess(time.monotonic(), deadline, f"the log does not say {text}")
            time.sleep(0.1)

    def test_a_new_certificate_is_taken_while_others_go_on(self):
        first = self.serial()
        with socket.create_connection(self.address, timeout=60) as plain, \
                self.context().wrap_socket(plain, server_hostname="127.0.0.1") as before:
            self.ca.issue(self.certificate, self.key)
            self.wait_for_another(first)
            second = self.serial()
            self.ca.issue(self.certificate, self.key)
            self.server.process.send_signal(signal.SIGHUP)
            self.wait_for_another(second)
            before.sendall(b"GET /healthz HTTP/1.1\r\nHost: zip\r\n\r\n")
            self.assertTrue(before.recv(4096).startswith(b"HTTP/1.1 200 "))

    def test_a_broken_pair_keeps_the_old_one(self):
        serial = self.serial()
        old = (self.certificate.read_bytes(), self.key.read_bytes())
        stays = "the certificate stays the old one: tls."
        count = self.server.log().count(stays)
        self.certificate.write_text("no certificate")
        self.wait_for_log(stays + "certificate_file", 1)
        self.certificate.write_bytes(old[0])
        self.ca.issue(self.folder / "unused.pem", self.key)
        self.server.process.send_signal(signal.SIGHUP)
        self.wait_for_log(stays + "key_file", 1)
        self.key.unlink()
        self.server.process.send_signal(signal.SIGHUP)
        self.wait_for_log(stays, count + 3)
        self.assertEqual(self.serial(), serial)
        self.key.write_bytes(old[1])

    def test_a_pair_that_cannot_be_used_is_an_error_that_names_the_setting(self):
        cases = (({"TLS_CERTIFICATE_FILE": self.certificate}, "needs tls.key_file"),
                 ({"TLS_CERTIFICATE_FILE": self.certificate, "TLS_KEY_FILE": self.folder / "none"},
                  "tls.key_file: "),
                 ({"TLS_CERTIFICATE_FILE": self.key, "TLS_KEY_FILE": self.key},
                  "tls.certificate_file: "))
        for settings, text in cases:
            ended = run("serve", settings={"DATA_DIR": self.folder / "other", **settings,
                                           "LISTEN": "127.0.0.1:0"})
            self.assertEqual(ended.returncode, 78, ended.stderr)
            self.assertIn(text, ended.stderr)


class RedirectTest(TlsTest):
    def test_pages_and_links_are_redirected(self):
        for method in ("GET", "HEAD"):
            reply = request(method, f"{self.server.redirect_url}/stream/a%20b?c=d")
            self.assertEqual(reply.status, 308)
            self.assertEqual(reply.headers["Location"], f"{self.server.url}/stream/a%20b?c=d")
        self.put("a.txt", "a")
        link = self.succeed(self.api.start("streamzip", self.fields("a.txt")))
        plain = link.replace(self.server.url, self.server.redirect_url)
        path = self.folder / "redirected.zip"
        subprocess.run(["curl", "-sSfL", "--cacert", self.ca.file, "-o", path, plain], check=True,
                       timeout=60)
        zips.check(path, {"a.txt": zips.sha256(b"a")})

    def test_calls_are_refused_not_redirected(self):
        for path in ("/gentoken", "/v2/zipstart", "/v1/zipresult", "/none"):
            reply = request("POST", self.server.redirect_url + path,
                            {"Content-Type": "application/json"}, b"{}")
            self.assertEqual(reply.status, 403)
            self.assertIn("https://", reply.message)
            self.assertIsNone(reply.headers["Location"])


class DownloadTest(TlsTest):
    settings = {"MEMORY_BUDGET": 72 * MIB}  # of which half is read ahead at most

    def link_of(self, key):
        return self.succeed(self.api.start("streamzip", self.fields(key)))

    def curl(self, *arguments):
        return subprocess.run(["curl", "-sS", "--cacert", self.ca.file, *arguments], timeout=120,
                              capture_output=True, text=True, check=False)

    def test_links_are_https_and_downloads_whole(self):
        large = content_of(64 * MIB, 1)
        expected = self.put_all({"large.bin": large, "small.txt": "small"})
        for way in (self.zip_to_bucket, self.zip_as_stream):
            zips.check(way("large.bin", "small.txt"), expected)
        self.assertTrue(self.link_of("small.txt").startswith(self.server.url + "/stream/"))

    def test_curl_resumes(self):
        digest = self.put("resumed.bin", content_of(16 * MIB, 2))
        link = self.link_of("resumed.bin")
        path = self.folder / "resumed.zip"
        first = self.curl("-o", path, "--max-time", "1", "--limit-rate", "4M", link)
        self.assertEqual(first.returncode, 28, first.stderr)  # its time is over
        self.assertIn(path.stat().st_size // MIB, range(16))
        self.assertEqual(self.curl("-f", "-C", "-", "-o", path, link).returncode, 0)
        zips.check(path, {"resumed.bin": digest})

    def open_download(self, link):
        """The stream, once the head has come; it says where TLS did not end as it should."""
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        plain.settimeout(60)
        plain.connect(self.address)
        context = self.context()
        context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
        client = context.wrap_socket(plain, server_hostname="127.0.0.1",
                                     suppress_ragged_eofs=False)
        self.addCleanup(client.close)
        path = urllib.parse.urlsplit(link).path
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: zip\r\nConnection: close\r\n\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(1)
        self.assertTrue(head.startswith(b"HTTP/1.1 200 "), head)
        return client, int(re.search(rb"Content-Length: (\d+)", head)[1])

    def test_a_whole_answer_ends_as_tls_should(self):
        self.put("whole.txt", "whole")
        client, left = self.open_download(self.link_of("whole.txt"))
        while left:
            left -= len(client.recv(left))
        self.assertEqual(client.recv(1), b"")

    def test_a_cut_download_does_not_look_complete(self):
        self.put("changed.bin", content_of(96 * MIB, 3))
        client, left = self.open_download(self.link_of("changed.bin"))
        left -= len(client.recv(MIB))
        self.put("changed.bin", "another")  # behind what has been read ahead
        with self.assertRaises((ssl.SSLError, ConnectionResetError)):
            while piece := client.recv(MIB):
                left -= len(piece)
        self.assertGreater(left, 0)


if __name__ == "__main__":
    unittest.main()
