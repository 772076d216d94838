"""Runs the program under test: `$S3ZIPPER serve` on a folder of its own, `$S3ZIPPER sandbox` as a
process of its own, and the commands that end by themselves.

S3ZIPPER is the program's path; without it nothing runs, so that no test passes on the wrong one.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30
COMMAND_TIMEOUT_S = 60

# Slow builds get less to do.
SANITIZED = os.environ.get("S3ZIPPER_SANITIZED") == "1"


def program_path():
    path = os.environ.get("S3ZIPPER")
    if not path:
        raise RuntimeError("the environment variable S3ZIPPER must name the program to test")
    return os.path.abspath(path)


def environment(**settings):
    """The environment without settings of whoever runs the tests, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("S3ZIPPER")}
    return kept | {f"S3ZIPPER_{name}": str(value) for name, value in settings.items()}


def run(*arguments, settings=None, folder=None):
    """A command that ends by itself; the finished process with its output."""
    return subprocess.run([program_path(), *map(str, arguments)], capture_output=True, text=True,
                          timeout=COMMAND_TIMEOUT_S, cwd=folder, check=False,
                          env=environment(**(settings or {})))


class Process:
    """A server that says in a ready file that it serves, and ends on SIGTERM."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log_path = self.folder / "log"
        self.process = None
        self.descriptor_limit = None  # how many it may have open; None: as many as we
        self.prefix = []  # a command that runs the program, in its own process

    def launch(self, arguments, settings):
        """Starts it; the values of its ready file."""
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        command = [program_path(), *map(str, arguments), "--ready-file", str(ready)]
        if self.descriptor_limit:
            command = ["prlimit", f"--nofile={self.descriptor_limit}", "--", *command]
        command = [*self.prefix, *command]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder,
                                            env=environment(**settings))
        deadline = time.monotonic() + START_TIMEOUT_S
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{command} does not serve:\n{self.log()}")
            time.sleep(0.01)
        return dict(line.split("=", 1) for line in ready.read_text().splitlines())

    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        """By SIGTERM; its exit status must be 0. Gives the seconds that it took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise RuntimeError(f"SIGTERM did not end it in {STOP_TIMEOUT_S} s:\n"
                               f"{self.log()}") from None
        if status != 0:
            raise RuntimeError(f"it ended with exit status {status}:\n{self.log()}")
        return time.monotonic() - begin

    def kill(self):
        self.process.kill()
        self.process.wait()

    def log(self):
        return self.log_path.read_text(errors="replace")

    def logged_errors(self):
        """The log's lines that speak of a fault of the program itself."""
        return [line for line in self.log().splitlines()
                if re.search(r'Z \S*error|"level":"error"', line)]

    def peak_rss_bytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


class Server(Process):
    """`s3zipper serve`: start() after stop() or kill() goes on with the same data and port.

    `sandbox`: with an S3 store embedded; `virtual`: its virtual objects, "BUCKET/KEY=SIZE".
    `settings`: more settings, by the names of their environment variables without S3ZIPPER_.
    """

    def __init__(self, sandbox=True, virtual=(), **settings):
        super().__init__(tempfile.mkdtemp(prefix="s3zipper-test-"))
        self.data = self.folder / "data"
        self.settings = {"DATA_DIR": self.data, "LISTEN": "127.0.0.1:0", **settings}
        self.url = None
        self.sandbox_url = None
        self.redirect_url = None
        self.metrics_url = None  # where METRICS_LISTEN is set
        if sandbox:
            self.settings["SANDBOX_DIR"] = make_sandbox_folder(self.folder, virtual)

    def start(self):
        ready = self.launch(["serve"], self.settings)
        self.url = ready["url"]
        self.settings["LISTEN"] = self.url.split("://")[1]
        self.redirect_url = ready.get("redirect_url")
        self.metrics_url = ready.get("metrics_url")
        if "sandbox_url" in ready:
            self.sandbox_url = ready["sandbox_url"]
            self.settings["SANDBOX_LISTEN"] = self.sandbox_url.removeprefix("http://")
        return self

    def close(self):
        """Stops it, where it still runs, and removes its folder."""
        try:
            if self.running():
                self.stop()
            if errors := self.logged_errors():
                raise RuntimeError("the server logged errors:\n" + "\n".join(errors))
        finally:
            shutil.rmtree(self.folder)

    def account(self, *arguments):
        """`s3zipper account …` on this server's data, while it runs or not."""
        return run("account", *arguments, settings={"DATA_DIR": self.data})

    def create_account(self, name):
        """Its userKey and userSecret."""
        made = self.account("create", name, "--json")
        if made.returncode != 0:
            raise RuntimeError(f"account create: {made.stderr}")
        return json.loads(made.stdout)


class Sandbox(Process):
    """`s3zipper sandbox`, in a process of its own; `arguments`: more of the command line; `faults`: the
    text of its file of faults, which set_faults() changes for the next start."""

    ACCESS_KEY, SECRET_KEY = "sandbox", "sandbox-secret"

    def __init__(self, virtual=(), arguments=(), faults=""):
        super().__init__(tempfile.mkdtemp(prefix="s3zipper-sandbox-"))
        self.faults = self.folder / "faults.toml"
        self.set_faults(faults)
        self.arguments = arguments
        self.store = make_sandbox_folder(self.folder, virtual)
        self.listen = "127.0.0.1:0"
        self.url = None

    def start(self):
        ready = self.launch(["sandbox", "--dir", self.store, "--listen", self.listen,
                             "--faults", self.faults, *self.arguments], {})
        self.url = ready["sandbox_url"]
        self.listen = self.url.removeprefix("http://")
        return self

    def set_faults(self, text):
        self.faults.write_text(text)

    def close(self):
        try:
            if self.running():
                self.stop()
        finally:
            shutil.rmtree(self.folder)


def make_sandbox_folder(parent, virtual):
    store = parent / "store"
    (store / ".s3zipper").mkdir(parents=True)
    (store / ".s3zipper/virtual.txt").write_text("".join(f"{line}\n" for line in virtual))
    return store
