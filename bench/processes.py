"""Processes that are measured: starting and ending them, their CPU time and memory, and what else
the machine does."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30


def free_address():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def wait_for(address, process, log_path):
    """Until somebody listens there."""
    host, port = address.split(":")
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection((host, int(port))).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"{process.args[0]} does not listen on {address}; see {log_path}")


class Process:
    """One that runs until stop(); its output goes to FOLDER/NAME.log."""

    def __init__(self, folder, name, command, environment=None):
        self.log_path = Path(folder) / f"{name}.log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log,
                                            env=environment)

    @property
    def pid(self):
        return self.process.pid

    def listening(self, address):
        try:
            wait_for(address, self.process, self.log_path)
        except RuntimeError:
            self.stop()
            raise
        return self

    def ready(self):
        """Our own programs say so."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while "ready\n" not in self.log_path.read_text(errors="replace"):
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.stop()
                raise RuntimeError(f"{self.process.args[0]} is not ready; see {self.log_path}")
            time.sleep(0.01)
        return self

    def stop(self, sign=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(sign)
        try:
            self.process.wait(timeout=STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _stats():
    """Of every process: its parent, and its CPU time with that of the children it waited for."""
    out = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            text = Path(f"/proc/{entry}/stat").read_text()
        except OSError:  # it ended just now
            continue
        fields = text.rpartition(")")[2].split()
        out[int(entry)] = (int(fields[1]), sum(map(int, fields[11:15])) / TICKS)
    return out


def _family(pid, stats):
    children = {}
    for child, (parent, _) in stats.items():
        children.setdefault(parent, []).append(child)
    family = [pid]
    for member in family:
        family += children.get(member, [])
    return family


def cpu_seconds(pid):
    """User and system time of a process and all that it started."""
    stats = _stats()
    return sum(stats[member][1] for member in _family(pid, stats) if member in stats)


class CpuClock:
    """CPU time of a process and all that it started, since it was made: by the scheduler's own
    count of its threads, in nanoseconds. Of threads that have ended that knows nothing; then the
    coarser count of the processes serves."""

    def __init__(self, pid):
        self.pid = pid
        self.coarse, self.fine = cpu_seconds(pid), self._fine()

    def _fine(self):
        total = 0
        for member in _family(self.pid, _stats()):
            for schedstat in Path(f"/proc/{member}/task").glob("*/schedstat"):
                try:
                    total += int(schedstat.read_text().split()[0])
                except OSError:  # it ended just now
                    pass
        return total / 1e9

    def seconds(self):
        coarse, fine = cpu_seconds(self.pid) - self.coarse, self._fine() - self.fine
        return fine if abs(fine - coarse) <= 3 / TICKS else coarse


def peak_memory(pid):
    """The most bytes that a process ever had resident, added up over it and all that it started."""
    total = 0
    for member in _family(pid, _stats()):
        try:
            status = Path(f"/proc/{member}/status").read_text()
        except OSError:  # it ended just now
            continue
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                total += int(line.split()[1]) * 1024
    return total


class OtherLoad:
    """CPU seconds of programs that are not ours, since it was made: all user and system time of the
    machine less that of this process's family."""

    def __init__(self):
        self.since = time.monotonic()
        self.machine = self._machine()
        self.own = cpu_seconds(os.getpid())

    @staticmethod
    def _machine():
        user, nice, system = Path("/proc/stat").read_text().split()[1:4]
        return (int(user) + int(nice) + int(system)) / TICKS

    def cores(self):
        """How many cores they took on average."""
        others = self._machine() - self.machine - (cpu_seconds(os.getpid()) - self.own)
        return max(0.0, others / max(time.monotonic() - self.since, 1e-3))
