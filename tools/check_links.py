#!/usr/bin/python3
"""That the links of all Markdown pages lead to files that are there, and to headings that they have."""

import os
import re
from pathlib import Path

from sources import ROOT, all_files, report

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def anchors(text):
    """As GitHub makes them of headings."""
    for heading in HEADING.findall(text):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        yield re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")


def check(page, text, text_of):
    """Problems, as texts; `text_of` gives the text of a path of the checkout, or None; a folder's is
    empty."""
    for target in LINK.findall(CODE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = Path(os.path.normpath(page.parent / name)) if name else page
        linked = text if not name else text_of(path)
        if linked is None:
            yield f"{page}: {target} leads nowhere"
        elif anchor and anchor not in anchors(linked):
            yield f"{page}: {target}: no such heading"


def main():
    paths = all_files()
    folders = {folder for path in paths for folder in path.parents}

    def text_of(path):
        if path in folders:
            return ""
        try:
            return (ROOT / path).read_text() if path in paths else None
        except UnicodeDecodeError:
            return ""

    pages = [path for path in paths if path.suffix == ".md"]
    report([problem for page in pages
            for problem in check(page, (ROOT / page).read_text(), text_of)])


if __name__ == "__main__":
    main()
