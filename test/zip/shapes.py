"""The archives that other programs read, as lists of entries, and what must come out of each entry.

Nothing here knows the zip format or uses the project's code: contents, CRCs and times are computed
anew, from the rule that zip_sample.cc and this file share (the bytes of an object).
"""

import calendar
import functools
import hashlib
import random
import time
import zlib
from dataclasses import dataclass

GIB = 1 << 30
PATTERN_PERIOD = 131_101
LEAP_DAY = 1_709_210_096  # 2024-02-29T12:34:56Z


@dataclass(frozen=True)
class Entry:
    name: str
    size: int = 0
    form: str = "stored"  # or directory, stored_blocks
    modified: int = LEAP_DAY
    content: str = "pattern"  # or zeros, which are holes in a file

    @property
    def is_directory(self):
        return self.form == "directory"

    @property
    def crc(self):
        return crc_of(self.name if self.content == "pattern" else None, self.size)

    @property
    def has_unix_time(self):
        return 0 <= self.modified < 1 << 31

    @property
    def dos_time(self):
        """Year, month, day, hour, minute, second as MS-DOS has them: 1980 to 2107, even seconds."""
        clamped = min(max(self.modified, 315_532_800), 4_354_819_199)
        return time.gmtime(clamped - clamped % 2)[:6]

    def extracted_time(self, zone_seconds):
        """What a reader in a zone so far east of Greenwich gives the file."""
        if self.has_unix_time:
            return self.modified
        return calendar.timegm(self.dos_time + (0, 0, 0)) - zone_seconds

    def line(self):
        fields = (self.form, self.content, self.size, self.modified, self.name)
        return "\t".join(map(str, fields)).encode() + b"\0"


@functools.lru_cache(maxsize=None)
def crc_of(pattern_name, size):
    period = b"\0" * PATTERN_PERIOD if pattern_name is None else pattern(pattern_name, size)
    if size <= len(period):
        return zlib.crc32(period[:size])
    chunk = period * 8
    crc = 0
    for _ in range(size // len(chunk)):
        crc = zlib.crc32(chunk, crc)
    return zlib.crc32(chunk[: size % len(chunk)], crc)


def pattern(name, size):
    out = bytearray()
    i = 0
    while len(out) < min(size, PATTERN_PERIOD):
        out += hashlib.sha256(f"{name}:{i}".encode()).digest()
        i += 1
    return bytes(out[:PATTERN_PERIOD])


def directory(name):
    return Entry(name, form="directory")


def blocks(name, size, **more):
    return Entry(name, size, form="stored_blocks", **more)


def mixed():
    seed = 2026
    print(f"shape mixed: seed {seed}")
    rng = random.Random(seed)
    entries = []
    for i in range(300):
        form = rng.choice(["directory", "stored", "stored_blocks"])
        word = "gr\u00fc\u00df" if i % 9 == 0 else "entry"
        name = f"folder {rng.randrange(9)}/{word} {i}"
        size = 0 if form == "directory" else rng.choice([0, 1, rng.randrange(200_000)])
        modified = rng.randrange(1_000_000_000, 2_000_000_000)
        entries.append(Entry(name + "/" * (form == "directory"), size, form, modified))
    return entries


def many(count):
    """Small entries in folders of 1,000; every fifth in blocks, so that offsets are not regular."""
    return [
        Entry(f"{i // 1000:03}/{i:06}.txt", i % 7, "stored_blocks" if i % 5 == 0 else "stored")
        for i in range(count)
    ]


def names_at_limits():
    ascii_path = "/".join(c * 255 for c in "abcd")  # 1,023 bytes: as long as a key of S3 can be
    utf8_path = "/".join(c * 127 for c in "\u00e4\u00f6\u00fc")
    return [
        Entry("x" * 255, 3),
        Entry(ascii_path, 5),
        blocks(utf8_path, 7),
        directory("y" * 255 + "/"),
        Entry("n", 9),
    ]


SHAPES = {
    "empty": lambda: [],
    "one_empty_file": lambda: [Entry("empty.txt")],
    "directories": lambda: [
        directory("a/"),
        directory("a/b/"),
        directory("a/b/empty/"),
        Entry("a/b/file.txt", 10),
        Entry("no/entry/for/its/folders.txt", 11),
        directory("last/"),
    ],
    "utf8_names": lambda: [
        directory("\u65e5\u672c/"),
        Entry("\u65e5\u672c/\u8a9e.txt", 10),
        Entry("gr\u00fc\u00dfe.txt", 11),
        Entry("u\u0308 decomposed.txt", 12),
        blocks("\U0001f600.bin", 13),
        Entry("\u0440\u0443\u0441\u0441\u043a\u0438\u0439 \u0444\u0430\u0439\u043b.txt", 14),
        Entry("plain, ascii & odd: #+;=@[]'{}~.txt", 15),
    ],
    "stored": lambda: [
        Entry(f"{size}.bin", size) for size in (0, 1, 100, 65_535, 65_536, (1 << 20) + 1)
    ],
    "stored_blocks": lambda: [
        blocks(f"{size}.bin", size)
        for size in (0, 1, 65_534, 65_535, 65_536, 131_070, 131_071, (1 << 20) + 1)
    ],
    "mixed": mixed,
    "odd_dates": lambda: [
        Entry("1901.txt", 1, modified=-2_147_483_648),
        Entry("1969.txt", 1, modified=-1),
        Entry("1970.txt", 1, modified=0),
        Entry("1979.txt", 1, modified=315_532_799),
        Entry("1980.txt", 1, modified=315_532_800),
        Entry("odd second.txt", 1, modified=1_000_000_001),
        Entry("2038.txt", 1, modified=2_147_483_647),
        Entry("2038 and a second.txt", 1, modified=2_147_483_648),
        Entry("2107.txt", 1, modified=4_354_819_198),
        Entry("2200.txt", 1, modified=7_258_118_400),
    ],
    "names_at_limits": names_at_limits,
    "longest_names": lambda: [
        Entry("x" * 65_535, 3),
        blocks("/".join(["\u00fc" * 127] * 256) + "/" + "z" * 255, 5),
        Entry("n", 7),
    ],
    "entries_65534": lambda: many(65_534),
    "entries_65535": lambda: many(65_535),
    "entries_70000": lambda: many(70_000),
    "stored_over_4_gib": lambda: [
        Entry("large.bin", 4 * GIB + 1, content="zeros"),
        Entry("after.txt", 100),
        blocks("blocks after.bin", 70_000),
    ],
    "blocks_over_4_gib": lambda: [
        blocks("large.bin", 4 * GIB + 1, content="zeros"),
        Entry("after.txt", 100),
        blocks("blocks after.bin", 70_000),
    ],
    # The last sizes for which a descriptor has 4-byte sizes, and the first stored size that needs
    # ZIP64: in blocks, 4,294,639,630 bytes are 0xFFFFFFFF.
    "blocks_of_4_gib_minus_1": lambda: [
        blocks("blocks.bin", 4_294_639_630, content="zeros"),
        Entry("after.txt", 100),
        blocks("blocks after.bin", 70_000),
    ],
    "stored_of_4_gib_minus_1": lambda: [
        Entry("stored.bin", 4 * GIB - 1, content="zeros"),
        Entry("after.txt", 100),
    ],
    # No entry needs ZIP64 for itself; the last ones' offsets and the directory's do.
    "directory_beyond_4_gib": lambda: [
        Entry("1.bin", 3 * GIB, content="zeros"),
        Entry("2.bin", 3 * GIB, content="zeros"),
        Entry("after.txt", 100),
        blocks("blocks after.bin", 70_000),
    ],
}
