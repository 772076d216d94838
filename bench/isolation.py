"""Enters a network namespace of its own, where TCP's congestion control is reno: bbr, the default
of some machines, paces loopback, too, and halves it. No other program's connections are there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CONGESTION = Path("/proc/sys/net/ipv4/tcp_congestion_control")
MARK = "S3ZIPPER_BENCH_ISOLATED"


def inside():
    return MARK in os.environ


def enter():
    """Runs this program again inside the namespace, where it can; there, sets it up."""
    if inside():
        _set_up()
        return
    command = _unshare()
    if command is None:
        print("NOTE: no network namespace of its own (that takes root); going on in the system's")
        return
    environment = os.environ | {MARK: "1"}
    sys.stdout.flush()
    os.execvpe(command[0], [*command, sys.executable, "-B", *sys.argv], environment)


def congestion_control():
    return CONGESTION.read_text().strip()


def _unshare():
    """A way to make the namespace that works here: as root, or in a user namespace."""
    if not shutil.which("unshare"):
        return None
    for user in ([], ["--map-current-user", "--keep-caps"]):
        command = ["unshare", "--net", *user]
        tried = subprocess.run([*command, "ip", "link", "set", "lo", "up"], capture_output=True,
                               check=False)
        if tried.returncode == 0:
            return command
    return None


def _set_up():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    try:
        CONGESTION.write_text("reno")
    except OSError as error:
        print(f"NOTE: TCP's congestion control stays {congestion_control()}: {error}")
