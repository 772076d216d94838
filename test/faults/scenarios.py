"""What can go wrong, where, and what must come of it: the table of the fault harness, and the
choice of one scenario by a seed.

Each scenario has a bucket of its own with a folder of objects, and one rule of the sandbox's faults
for it. What must come of it is said beforehand:

  right   the zip is there, every byte of it right: the fault passed, or did no harm
  told    no zip: the job fails, the download is refused or cut, and the reason names the object or
          the bucket, and S3's code where it sent one
"""

import random
from dataclasses import dataclass

KIB, MIB = 1 << 10, 1 << 20

# Around what matters: nothing, one byte, held back whole, one segment and more, several parts.
SIZES = (0, 1, 300, 70 * KIB, MIB, MIB + 1, 3 * MIB)
PART_BYTES = 8 * MIB
THREE_PARTS = (2 * PART_BYTES + 1, 17 * MIB, 20 * MIB - 1)
HEADER_BYTES = 1500  # of a zip of some entries, more or less
FOLDER = "in/"
WAYS = ("job", "stream", "resumed stream")


@dataclass(frozen=True)
class Fault:
    """`rule`: what the sandbox does, to the first `times` requests of the place, 0: all."""
    name: str
    rule: dict
    times: int
    outcome: str
    code: str = ""  # of S3, which the reason names


def passing(name, rule, *times):
    return [Fault(f"{name}, {count} times", rule, count, "right") for count in times]


def harmless(name, rule):
    return [Fault(name, rule, 0, "right")]


def lasting(name, rule, code=""):
    return [Fault(f"{name} for good", rule, 0, "told", code)]


def error(status, code):
    return {"do": "error", "status": status, "code": code}


ANY_CALL = [
    *passing("SlowDown", error(503, "SlowDown"), 1, 4),
    *passing("InternalError", error(500, "InternalError"), 1, 3),
    *passing("RequestTimeout", error(400, "RequestTimeout"), 1),
    *passing("502 of a proxy", error(502, "BadGateway"), 2),
    *passing("reset", {"do": "reset"}, 1, 3),
    *passing("stall", {"do": "stall"}, 1),
    *passing("the answer is lost", {"do": "lost-answer"}, 1),
    *passing("away for a while", {"do": "away", "ms": 700}, 1),
    *passing("away for 7 s", {"do": "away", "ms": 7000}, 1),
    *harmless("150 ms of latency", {"do": "delay", "ms": 150}),
    *lasting("SlowDown", error(503, "SlowDown"), "SlowDown"),
    *lasting("InternalError", error(500, "InternalError"), "InternalError"),
    *lasting("AccessDenied", error(403, "AccessDenied"), "AccessDenied"),
    *lasting("ExpiredToken", error(400, "ExpiredToken"), "ExpiredToken"),
    *lasting("reset", {"do": "reset"}),
]
WITH_BODY = [
    *passing("cut at its start", {"do": "cut"}, 1, 3),
    *passing("cut anywhere", {"do": "cut", "after": "random"}, 1, 3),
    *passing("reset anywhere", {"do": "reset", "after": "random"}, 1),
    *passing("stall anywhere", {"do": "stall", "after": "random"}, 1),
    *lasting("cut at its start", {"do": "cut"}),
]
OBJECT_BYTES = [
    *WITH_BODY,
    *harmless("5 MB/s", {"do": "rate", "bytes_per_second": 5_000_000}),
    *lasting("a short body", {"do": "short-body"}),
    *lasting("a long body", {"do": "long-body"}),
    *lasting("another range", {"do": "wrong-range"}),
    *lasting("it changes", {"do": "change"}),
    *lasting("it grows", {"do": "change", "size": 5 * MIB}),
    *lasting("it grows under the same ETag", {"do": "change", "size": 5 * MIB, "keep_etag": True}),
    *lasting("it shrinks under the same ETag", {"do": "change", "size": 0, "keep_etag": True}),
    *lasting("it vanishes", {"do": "vanish"}, "NoSuchKey"),
    *lasting("it is archived", error(403, "InvalidObjectState"), "InvalidObjectState"),
]
ON_RECORD = lasting("a wrong CRC-32 on record", {"do": "wrong-crc32"})
IN_LISTING = [
    *lasting("one byte too many", {"do": "wrong-size"}),
    *lasting("one byte too few", {"do": "wrong-size", "by": -1}),
    *lasting("7 MiB", {"do": "wrong-size", "size": 7 * MIB}),
]
IN_200 = [
    *passing("InternalError in a 200", {"do": "error-in-200", "code": "InternalError"}, 1, 2),
    *passing("white space before it", {"do": "white-space", "ms": 300}, 1),
    *passing("white space, then InternalError",
             {"do": "white-space", "ms": 300, "code": "InternalError"}, 1),
    *passing("an error in a 200, though it was done",
             {"do": "error-in-200", "code": "InternalError", "carry_out": True}, 1),
    *lasting("AccessDenied in a 200", {"do": "error-in-200", "code": "AccessDenied"},
             "AccessDenied"),
]
# S3 sends RequestTimeout where a body does not come, and the answer to a HEAD has no code.
OF_HEAD = [fault for fault in ANY_CALL if fault.rule.get("code") != "RequestTimeout"]
OF_ABORT = [fault for fault in ANY_CALL if fault.outcome == "right"]


