"""How long a client waits: for the first byte, next to the store's own, and for a listing."""

import time
from statistics import median

import rounds
from cases import S3_LIMITS, Case, relay_16
from contestants import S3zipper, Store
from figures import Figure, Target
from objects import KIB, MIB, Set
from stores import Origin, S3Like

FIRST_BYTE_SETS = (Set("medium", 1, 256 * KIB), Set("large", 1, 64 * MIB))
FIRST_BYTE_ALLOWED = Target(3, 3, at_most=True)  # ms beyond the store's own
PAGE_LIMITS = ("--page-ms", "50")
KEYS_PER_SECOND = Target(10_000, 10_000)


def first_byte(setup, quick, count, say):
    """One object, downloaded from the store, through relay-16, and zipped: its first byte."""
    figures = []
    for kind in ("origin", "s3-like"):
        for of_set in FIRST_BYTE_SETS:
            store = (Origin(setup, [of_set]) if kind == "origin" else
                     S3Like(setup, sets=[of_set], limits=S3_LIMITS))
            case = Case("first-byte", kind, of_set, (), Target())
            try:
                row = [Store("store"), relay_16(), S3zipper()]
                samples, _ = rounds.run(setup, case, store, row, 2 * count + 1, 0, say)
            finally:
                store.stop()
            figures += _first_byte_figures(case.title, samples)
    return figures


def _first_byte_figures(title, samples):
    waits = {name: [one.first_byte * 1e3 for one in of_one] for name, of_one in samples.items()}
    out = [Figure(f"first byte, {title}: {name}", median(each), "ms", min(each), max(each))
           for name, each in waits.items()]
    store = median(waits["store"])
    beyond = Figure(f"first byte, {title}: s3zipper beyond the store",
                    median(waits["s3zipper"]) - store, "ms", reference=store,
                    reference_name="store, first byte")
    return [*out, beyond.judge(FIRST_BYTE_ALLOWED, beyond.value)]


def listing(setup, quick, count, say):
    """From a streamzip call to the end of the listing of one flat prefix, at 50 ms a page."""
    flat = Set("flat", 50_000 if quick else 200_000, KIB)
    store = S3Like(setup, sets=[flat], limits=PAGE_LIMITS)
    ours = S3zipper()
    rates = []
    try:
        ours.start(setup, store, flat, None)
        for number in range(1, count + 1):
            begin = time.monotonic()
            ours.url(number)
            rates.append(flat.count / (time.monotonic() - begin))
            say(f"listing {number} of {count}")
    finally:
        ours.stop()
        store.stop()
    figure = Figure(f"listing of {flat.count:,} keys, 50 ms a page: s3zipper", median(rates),
                    "keys/s", min(rates), max(rates))
    return [figure.judge(KEYS_PER_SECOND, figure.value)]
