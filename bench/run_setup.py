"""Where programs and files of a run are."""

import shutil
import ssl
import subprocess
import sys
from functools import cached_property
from pathlib import Path

from objects import Objects

sys.path.append(str(Path(__file__).resolve().parent.parent / "test/support"))

from private_ca import PrivateCa  # noqa: E402  pylint: disable=wrong-import-position


class Certificate:
    """Of 127.0.0.1, with its key, and that of the CA which signed it: files."""

    def __init__(self, folder):
        authority = PrivateCa(folder)
        self.authority, self.file, self.key = authority.file, folder / "tls.pem", folder / "tls.key"
        authority.issue(self.file, self.key)


class Setup:
    """`build`: a build folder with s3zipper and bench_tools; `folder`: for files of the run."""

    def __init__(self, build, folder):
        self.build = Path(build).resolve()
        self.server = self.build / "s3zipper"
        self.folder = Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.objects = Objects(self.folder)
        self.peers = self.folder / "peers"
        missing = [path for path in (self.server, self.tool("drain")) if not path.exists()]
        if missing:
            raise SystemExit(f"{missing[0]} is missing: build the targets s3zipper and bench_tools")

    @cached_property
    def certificate(self):
        return Certificate(self.fresh_folder("certificate"))

    def trust(self, tls):
        """For urllib: a context that trusts our certificate; None without TLS."""
        if not tls:
            return None
        return ssl.create_default_context(cafile=self.certificate.authority)

    def tool(self, name):
        return self.build / "bench" / name

    def fresh_folder(self, name):
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        return path

    def output(self, command, environment):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                              env=environment, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]}: {done.stderr.strip()}")
        return done.stdout
