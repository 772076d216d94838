#!/usr/bin/python3
"""That docs/reference/configuration.md holds the table of settings which the program itself prints.

    tools/check_configuration.py SERVER     SERVER is the s3zipper binary
"""

import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs/reference/configuration.md"


def main():
    printed = subprocess.run([sys.argv[1], "config", "--markdown"], check=True,
                             capture_output=True, text=True).stdout
    if not printed or printed not in PAGE.read_text():
        sys.exit(f"{PAGE} does not hold the table that `s3zipper config --markdown` prints; "
                 "put it there")
    print("no problems")


if __name__ == "__main__":
    main()
