#!/usr/bin/python3
"""That every row of docs/inside/cases.md names tests of test/system that are there."""

import re

from sources import ROOT, report

PAGE = ROOT / "docs/inside/cases.md"
TESTS = ROOT / "test/system"
ROW = re.compile(r"\| (?!---|what happens)")
TEST = re.compile(r"`(\w+)\.(test_\w+)`")


def check(page, text_of):
    """Problems, as texts; `text_of` gives the text of a file of tests by its name, or None."""
    for number, line in enumerate(page.split("\n"), 1):
        if not ROW.match(line):
            continue
        named = TEST.findall(line)
        if not named:
            yield f"docs/inside/cases.md:{number}: no test"
        for file, test in named:
            if not re.search(rf"\bdef {test}\(", text_of(file) or ""):
                yield f"docs/inside/cases.md:{number}: {file}_test.py has no {test}"


def text_of(file):
    path = TESTS / f"{file}_test.py"
    return path.read_text() if path.is_file() else None


if __name__ == "__main__":
    report(list(check(PAGE.read_text(), text_of)))
