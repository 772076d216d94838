"""Which files the project has, and the folder table of docs/inside/architecture.md: for the checks."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def all_files(root=ROOT):
    """Paths, relative to the root, of all files that git has or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout
    names = sorted(set(listing.decode().split("\0")) - {""})
    return [Path(name) for name in names if (root / name).is_file()]


def cpp_texts(root=ROOT):
    """Pairs of path and text of all C++ files."""
    paths = [path for path in all_files(root) if path.suffix in (".cc", ".h")]
    return [(path, (root / path).read_text()) for path in paths]


def folder_table(architecture):
    """The folders that docs/inside/architecture.md's table names, in its order: ["src/base", …]."""
    return re.findall(r"^\| `([\w./]+)/` \|", architecture, re.MULTILINE)


def report(problems):
    """Prints "file:line: what is wrong" for each problem, and ends with the exit status."""
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "no problems")
    sys.exit(1 if problems else 0)
