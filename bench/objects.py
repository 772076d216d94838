"""The objects that are zipped: sets of equal sizes, as files for the origin and as declarations for
s3_like, and the lists of them that relays and peers are given."""

import os
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
BLOCK_BYTES = MIB
MODIFIED = 1704067200  # 2024-01-01, of all files
STEP = 4099  # each file begins elsewhere in the block


@dataclass(frozen=True)
class Set:
    """`count` objects of `size` bytes, named NAME/0000000.bin and so on."""
    name: str
    count: int
    size: int

    @property
    def bytes(self):
        return self.count * self.size

    def keys(self):
        return [f"{self.name}/{i:07}.bin" for i in range(self.count)]

    @property
    def declaration(self):
        return f"{self.name}={self.count}x{self.size}"

    @property
    def title(self):
        size = f"{self.size // KIB} KiB"
        if self.size % MIB == 0:
            size = f"{self.size // MIB} MiB"
        if self.size % GIB == 0:
            size = f"{self.size // GIB} GiB"
        return f"{self.count:,} × {size}" if self.count > 1 else f"{size} object"


def pieces(block, start, size):
    """The content of an object of `size` bytes: the block repeated, from `start` on."""
    while size > 0:
        piece = block[start:start + size]
        yield piece
        size -= len(piece)
        start = 0


def crc_of(contents):
    crc = 0
    for piece in contents:
        crc = zlib.crc32(piece, crc)
    return crc


class Objects:
    """A folder with the block that all content is made of, the origin's files, and the lists."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.content = self.folder / "content"
        if not self.content.exists():
            self.content.write_bytes(os.urandom(BLOCK_BYTES))
        self.block = self.content.read_bytes()
        self.bucket = self.folder / "origin/bench"

    def start_in_block(self, store, index):
        return index * STEP % BLOCK_BYTES if store == "origin" else 0

    def contents(self, store, of_set):
        """For each object of the set, the pieces of its content."""
        for i in range(of_set.count):
            yield pieces(self.block, self.start_in_block(store, i), of_set.size)

    def list_file(self, store, of_set):
        """A file with a line "KEY SIZE ETAG CRC" for each object; makes the origin's files."""
        path = self.folder / f"{store}-{of_set.name}-{of_set.count}x{of_set.size}.list"
        if path.exists():
            return path
        if store == "origin":
            shutil.rmtree(self.bucket / of_set.name, ignore_errors=True)
            for old in self.folder.glob(f"origin-{of_set.name}-*.list"):
                old.unlink()
        lines = []
        for i, key in enumerate(of_set.keys()):
            start = self.start_in_block(store, i)
            crc = crc_of(pieces(self.block, start, of_set.size)) if i == 0 or start else crc
            if store == "origin":
                self._write(self.bucket / key, start, of_set.size)
            lines.append(f"{key} {of_set.size} {MODIFIED:x}-{of_set.size:x} {crc:08x}\n")
        unfinished = path.with_suffix(".new")
        unfinished.write_text("".join(lines))
        unfinished.rename(path)
        return path

    def _write(self, path, start, size):
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as file:
            for piece in pieces(self.block, start, size):
                file.write(piece)
        os.utime(path, (MODIFIED, MODIFIED))


def warm(list_path, bucket):
    """Reads the files once, so that they are in the page cache."""
    for line in list_path.read_text().splitlines():
        with open(bucket / line.split()[0], "rb") as file:
            while file.read(4 * MIB):
                pass
