"""Who is measured: each gives, for a round, the URL that a client downloads. Rounds are prefixes of
the keys (s3_like and the origin ignore them), so that what s3zipper learned of an object in one
round is of no use in the next.

All but s3zipper are given the list of objects; what they answer to GET /bench/rN/ is made of these.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

from processes import CpuClock, Process, free_address, peak_memory
from stores import start_nginx, tls_lines

HOP = """\
  upstream store {{ server {store}; keepalive 64; }}
  server {{
    listen {address}{tls};
    location / {{
      proxy_pass {scheme}://store;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffer_size 64k;
      proxy_buffers 16 64k;
      proxy_busy_buffers_size 512k;
      proxy_max_temp_file_size 0;
    }}
  }}
"""


class Contestant:
    """`kind`: "zip", "copy" (sends the objects' bytes as they are). `peer`: one of others, that is
    no reference; slow, so that a quick run measures it in fewer rounds."""

    kind = "zip"
    peer = False

    def __init__(self, name):
        self.name = name
        self.process = None

    def start(self, setup, store, of_set, list_path):
        raise NotImplementedError

    def url(self, number):
        """What to download in round `number`; whatever may be prepared for it is done then."""
        raise NotImplementedError

    def cpu_clock(self):
        return CpuClock(self.process.pid)

    def peak_memory(self):
        return peak_memory(self.process.pid)

    def stop(self):
        if self.process:
            self.process.stop()
            self.process = None


class Relay(Contestant):
    """Our minimal program, with options of its own."""

    kind = "copy"

    def __init__(self, name, *options):
        super().__init__(name)
        self.options = options

    def start(self, setup, store, of_set, list_path):
        self.address = free_address()
        command = [setup.tool("relay"), "--listen", self.address, "--origin", store.address,
                   "--list", list_path, *self.options]
        self.scheme = "http"
        if store.tls:
            self.scheme = "https"
            command += ["--certificate", setup.certificate.file, "--key", setup.certificate.key]
        self.process = Process(setup.folder, self.name.replace(" ", "-"), command).ready()

    def url(self, number):
        return f"{self.scheme}://{self.address}/bench/r{number}/"


class Store(Contestant):
    """The store itself: a client that downloads the set's one object from it."""

    kind = "copy"

    def start(self, setup, store, of_set, list_path):
        self.key = of_set.keys()[0]
        self.address = store.address
        self.process = store.process

    def url(self, number):
        return f"http://{self.address}/bench/r{number}/{self.key}"

    def stop(self):
        self.process = None


class NginxProxy(Contestant):
    """nginx handing on the set's one object."""

    kind = "copy"

    def start(self, setup, store, of_set, list_path):
        self.key = of_set.keys()[0]
        self.address = free_address()
        self.scheme = "https" if store.tls else "http"
        http = HOP.format(address=self.address, store=store.address, scheme=self.scheme,
                          tls=tls_lines(setup) if store.tls else "")
        self.process = start_nginx(setup.folder, "hop", http, 1).listening(self.address)

    def url(self, number):
        return f"{self.scheme}://{self.address}/bench/r{number}/{self.key}"


class Peer(Contestant):
    """A program of others behind a driver of ours in peers/."""

    peer = True

    def __init__(self, name, script):
        super().__init__(name)
        self.script = script

    def start(self, setup, store, of_set, list_path):
        self.address = free_address()
        script = setup.peers / self.script
        program = [sys.executable, "-B"] if script.suffix == ".py" else ["node"]
        command = [*program, script, self.address, f"http://{store.address}", list_path]
        self.process = Process(setup.folder, self.name, command).listening(self.address)

    def url(self, number):
        return f"http://{self.address}/bench/r{number}/"


class S3zipper(Contestant):
    """Our server: a streamzip call, then its link, once the listing is complete."""

    def __init__(self, name="s3zipper", **settings):
        super().__init__(name)
        self.settings = settings  # by the names of their environment variables, less S3ZIPPER_

    def start(self, setup, store, of_set, list_path):
        self.of_set = of_set
        data = setup.fresh_folder("server-data")
        ready = data / "ready"
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith("S3ZIPPER")}
        settings = {"DATA_DIR": data, "LISTEN": "127.0.0.1:0", "LOG_LEVEL": "warning",
                    "S3_ENDPOINT": store.url, "S3_REGION": "us-east-1", **self.settings}
        self.trust = setup.trust(store.tls)
        if store.tls:
            settings |= {"S3_CA_FILE": setup.certificate.authority,
                         "TLS_CERTIFICATE_FILE": setup.certificate.file,
                         "TLS_KEY_FILE": setup.certificate.key}
        environment = kept | {f"S3ZIPPER_{name}": str(value) for name, value in settings.items()}
        keys = setup.output([setup.server, "account", "create", "--json", "bench"], environment)
        self.process = Process(setup.folder, "server",
                               [setup.server, "serve", "--ready-file", ready], environment)
        deadline = time.monotonic() + 60
        while not ready.exists():
            if self.process.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server does not serve; see {self.process.log_path}")
            time.sleep(0.02)
        self.base = dict(line.split("=", 1) for line in ready.read_text().split())["url"]
        self.token = None
        self.token = self._call("/gentoken", json.loads(keys))["token"]

    def _call(self, path, fields):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.base + path, json.dumps(fields).encode(), headers)
        with urllib.request.urlopen(request, context=self.trust) as reply:
            return json.load(reply)

    def url(self, number):
        started = self._call("/v2/streamzip", {
            "awsKey": "key", "awsSecret": "secret", "awsBucket": "bench",
            "filePaths": [f"r{number}/{self.of_set.name}/"], "zipFileName": "bench.zip"})
        link = self._call("/v2/zipresult", started)["results"][0]
        # Answered once the listing is complete.
        try:
            head = urllib.request.Request(link, method="HEAD")
            urllib.request.urlopen(head, context=self.trust).close()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"the link answers {error.code}: see the server's log") from error
        return link


class SeenBefore(Contestant):
    """s3zipper again, with objects whose CRC-32 it knows: the link of its round 0."""

    def __init__(self, name, first):
        super().__init__(name)
        self.first = first

    def start(self, setup, store, of_set, list_path):
        self.link = None
        self.process = self.first.process

    def stop(self):
        self.process = None

    def url(self, number):
        self.link = self.link or self.first.url(0)
        return self.link

    def cpu_clock(self):
        return self.first.cpu_clock()

    def peak_memory(self):
        return self.first.peak_memory()
