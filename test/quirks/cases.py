"""The table of docs/inside/quirks.md: what stores, or proxies before them, do otherwise than S3, and what
must come of it, for the command, a job and a download.

A row is a Case. To add one, write it into CASES, run

    ./dev test quirks --case NAME   # a part of its name; --list shows all
    ./dev test quirks --write       # the table of docs/inside/quirks.md

and see it fail without what it is about. Each case has a bucket of its own, with its quirks
(docs/guides/sandbox.md lists them) and its faults; "in/" is zipped unless `sources` says otherwise.
"""

import gzip
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


def packed(content):
    return Put(gzip.compress(content, mtime=0), {"ContentEncoding": "gzip",
                                                 "ContentType": "text/plain"})


# One object to be held back whole, one of two segments, one without a byte.
PLAIN = {"in/a.txt": b"a few words\n", "in/b/large.bin": noise(9 * MIB), "in/empty": b""}
LETTERS = {f"in/{letter}": letter.encode() for letter in "abcde"}
TEXT = b"the same line again\n" * 5000
PACKED = {"in/a.txt": packed(TEXT), "in/b.bin": noise(70 * KIB)}
TIERED = {"in/a.txt": b"at hand",
          "in/b.bin": Put(noise(200 * KIB), {"StorageClass": "INTELLIGENT_TIERING"})}
# A zip of more than two parts.
PARTS = {"in/1.bin": noise(9 * MIB, 2), "in/2.bin": noise(9 * MIB, 3), "in/3.bin": noise(MIB, 4)}
CHANGE = {"call": "GetObject", "key": "in/a.txt", "do": "change", "times": 0}
# U+FB01 comes before U+1F600, and in UTF-16 behind it.
BEYOND = {"in/\U0001F600": b"emoji", "in/\uFB01": b"ligature", "in/z": b"letter"}
# What becomes of keys that end in slashes, or say nothing: names by the rules of zip-format.md.
ODD_KEYS = {"in/a//": b"two slashes", "in/b/": b"one slash", "in/..": b"dots", "in/./x": b"a dot",
            "in/\x01": b"control", "in//": b"nothing", "in/plain": b"plain"}
ODD_NAMES = {"in/a/_": b"two slashes", "in/b": b"one slash", "in/_ (2)": b"control",
             "in/_ (3)": b"dots", "in/_/x": b"a dot", "in/_ (4)": b"nothing", "in/plain": b"plain"}

HAS_CHANGED = "has changed since it was listed"
DELETED = "it is deleted: a delete marker stands in its place"
CASES = [
    Case("nothing is odd", Right(), ways={"check": Right()}),
    # ETags
    Case("listings tell ETags without quotes", Right(), ("unquoted-etags",),
         ways={"check": Right()}),
    Case("ETags have no quotes", Right(), ("bare-etags",), ways={"check": Right()}),
    Case("all ETags are weak", Right(), ("weak-etags",)),
    Case("a proxy makes ETags weak", Right(), ("weakened-etags",), ways={"check": Right()}),
    Case("a proxy appends to ETags", Right(), ("suffixed-etags",), ways={"check": Right()}),
    Case("a proxy writes ETags in capitals", Right(), ("upper-case-etags",),
         ways={"check": Right()}),
    Case("the same, of an object that is named", Right({"in/a.txt": PLAIN["in/a.txt"]}),
         ("upper-case-etags",), sources=("in/a.txt",)),
    Case("listings tell no ETags", Right(), ("no-etags",)),
    Case("an object changes where ETags have no quotes", Told("in/a.txt", HAS_CHANGED),
         ("unquoted-etags",), faults=(CHANGE,)),
    Case("an object changes where ETags are weak", Told("in/a.txt", "listed"), ("weak-etags",),
         faults=(CHANGE,)),
    Case("an object grows where ETags are weak", Told("in/a.txt", "listed"), ("weak-etags",),
         faults=({**CHANGE, "size": 100, "keep_etag": True},)),
    # heads and documents
    Case("bodies come in chunks", Right(), ("chunked-bodies",), ways={"check": Right()}),
    Case("a body in chunks is too long", Told("in/a.txt"), ("chunked-bodies",),
         faults=({"call": "GetObject", "key": "in/a.txt", "do": "long-body", "times": 0},)),
    Case("HEAD tells no length", Right(), ("head-without-length",), ways={"check": Right()}),
    Case("the same, of objects that are named", Right(), ("head-without-length",),
         sources=tuple(PLAIN)),
    Case("compressed objects are unpacked on the way", Right(), ("gzip-unpacked",), PACKED),
    Case("the same, of an object that is named", Right({"in/a.txt": PACKED["in/a.txt"]}),
         ("gzip-unpacked",), PACKED, sources=("in/a.txt",)),
    Case("nothing tells when an object was changed", Right(), ("no-last-modified",),
         ways={"check": Right()}),
    Case("status lines end with the status", Right(), ("short-status-line",),
         ways={"check": Right()}),
    Case("the names of elements have a prefix", Right(), ("namespace-prefix",),
         ways={"check": Right()}),
    Case("the region is told in a document only", Right(), ("no-region-header",),
         region="eu-central-1", ways={"check": Right()}),
    Case("the same, of an object that is named", Right({"in/a.txt": PLAIN["in/a.txt"]}),
         ("no-region-header",), sources=("in/a.txt",), region="eu-central-1"),
    # pages
    Case("pages are small", Right(), ("small-pages",), LETTERS),
    Case("pages of parts are small", Right(), ("small-pages",), PARTS),
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
    Case("a listing never ends", Told("s3://{bucket}/in/", "repeats"), ("repeated-token",), LETTERS),
    Case("pages of a listing are empty for ever", Told("s3://{bucket}/in/"), ("empty-pages",),
         LETTERS),
    Case("a listing does not say how it goes on",
         Told("s3://{bucket}/in/", "NextContinuationToken"), ("missing-token",), LETTERS),
    Case("a listing tells a key twice", Told("s3://{bucket}/in/", "in/b"),
         ("repeated-keys", "small-pages"), LETTERS),
    Case("a listing goes backwards", Told("s3://{bucket}/in/", "in/d"), ("descending-keys",),
         LETTERS),
    Case("a listing tells keys of other folders", Told("s3://{bucket}/in/", "another/a"),
         ("ignored-prefix",), {**LETTERS, "another/a": b"other"}),
    # refusals
    Case("uploads need a checksum", Right(), ("checksum-required",), ways={"check": Right()}),
    Case("the same, of a small zip", Right(), ("checksum-required",), LETTERS),
    Case("an object is deleted", Told("in/gone.txt", "no object", DELETED),
         ("delete-marker-404",), sources=("in/gone.txt",)),
    Case("an object is deleted, and told of like a version",
         Told("in/gone.txt", "no object", DELETED), ("delete-marker-405",),
         sources=("in/gone.txt",)),
    Case("the bucket is elsewhere, by <Endpoint>", Told("{bucket}", "eu-west.store.example"),
         ("redirect-by-endpoint",), ways={"check": Told("eu-west.store.example")}),
    Case("the bucket is elsewhere, by Location", Told("{bucket}", "eu-west.store.example"),
         ("redirect-by-location",), ways={"check": Told("eu-west.store.example")}),
    Case("its clock is two hours ahead", Right(), ("other-clock",), ways={"check": Right()}),
    Case("an object is in an archive tier", Told("in/b.bin", "archived"), ("archived-tiers",),
         TIERED),
    Case("the same, of an object that is named", Told("in/b.bin", "archived"),
         ("archived-tiers",), TIERED, sources=("in/b.bin",)),
]
