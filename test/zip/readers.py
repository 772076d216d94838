"""The programs that read the archives, each with its check; every one knows nothing of ours.

A reader takes an Archive and raises AssertionError where what it read is not what went in.
READERS lists them.
"""

import os
import shutil
import stat
import subprocess
import tempfile
import threading
import unicodedata
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path

# A zone that no time in an archive may depend on, and names in UTF-8.
ZONE_SECONDS = 5 * 3600 + 1800
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "TST-5:30"}
TIMEOUT_SECONDS = 600
PIPE_BYTES = 1 << 20  # as much as Linux allows anybody: fewer switches between writer and reader

# From which Debian package each program comes.
PROGRAMS = {
    "unzip": "unzip",
    "zipinfo": "unzip",
    "7z": "p7zip-full",
    "bsdtar": "libarchive-tools",
    "jar": "default-jdk-headless",
    "java": "default-jdk-headless",
    "javac": "default-jdk-headless",
}


class Archive:
    """One shape: its entries, and its bytes as a file (made when first asked for) or in a pipe."""

    def __init__(self, sample, name, entries, folder):
        self.sample = sample
        self.name = name
        self.entries = entries
        self.folder = folder
        self.input = b"".join(entry.line() for entry in entries)
        self.lock = threading.Lock()

    @property
    def path(self):
        with self.lock:
            path = self.folder / f"{self.name}.zip"
            if not path.exists():
                subprocess.run([self.sample, path], input=self.input, check=True)
            return str(path)

    @contextmanager
    def pipe(self):
        """The reading end of a pipe that the archive is written into."""
        with tempfile.TemporaryFile() as entries:
            entries.write(self.input)
            entries.seek(0)
            writer = subprocess.Popen([self.sample], stdin=entries, stdout=subprocess.PIPE,
                                      pipesize=PIPE_BYTES)
        try:
            yield writer.stdout
        finally:
            writer.stdout.close()
            writer.wait()

    @property
    def names(self):
        return [entry.name for entry in self.entries]

    @property
    def files(self):
        return [entry for entry in self.entries if not entry.is_directory]

    @property
    def small_files(self):
        return [entry for entry in self.files if entry.size < 1 << 20]


def run(*command, stdin=subprocess.DEVNULL, **more):
    return subprocess.run(command, stdin=stdin, capture_output=True, env=ENVIRONMENT,
                          timeout=TIMEOUT_SECONDS, **more)


def expect(condition, message):
    if not condition:
        raise AssertionError(message)


def expect_equal(what, actual, expected):
    if actual == expected:
        return
    if isinstance(expected, list) and isinstance(actual, list):
        pairs = enumerate(zip(actual, expected))
        first = next((i for i, (a, e) in pairs if a != e), min(len(actual), len(expected)))
        raise AssertionError(f"{what}: {len(actual)} instead of {len(expected)}, first difference "
                             f"at {first}: {str(actual[first:first + 1])[:300]} instead of "
                             f"{str(expected[first:first + 1])[:300]}")
    raise AssertionError(f"{what}: {str(actual)[:300]} instead of {str(expected)[:300]}")


def expect_success(done):
    text = (done.stdout[-500:] + done.stderr[-500:]).decode(errors="replace")
    expect(done.returncode == 0, f"{done.args[0]} exit status {done.returncode}: {text}")
    expect(not done.stderr, f"{done.args[0]} warns: {text}")


def lines(done):
    return done.stdout.decode().splitlines()


# ---- readers of a file, by its central directory


def unzip_test(archive, names=()):
    done = run("unzip", "-t", archive.path, *names)
    expect_success(done)
    tested = [line for line in lines(done) if line.startswith("    testing: ")]
    expect_equal("unzip: entries", len(tested), len(names or archive.entries))
    expect(all(line.endswith("OK") for line in tested), "unzip: an entry is not OK")
    expect("No errors detected in " in lines(done)[-1], f"unzip: {lines(done)[-1]}")


def seven_zip_test(archive, names=()):
    done = run("7z", "t", archive.path, *names)
    expect_success(done)
    text = done.stdout.decode()
    expect("Everything is Ok" in text and "Warning" not in text, f"7z: {text[-500:]}")
    facts = dict(line.split(": ") for line in text.splitlines() if line.count(": ") == 1)
    tested = [e for e in archive.files if not names or e.name in names]
    if len(tested) > 1:
        expect_equal("7z: files", int(facts["Files"]), len(tested))
    if tested:
        expect_equal("7z: size", int(facts["Size"]), sum(entry.size for entry in tested))


def zipinfo_list(archive):
    expect_equal("zipinfo: names", lines(run("zipinfo", "-1", archive.path)), archive.names)
    done = run("zipinfo", "-lT", archive.path)
    expect_success(done)
    # -rw-r--r--  6.3 unx     100 bx      100 stor 20240229.123456 name
    rows = [line.split(None, 8) for line in lines(done)[2:-1]]
    expect_equal("zipinfo: modes", [row[0] for row in rows],
                 ["drwxr-xr-x" if e.is_directory else "-rw-r--r--" for e in archive.entries])
    expect_equal("zipinfo: sizes", [int(row[3]) for row in rows],
                 [entry.size for entry in archive.entries])
    expect_equal("zipinfo: methods", [row[6] for row in rows],
                 ["defN" if e.form == "stored_blocks" else "stor" for e in archive.entries])


def composed(name):
    """libarchive composes the Unicode names that it reads from a zip."""
    return unicodedata.normalize("NFC", name)


