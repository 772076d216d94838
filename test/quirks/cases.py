"""The table of docs/quirks.md: what stores, or proxies before them, do otherwise than S3, and what
must come of it, for the command, a job and a download.

A row is a Case. To add one, write it into CASES, run

    ./dev test quirks --case NAME   # a part of its name; --list shows all
    ./dev test quirks --write       # the table of docs/quirks.md

and see it fail without what it is about. Each case has a bucket of its own, with its quirks
(docs/sandbox.md lists them) and its faults; "in/" is zipped unless `sources` says otherwise.
"""

import random
from dataclasses import dataclass, field

KIB, MIB = 1 << 10, 1 << 20
FOLDER = "in/"


@dataclass(frozen=True)
class Right:
    """There is a zip, with these entries: {name: content}; None: all objects, by their keys."""
    entries: dict = None
    cell = "right"


@dataclass(frozen=True)
class Told:
    """There is no zip, nothing is left behind, and the reason holds these words, where {bucket}
    stands for the case's."""
    words: tuple
    cell = "told"

    def __init__(self, *words):
        object.__setattr__(self, "words", words)


@dataclass(frozen=True)
class Put:
    """An object with more than content: `how` are put_object's arguments."""
    content: bytes
    how: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    name: str       # the row's first cell
    outcome: object # Right or Told; of all ways that are not in `ways`
    quirks: tuple = ()
    objects: dict = None      # {key: bytes or Put}; None: PLAIN
    ways: dict = field(default_factory=dict)  # {"cli", "job", "stream" or "check": outcome}
    faults: tuple = ()        # rules of the faults file, without their bucket
    sources: tuple = (FOLDER,)
    fields: dict = field(default_factory=dict)  # more of the API's calls
    flags: tuple = ()         # more of `s3zipper zip`
    region: str = "us-east-1" # of the store; clients begin with us-east-1

    def of(self, way):
        """What must come of it; None: that way is not tried. check-store only where it is named."""
        return self.ways.get(way, None if way == "check" else self.outcome)


def noise(size, seed=1):
    """Bytes that no compression makes smaller."""
    return random.Random(seed).randbytes(size)


# One object to be held back whole, one of two segments, one without a byte.
PLAIN = {"in/a.txt": b"a few words\n", "in/b/large.bin": noise(9 * MIB), "in/empty": b""}
# U+FB01 comes before U+1F600, and in UTF-16 behind it.
BEYOND = {"in/\U0001F600": b"emoji", "in/\uFB01": b"ligature", "in/z": b"letter"}
# What becomes of keys that end in slashes, or say nothing: names by the rules of zip-format.md.
ODD_KEYS = {"in/a//": b"two slashes", "in/b/": b"one slash", "in/..": b"dots", "in/./x": b"a dot",
            "in/\x01": b"control", "in//": b"nothing", "in/plain": b"plain"}
ODD_NAMES = {"in/a/_": b"two slashes", "in/b": b"one slash", "in/_": b"control",
             "in/_ (2)": b"dots", "in/_/x": b"a dot", "in/_ (3)": b"nothing", "in/plain": b"plain"}

CASES = [
    Case("nothing is odd", Right(), ways={"check": Right()}),
    Case("listings tell no ETags", Right(), ("no-etags",)),
    Case("keys come in the order of UTF-16", Right(), ("utf16-order",), BEYOND),
    Case("an empty object keeps a folder's name",
         Right({"photos/": b"", "photos/a.jpg": b"a photo"}),
         objects={"photos": b"", "photos-2": b"", "photos/a.jpg": b"a photo"}, sources=("photos",)),
    Case("an empty object keeps the name of a folder inside",
         Right({"in/sub/": b"", "in/sub-2": b"", "in/sub/a": b"a"}),
         objects={"in/sub": b"", "in/sub-2": b"", "in/sub/a": b"a"}),
    Case("an object with content has a folder's name",
         Right({"both (2)": b"content", "both/a": b"a"}),
         objects={"both": b"content", "both/a": b"a"}, sources=("both",)),
    Case("keys end in slashes, or say nothing", Right(ODD_NAMES), objects=ODD_KEYS),
]