@dataclass(frozen=True)
class Place:
    """Requests of one call, and for one object where `entry` says which."""
    name: str
    call: str
    faults: list
    ways: tuple = WAYS
    entry: str = ""
    part: str = ""
    parts: int = 0        # the zip has that many parts: 0 any, 1 just one, 3 at least three
    named: bool = False   # the objects are named in filePaths, instead of their folder
    fails: bool = False   # another fault ends the job

    def label(self):
        return f"{self.call}, {self.name}" if self.name else self.call


PLACES = [
    Place("", "ListObjectsV2", ANY_CALL + WITH_BODY),
    *(Place(f"size of the {entry} entry", "ListObjectsV2", IN_LISTING, entry=entry)
      for entry in ("first", "middle", "last")),
    *(Place(f"{entry} entry", "HeadObject", OF_HEAD, entry=entry, named=True)
      for entry in ("first", "last")),
    *(Place(f"{entry} entry", "GetObject", ANY_CALL + OBJECT_BYTES, entry=entry)
      for entry in ("first", "middle", "last")),
    # A resumed download reads no object from its start to its end: what is on record is believed.
    *(Place(f"{entry} entry's CRC-32", "HeadObject", ON_RECORD, ("job", "stream"), entry=entry,
            named=True) for entry in ("first", "last")),
    Place("", "PutObject", ANY_CALL, ("job",), parts=1),
    Place("", "CreateMultipartUpload", ANY_CALL, ("job",), parts=3),
    *(Place(f"{part} part", "UploadPart", ANY_CALL, ("job",), part=part, parts=3)
      for part in ("first", "middle", "last")),
    Place("", "ListParts", ANY_CALL + WITH_BODY, ("job",), parts=3),
    Place("", "CompleteMultipartUpload", ANY_CALL + IN_200, ("job",), parts=3),
    Place("after another fault", "AbortMultipartUpload", OF_ABORT, ("job",), parts=3, fails=True),
]
# All pairs, so that a run of as many seeds as there are pairs meets each of them once.
CASES = [(place, fault, way) for place in PLACES for fault in place.faults for way in place.ways]


class Scenario:
    """The seed's case; what is left open (sizes, count of objects, body types) is chosen by it."""

    def __init__(self, seed):
        self.seed = seed
        # The cases in a shuffled order, anew for each round through all of them.
        turn, index = divmod(seed, len(CASES))
        order = list(range(len(CASES)))
        random.Random(turn).shuffle(order)
        self.place, self.fault, self.way = CASES[order[index]]
        self.random = random.Random(seed)
        self.bucket = f"faults-{seed}"
        self.objects = self._choose_objects()
        self.outcome = "told" if self.place.fails else self.fault.outcome

    def _choose_objects(self):
        """{key: size}, in the order of a listing. The object at the place has two bytes at least:
        one that is listed with none is not read at all."""
        count = self.random.randint(3, 8)
        sizes = [self.random.choice(SIZES) for _ in range(count)]
        for index in (0, count // 2, count - 1):
            if sizes[index] < 2:
                sizes[index] = self.random.choice(SIZES[2:])
        if self.place.parts == 1:
            sizes = [min(size, 70 * KIB) for size in sizes]
        if self.place.parts == 3:
            sizes[1] = self.random.choice(THREE_PARTS)
        return {f"{FOLDER}{index}-{self.random.randint(0, 999)}.bin": size
                for index, size in enumerate(sizes)}

    @property
    def key(self):
        """Of the object that the fault is about, if it is about one."""
        keys = list(self.objects)
        return {"first": keys[0], "middle": keys[len(keys) // 2], "last": keys[-1],
                "": None}[self.place.entry]

    @property
    def zip_to(self):
        """A place of the user's choice, or none. An upload whose id got lost with the answer to
        CreateMultipartUpload is known by the job's id in its key, which only the default place has.
        """
        chosen = self.seed % 2 and self.place.call != "CreateMultipartUpload"
        return "out/all.zip" if chosen else ""

    def target(self, job_id):
        return self.zip_to or f"s3zipper/{job_id}.zip"

    @property
    def paths(self):
        return list(self.objects) if self.place.named else [FOLDER]

    def rules(self):
        """The tables of the sandbox's faults file."""
        rule = {"name": f"seed {self.seed}", "bucket": self.bucket, "call": self.place.call,
                "times": self.fault.times, **self.fault.rule}
        if self.key:
            rule["key"] = self.key
        if self.place.part:
            parts = (sum(self.objects.values()) + HEADER_BYTES) // PART_BYTES + 1
            rule["part"] = {"first": 1, "middle": 2, "last": parts}[self.place.part]
        rules = [rule]
        if self.place.fails:
            rules.append({"name": f"seed {self.seed}, end", "bucket": self.bucket,
                          "call": "UploadPart", "part": 2, "times": 0,
                          **error(403, "AccessDenied")})
        return rules

    def __str__(self):
        return f"seed {self.seed}: {self.fault.name} | {self.place.label()} | {self.way}"


def to_toml(rules):
    def value(item):
        return str(item).lower() if isinstance(item, bool) else repr(item) if isinstance(
            item, int) else f'"{item}"'
    return "".join("[[fault]]\n" + "".join(f"{key} = {value(item)}\n" for key, item in rule.items())
                   + "\n" for rule in rules)


if __name__ == "__main__":
    print(len(CASES), "cases")
