"""Measures the contestants of a case in turn, round after round, so that whatever else the machine
does meets all of them alike. A first round, not counted, checks what they deliver."""

import json
import subprocess
import time
import zipfile
from dataclasses import dataclass

from objects import crc_of
from processes import OtherLoad

# What a contestant still does after the last byte counts, too.
SETTLE_S = 0.1
# The byte of the body that cannot come before the store was asked: local headers are shorter.
FIRST_DATA_BYTE = 256
TIMEOUT_S = 900


@dataclass
class Sample:
    round: int
    seconds: float
    first_byte: float
    cpu: float
    others: float  # cores that programs other than ours took


def drain(setup, url, *options):
    command = [setup.tool("drain"), url, *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{url}: {done.stderr.strip()}")
    result = json.loads(done.stdout)
    if result["status"] != 200:
        raise RuntimeError(f"{url}: status {result['status']}")
    return result


def check_zip(path, list_path):
    """Its entries are the objects, by size and CRC-32, and read back whole."""
    wanted = sorted((int(size), int(crc, 16)) for _, size, _, crc in
                    map(str.split, list_path.read_text().splitlines()))
    if not zipfile.is_zipfile(path):
        raise RuntimeError(f"{path}: not a zip file")
    with zipfile.ZipFile(path) as archive:
        found = sorted((entry.file_size, entry.CRC) for entry in archive.infolist())
        if found != wanted:
            raise RuntimeError(f"{path}: not the objects that were asked for")
        if broken := archive.testzip():
            raise RuntimeError(f"{path}: {broken} does not read back")


def check_copy(path, contents):
    def file_pieces():
        with open(path, "rb") as file:
            while piece := file.read(1 << 20):
                yield piece
    if crc_of(file_pieces()) != crc_of(piece for one in contents for piece in one):
        raise RuntimeError(f"{path}: not the objects' bytes")


def check(setup, case, contestant, list_path):
    """The first round; how many bytes the later ones must have."""
    path = setup.folder / "checked"
    result = drain(setup, contestant.url(0), "--output", path)
    if contestant.kind == "zip":
        check_zip(path, list_path)
    else:
        check_copy(path, setup.objects.contents(case.store, case.objects))
    path.unlink()
    return result["bytes"]


def measure(setup, contestant, number, about_bytes):
    url = contestant.url(number)
    time.sleep(SETTLE_S)
    others, cpu = OtherLoad(), contestant.cpu_clock()
    result = drain(setup, url, "--first-at", FIRST_DATA_BYTE)
    # A round's name may be longer than that of the one checked, and stand in each name of a zip.
    if not 0.9 * about_bytes < result["bytes"] < 1.1 * about_bytes:
        raise RuntimeError(f"{contestant.name}: {result['bytes']} bytes, not {about_bytes}")
    cores = others.cores()
    time.sleep(SETTLE_S)
    return Sample(number, result["seconds"], result["first_byte"], cpu.seconds(), cores)


class Race:
    """The contestants of a case, started and checked. A peer that does not deliver what it should
    loses that round, or its place; with our own programs that is an error."""

    def __init__(self, setup, case, store, contestants, say):
        self.setup, self.case, self.store, self.say = setup, case, store, say
        self.contestants = contestants
        self.list_path = setup.objects.list_file(case.store, case.objects)
        self.sizes = {}
        self.samples = {one.name: [] for one in contestants}
        self.peaks = {}

    def start(self, check_peers):
        for one in self.contestants:
            one.start(self.setup, self.store, self.case.objects, self.list_path)
            if check_peers or not one.peer:
                self.say(f"checking {one.name}")
                self._attempt(one, self._check)

    def _check(self, one):
        self.sizes[one.name] = check(self.setup, self.case, one, self.list_path)

    def _attempt(self, one, action):
        try:
            action(one)
        except RuntimeError as error:
            if not one.peer:
                raise
            self.say("")
            print(f"{self.case.title}: {one.name} failed: {error}")

    def round(self, number, with_peers):
        taking_part = [one for one in self.contestants if with_peers or not one.peer]
        first = number % len(taking_part)
        for one in taking_part[first:] + taking_part[:first]:
            self._attempt(one, lambda one: self._measure(one, number))

    def _measure(self, one, number):
        least = self.sizes.get(one.name, self.case.objects.bytes)
        self.samples[one.name].append(measure(self.setup, one, number, least))

    def stop(self):
        for one in self.contestants:
            if one.process and self.samples[one.name]:
                self.peaks[one.name] = one.peak_memory()
        for one in self.contestants:
            one.stop()


def run(setup, case, store, contestants, rounds, peer_rounds, say):
    """Samples and peak memory of each contestant, by its name. Where peers have one round only, it
    is not checked with the slow store what they deliver."""
    race = Race(setup, case, store, contestants, say)
    try:
        race.start(check_peers=peer_rounds > 1 or case.store == "origin")
        for number in range(1, rounds + 1):
            say(f"{case.title}: round {number} of {rounds}")
            race.round(number, with_peers=number <= peer_rounds)
    finally:
        race.stop()
    return race.samples, race.peaks
