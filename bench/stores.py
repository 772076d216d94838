"""The stores that objects are fetched from: nginx as a plain file server, and s3_like."""

import os
import urllib.request
from pathlib import Path

from objects import warm
from processes import Process, free_address

NGINX = """\
daemon off;
{user}
worker_processes {workers};
pid {folder}/{name}.pid;
error_log stderr warn;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  default_type application/octet-stream;
  client_body_temp_path {folder}/{name}-body;
  proxy_temp_path {folder}/{name}-proxy;
  fastcgi_temp_path {folder}/{name}-fastcgi;
  uwsgi_temp_path {folder}/{name}-uwsgi;
  scgi_temp_path {folder}/{name}-scgi;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  server_tokens off;
{http}
}}
"""

# A round before the key is left out; listings come from s3_like, which has the files' ETags.
ORIGIN = """\
  server {{
    listen {address}{tls};
    location ~ ^/bench/?$ {{ proxy_pass http://{listing}; proxy_buffering off; }}
    location ~ "^/bench/(?:r[0-9]+/)?(?<key>.+)$" {{ alias {bucket}/$key; }}
  }}
"""


# Goes behind the address that nginx listens on.
TLS = """ ssl;
    ssl_certificate {certificate.file};
    ssl_certificate_key {certificate.key};
    ssl_protocols TLSv1.3;
    proxy_ssl_protocols TLSv1.3"""


def tls_lines(setup):
    return TLS.format(certificate=setup.certificate)


def start_nginx(folder, name, http, workers):
    user = "user root;" if os.geteuid() == 0 else ""
    path = Path(folder) / f"{name}.conf"
    path.write_text(NGINX.format(user=user, workers=workers, folder=folder, name=name, http=http))
    return Process(folder, name, ["nginx", "-p", folder, "-e", "stderr", "-c", path])


class S3Like:
    """s3_like with some sets, or with the objects of list files; `limits`: its options."""

    tls = False

    def __init__(self, setup, sets=(), lists=(), limits=(), name="s3_like"):
        self.address = free_address()
        command = [setup.tool("s3_like"), "--listen", self.address, "--content",
                   setup.objects.content, *limits]
        for one in sets:
            command += ["--set", one.declaration]
        for path in lists:
            command += ["--manifest", path]
        self.process = Process(setup.folder, name, command).ready()

    @property
    def url(self):
        return f"http://{self.address}"

    def stop(self):
        self.process.stop()


class Origin:
    """nginx serving files from the page cache, over TLS where that is wanted."""

    def __init__(self, setup, sets, tls=False):
        self.setup, self.tls = setup, tls
        lists = [setup.objects.list_file("origin", one) for one in sets]
        for path in lists:
            warm(path, setup.objects.bucket)
        self.listing = S3Like(setup, lists=lists, name="origin-listing")
        self.address = free_address()
        http = ORIGIN.format(address=self.address, listing=self.listing.address,
                             bucket=setup.objects.bucket, tls=tls_lines(setup) if tls else "")
        self.process = start_nginx(setup.folder, "origin", http, os.cpu_count())
        self.process.listening(self.address)
        self._check_etag(lists[0])

    @property
    def url(self):
        return f"{'https' if self.tls else 'http'}://{self.address}"

    def _check_etag(self, list_path):
        """The listing's ETags must be nginx's own."""
        key, _, etag, _ = list_path.read_text().split("\n", 1)[0].split()
        request = urllib.request.Request(f"{self.url}/bench/r0/{key}", method="HEAD")
        with urllib.request.urlopen(request, context=self.setup.trust(self.tls)) as reply:
            if reply.headers["ETag"] != f'"{etag}"':
                raise RuntimeError(f"nginx's ETag of {key} is {reply.headers['ETag']}, not {etag}")

    def stop(self):
        self.process.stop()
        self.listing.stop()