def bsdtar_list(archive):
    done = run("bsdtar", "-tf", archive.path)
    expect_success(done)
    expect_equal("bsdtar: names", lines(done), list(map(composed, archive.names)))


def jar_list(archive):
    done = run("jar", "tf", archive.path)
    expect_success(done)
    expect_equal("jar: names", lines(done), archive.names)


def python_zipfile(archive, names=()):
    with zipfile.ZipFile(archive.path) as file:
        infos = file.infolist()
        expect_equal("zipfile: names", [info.filename for info in infos], archive.names)
        for info, entry in zip(infos, archive.entries):
            expect_equal(f"zipfile: {entry.name[:99]}: size, CRC, date, directory",
                         (info.file_size, info.CRC, info.date_time, info.is_dir()),
                         (entry.size, entry.crc, entry.dos_time, entry.is_directory))
            mode = stat.S_IFDIR | 0o755 if entry.is_directory else stat.S_IFREG | 0o644
            expect_equal("zipfile: mode", info.external_attr >> 16, mode)
            if names and entry.name not in names:
                continue
            with file.open(info) as data:  # checks the CRC of what it reads
                size = sum(len(chunk) for chunk in iter(lambda: data.read(1 << 20), b""))
            expect_equal("zipfile: bytes read", size, entry.size)


# ---- readers of a stream, by the local headers


def crc_of_file(path):
    crc = 0
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            crc = zlib.crc32(chunk, crc)
    return crc


def bsdtar_extract_pipe(archive):
    with tempfile.TemporaryDirectory(dir=archive.folder) as folder:
        with archive.pipe() as pipe:
            expect_success(run("bsdtar", "-xf", "-", "-C", folder, stdin=pipe))
        unpacked = {}
        for path in Path(folder).rglob("*"):
            name = str(path.relative_to(folder))
            if path.is_file():
                facts = path.stat()
                unpacked[name] = (facts.st_size, crc_of_file(path), int(facts.st_mtime))
        expected = {composed(entry.name): (entry.size, entry.crc, entry.extracted_time(ZONE_SECONDS))
                    for entry in archive.files}
        expect_equal("bsdtar -x: names", sorted(unpacked), sorted(expected))
        expect_equal("bsdtar -x: sizes, CRCs, times", sorted(unpacked.items()),
                     sorted(expected.items()))
        for entry in archive.entries:
            if entry.is_directory:
                expect(Path(folder, composed(entry.name)).is_dir(), f"bsdtar -x: no folder {entry.name}")


def bsdtar_contents_pipe(archive):
    """The same without a disk: all contents one after another."""
    with archive.pipe() as pipe:
        reader = subprocess.Popen(["bsdtar", "-xOf", "-", "-b", "512"], stdin=pipe,
                                  stdout=subprocess.PIPE, pipesize=PIPE_BYTES, env=ENVIRONMENT)
        for entry in archive.files:
            left, crc = entry.size, 0
            while left > 0:
                chunk = reader.stdout.read(min(left, 1 << 20))
                expect(chunk, f"bsdtar -xO: {entry.name} ends {left} bytes too early")
                crc = zlib.crc32(chunk, crc)
                left -= len(chunk)
            expect_equal(f"bsdtar -xO: CRC of {entry.name}", crc, entry.crc)
        expect_equal("bsdtar -xO: more bytes", reader.stdout.read(), b"")
        expect_equal("bsdtar -xO: exit status", reader.wait(), 0)


def jar_list_pipe(archive):
    with archive.pipe() as pipe:
        done = run("jar", "t", stdin=pipe)
    expect_success(done)
    expect_equal("jar t <: names", lines(done), archive.names)


def java_stream(archive):
    with archive.pipe() as pipe:
        done = run("java", "-cp", archive.folder / "java", "ReadStream", stdin=pipe)
    expect_success(done)
    rows = [(bytes.fromhex(row[0]).decode(), int(row[1]), int(row[2]))
            for row in map(str.split, lines(done))]
    expect_equal("ZipInputStream: names, sizes, CRCs", rows,
                 [(entry.name, entry.size, entry.crc) for entry in archive.entries])


def compile_java(folder):
    source = Path(__file__).with_name("ReadStream.java")
    expect_success(run("javac", "-d", folder / "java", source))


def require_programs():
    missing = [f"{program} (apt install {package})"
               for program, package in PROGRAMS.items() if not shutil.which(program)]
    if missing:
        raise SystemExit("These programs are needed and missing: " + ", ".join(missing))


def only_small(reader):
    """The reader on the archive's small entries; it still finds them behind the large ones."""
    return lambda archive: reader(archive, [entry.name for entry in archive.small_files])


# Every shape is read by these where readers_test.py does not say otherwise.
READERS = {
    "unzip -t": unzip_test,
    "7z t": seven_zip_test,
    "zipinfo": zipinfo_list,
    "bsdtar -tf": bsdtar_list,
    "bsdtar -xf - (pipe)": bsdtar_extract_pipe,
    "Python zipfile": python_zipfile,
    "jar tf": jar_list,
    "jar t (pipe)": jar_list_pipe,
    "ZipInputStream (pipe)": java_stream,
}
EVERYBODY = list(READERS)

READERS |= {
    "unzip -t, small entries": only_small(unzip_test),
    "7z t, small entries": only_small(seven_zip_test),
    "Python zipfile, small entries": only_small(python_zipfile),
    "bsdtar -xOf - (pipe)": bsdtar_contents_pipe,
}
