"""A certificate authority of a test's own, by openssl(1), and servers' certificates that it signs."""

import shutil
import subprocess


class PrivateCa:
    """`file`: the certificate that clients must trust."""

    def __init__(self, folder):
        self._folder = folder
        self._made = 0
        self.file = folder / "ca.pem"
        self._key = folder / "ca.key"
        self._openssl("req", "-x509", *_new_key(self._key), "-subj", "/CN=Private CA", "-days", "2",
                      "-addext", "keyUsage=critical,keyCertSign", "-out", self.file)

    def issue(self, certificate, key):
        """Writes a new pair for 127.0.0.1 and localhost."""
        self._made += 1
        new = [self._folder / f"{self._made}.{kind}" for kind in ("key", "request", "names", "pem")]
        new_key, request, names, new_certificate = new
        names.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n"
                         "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n")
        self._openssl("req", *_new_key(new_key), "-subj", f"/CN=server {self._made}",
                      "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self._key,
                      "-CAcreateserial", "-days", "1", "-extfile", names, "-out", new_certificate)
        shutil.copy(new_certificate, certificate)
        shutil.copy(new_key, key)

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True,
                       cwd=self._folder)


def _new_key(path):
    return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path)
