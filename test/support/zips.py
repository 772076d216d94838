"""Judges archives with readers that know nothing of our code: Python's zipfile gives the content
hash of every entry; unzip, 7z and bsdtar say whether they take the archive."""

import hashlib
import subprocess
import zipfile

READER_TIMEOUT_S = 600
READERS = (("unzip", "-tqq"), ("7z", "t"), ("bsdtar", "-tf"))
# How many wrong entries a message names.
SHOWN = 5


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def digests(path):
    """{name: SHA-256 in hex} of a zip's entries, in their order; None for a directory. Reading an
    entry to its end checks its CRC, too."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.filename in found:
                raise AssertionError(f"{path}: two entries named {info.filename!r}")
            if info.is_dir():
                found[info.filename] = None
                continue
            digest = hashlib.sha256()
            with archive.open(info) as entry:
                while piece := entry.read(1 << 20):
                    digest.update(piece)
            found[info.filename] = digest.hexdigest()
    return found


def check(path, expected):
    """The zip has just these entries, {name: SHA-256 in hex, None for a directory}."""
    found = digests(path)
    missing = sorted(expected.keys() - found.keys())
    more = sorted(found.keys() - expected.keys())
    wrong = sorted(name for name in expected.keys() & found.keys() if expected[name] != found[name])
    if missing or more or wrong:
        raise AssertionError(
            f"{path}: {len(found)} entries, {len(expected)} expected; {len(missing)} missing, such "
            f"as {missing[:SHOWN]}; {len(more)} not expected, such as {more[:SHOWN]}; "
            f"{len(wrong)} of wrong content, such as {wrong[:SHOWN]}")


def check_with_other_readers(path):
    for reader in READERS:
        result = subprocess.run([*reader, str(path)], capture_output=True, check=False,
                                timeout=READER_TIMEOUT_S)
        if result.returncode != 0:
            raise AssertionError(f"{reader[0]} refuses {path} (exit status {result.returncode}): "
                                 f"{(result.stdout + result.stderr)[-1000:]}")
