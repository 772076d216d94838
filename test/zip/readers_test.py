"""Lets other programs read archives of every shape: readers_test.py ZIP_SAMPLE [SHAPE …]

ZIP_SAMPLE is the built test program that writes an archive of given entries. Each shape is read by
each reader of readers.py, two at a time; where a reader is known not to manage a shape, KNOWN says
how and why, and the test holds it to that. Prints one line a reading; exit status 1 after a failure.
"""

import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import readers
from shapes import SHAPES

# Who reads what, where it is not everybody everything. Archives of over 4 GiB are read to the end by
# one program of each family, by the others only in their small entries; around 65,535 entries only
# the end records differ, and 70,000 small files wear out a disk, not a reader.
LARGE = ["zipinfo", "bsdtar -tf", "jar tf", "bsdtar -xOf - (pipe)", "ZipInputStream (pipe)"]
SMALL_ENTRIES = ["unzip -t, small entries", "7z t, small entries", "Python zipfile, small entries"]
LISTS = ["zipinfo", "bsdtar -tf", "jar tf", "7z t"]
WHICH = {
    "entries_65534": LISTS,
    "entries_65535": LISTS,
    "entries_70000": [reader if reader != "bsdtar -xf - (pipe)" else "bsdtar -xOf - (pipe)"
                      for reader in readers.EVERYBODY],
    "stored_over_4_gib": LARGE + ["Python zipfile", "jar t (pipe)"] + SMALL_ENTRIES[:2],
    "blocks_over_4_gib": LARGE + ["unzip -t", "7z t", "Python zipfile, small entries"],
    "stored_of_4_gib_minus_1": LARGE + SMALL_ENTRIES,
    "blocks_of_4_gib_minus_1": LARGE + SMALL_ENTRIES,
    "directory_beyond_4_gib": LISTS[:3] + SMALL_ENTRIES,
}

# (shape, reader): what the reader says about an archive that is right, and why it is.
KNOWN = {
    ("empty", "unzip -t"): ("zipfile is empty", "a warning and exit status 1; nothing to unpack"),
    ("empty", "zipinfo"): ("Empty zipfile.", "the same"),
    ("longest_names", "unzip -t"): (
        "warning", "unzip cuts names at the system's 4,096 bytes; the zip format has 65,535"),
    ("longest_names", "zipinfo"): ("codec can't decode", "cuts them too, in mid-character"),
    ("longest_names", "bsdtar -xf - (pipe)"): (
        "File name too long", "no file of such a name can exist; the list and the data are read"),
}

# These start first, so that none is left over at the end.
SLOW = ["unzip -t", "bsdtar -xOf - (pipe)", "ZipInputStream (pipe)"]


def read(archive, reader):
    """Runs one reader; the failure's text or None, and the seconds it took."""
    start = time.monotonic()
    failure = None
    try:
        readers.READERS[reader](archive)
    except Exception as error:  # whatever it is, it belongs to this reading
        failure = f"{type(error).__name__}: {error}"
    known = KNOWN.get((archive.name, reader))
    if known is not None:
        said, _ = known
        if failure is None:
            failure = f"reads this now: take it out of KNOWN and docs/inside/zip-format.md ({said})"
        elif said in failure:
            failure = None
    return failure, time.monotonic() - start


def main():
    sample, wanted = sys.argv[1], sys.argv[2:] or list(SHAPES)
    readers.require_programs()
    folder = Path(tempfile.mkdtemp(prefix="readers-", dir=Path(sample).resolve().parent))
    failures = 0
    try:
        readers.compile_java(folder)
        archives = [readers.Archive(sample, name, SHAPES[name](), folder) for name in wanted]
        archives.sort(key=lambda archive: -sum(e.size + 10_000 for e in archive.entries))
        wanted_readings = [(archive, reader) for archive in archives
                           for reader in WHICH.get(archive.name, readers.EVERYBODY)]
        wanted_readings.sort(key=lambda reading: reading[1] not in SLOW)
        with ThreadPoolExecutor(2) as pool:
            readings = [(archive, reader, pool.submit(read, archive, reader))
                        for archive, reader in wanted_readings]
            for archive, reader, result in readings:
                failure, seconds = result.result()
                note = " (as known)" if (archive.name, reader) in KNOWN and not failure else ""
                print(f"{seconds:6.1f} s  {archive.name}: {reader}: {failure or 'ok'}{note}",
                      flush=True)
                failures += failure is not None
    finally:
        shutil.rmtree(folder)
    print(f"{len(readings)} readings, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
