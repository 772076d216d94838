"""How long a plan takes to make of objects that are listed, and what an entry of it takes."""

import json
from statistics import median

from figures import Figure, Target

SECONDS = Target(1, 1, at_most=True)
BYTES_AN_ENTRY = Target(150, 150, at_most=True)  # beside its name


def planning(setup, quick, count, say):
    entries = 100_000 if quick else 1_000_000
    runs = []
    for number in range(1, count + 1):
        say(f"plan {number} of {count}")
        runs.append(json.loads(setup.output([setup.tool("plan"), "--entries", entries], None)))
    seconds = [run["freeze_seconds"] + run["encode_seconds"] for run in runs]
    time = Figure(f"planning {entries:,} entries", median(seconds), "s", min(seconds), max(seconds))
    size = Figure(f"plan of {entries:,} entries, an entry less its name",
                  median(run["bytes_an_entry"] for run in runs), "bytes")
    return [time.judge(SECONDS, time.value), size.judge(BYTES_AN_ENTRY, size.value)]
