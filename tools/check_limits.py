#!/usr/bin/python3
"""That the limits in docs/reference/limits.md are those of src/base/limits.h and service_limits.h: each row of a table there begins
with a constant's name and its value. Settings that change a limit are the reader's affair.
"""

import re

from sources import ROOT, report

HEADERS = [ROOT / "src/base/limits.h", ROOT / "src/base/service_limits.h"]
PAGE = ROOT / "docs/reference/limits.md"

UNITS = {"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "ms": 1, "s": 1000,
         "min": 60_000, "h": 3_600_000, "days": 24 * 3_600_000}
NUMBER = re.compile(r"([\d,.]+)\s*([A-Za-z]*)")


def constants(header):
    """Of the header: {name: value}, sizes in bytes and times in milliseconds."""
    found = {}
    for name, text in re.findall(r"inline constexpr [\w:]+ (\w+) = ([^;]+);", header):
        text = re.sub(r"(?<=\d)'(?=\d)", "", text)
        if text in found:
            found[name] = found[text]
            continue
        value = 1
        for factor in text.split("*"):
            match = re.fullmatch(r"\s*(\d*)\s*(\w*?)\s*", factor)
            if not match or match[2] not in UNITS:
                break
            value *= int(match[1] or 1) * UNITS[match[2]]
        else:
            found[name] = value
    return found


def rows(page):
    """Of the page: (line number, name, value as it is written)."""
    for number, line in enumerate(page.split("\n"), 1):
        if match := re.match(r"\| `(\w+)` \| ([^|]+?) \|", line):
            yield number, match[1], match[2]


def value_of(text):
    match = NUMBER.fullmatch(text)
    if not match or match[2] not in UNITS:
        return None
    return round(float(match[1].replace(",", "")) * UNITS[match[2]], 3)


def check(header, page):
    """Problems, as texts; a page without rows is one."""
    known = constants(header)
    found = list(rows(page))
    if not found:
        yield "docs/reference/limits.md: no limits"
    for number, name, text in found:
        if name not in known:
            yield f"docs/reference/limits.md:{number}: limits.h has no constant {name} of this kind"
        elif value_of(text) != known[name]:
            yield f"docs/reference/limits.md:{number}: {name} is \"{text}\" here, {known[name]} in limits.h"


if __name__ == "__main__":
    report(list(check("".join(header.read_text() for header in HEADERS), PAGE.read_text())))
