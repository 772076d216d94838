#!/usr/bin/python3
"""Checks what CONTRIBUTING.md says of files, and that no compiler or formatter looks at: length of
functions and files, the comment that opens a file, comments without a subject, leftover marks, tabs, names
that say nothing, Python that is none, folders that hold too much, and that the folder table of
docs/inside/architecture.md is that of the tree.
"""

import ast
import re

from cpp_syntax import Syntax
from sources import ROOT, all_files, folder_table, report

MAX_FUNCTION_LINES = 70
MAX_FILE_LINES = 500
MAX_CONCEPTS = 20

SOURCE_SUFFIXES = {".cc", ".h", ".py", ".sh", ".cmake", ".txt", ".toml", ".yml"}
COMMENT_START = re.compile(r'//|/\*|#(?!include|pragma|define|if)|"""|<!--')
MARKS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|^<{7} |^>{7} ")
# fmt 9 stops the program where the text is no UTF-8.
QUOTING = re.compile(r"\{[^{}]*:\?\}")
QUOTING_FILES = {"src/base/text.h", "src/base/text.cc"}
# In a comment of C++: a clause for an actor, or a genitive without its noun.
CLAUSE = re.compile(r"\b[Ww]hoever\b|(?:^|[.:;] )(?:Who|Those who|Somebody who|Nobody who) [a-z]|^Of [a-z]")
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "misc", "impl"}


def is_source(path, text):
    known = path.suffix in SOURCE_SUFFIXES or text.startswith("#!")
    return known and path.name != "CMakeLists.txt"


def has_first_comment(path, text, paths):
    """x.cc and x_test.cc may leave it to x.h; a list of two or three lines needs none."""
    if path.suffix == ".cc":
        header = path.with_name(path.stem.removesuffix("_test") + ".h")
        if header in paths:
            return True
    lines = [line for line in text.split("\n") if line and not line.startswith("#!")]
    return len(lines) <= 3 or COMMENT_START.match(lines[0]) is not None


def function_problems(text):
    syntax = Syntax(text)
    for start in syntax.functions():
        end = min(syntax.partner[start], len(syntax.tokens) - 1)
        first, last = syntax.tokens[start].line, syntax.tokens[end].line
        if last - first + 1 > MAX_FUNCTION_LINES:
            yield first, f"a function of {last - first + 1} lines (at most {MAX_FUNCTION_LINES})"


def python_problems(text):
    try:
        ast.parse(text)
    except SyntaxError as error:
        yield error.lineno, f"not Python: {error.msg}"


def comment_problems(text):
    begins = True  # a comment of its own
    for number, line in enumerate(text.split("\n"), 1):
        code, mark, comment = line.partition("// ")
        if mark and (begins or not comment.startswith("Of ")) and CLAUSE.search(comment):
            yield number, "a comment without a subject; begin with the noun"
        begins = bool(code.strip()) or not mark


def check_file(path, text, paths):
    """`paths`: the set of all files."""
    problems = []
    if path.stem.removesuffix("_test") in EMPTY_NAMES:
        problems.append((1, "a name that says nothing; name the concept"))
    for number, line in enumerate(text.split("\n"), 1):
        if MARKS.search(line):
            problems.append((number, "a leftover mark; do it, or file an issue"))
        if path.suffix in (".cc", ".h") and QUOTING.search(line) and str(path) not in QUOTING_FILES:
            problems.append((number, "{:?} in a format; write base::in_quotes()"))
        if "\t" in line and path.suffix != ".go":  # gofmt wants them
            problems.append((number, "a tab"))
    if is_source(path, text):
        if text.count("\n") > MAX_FILE_LINES:
            problems.append((1, f"{text.count(chr(10))} lines (at most {MAX_FILE_LINES})"))
        if not has_first_comment(path, text, paths):
            problems.append((1, "no opening comment that says what the file is"))
    if path.suffix in (".cc", ".h"):
        problems += function_problems(text)
        problems += comment_problems(text)
    if path.suffix == ".py":
        problems += python_problems(text)
    return [f"{path}:{line}: {problem}" for line, problem in problems]


def check_crowds(paths):
    """A folder of sources holds few concepts: a concept is a .h with its .cc and test."""
    concepts = {}
    for path in paths:
        if path.suffix in (".cc", ".h") and not path.stem.endswith("_test"):
            concepts.setdefault(path.parent, set()).add(path.stem)
    return [
        f"{folder}/: {len(names)} concepts (at most {MAX_CONCEPTS})"
        for folder, names in sorted(concepts.items())
        if len(names) > MAX_CONCEPTS
    ]


def check_folder_table(table, paths):
    """Every folder at the top, of src/ and of sandbox/ stands in the table, and every folder of it
    exists."""
    folders = {str(parent) for path in paths for parent in path.parents}
    wanted = {name for name in folders if re.fullmatch(r"[^./]+|(src|sandbox)/.+", name)} - {"src"}
    place = "docs/inside/architecture.md:1: the folder table"
    return [
        *(f"{place} lacks {name}/" for name in sorted(wanted - set(table))),
        *(f"{place} names {name}/, which does not exist" for name in table if name not in folders),
    ]


def main():
    paths = all_files()
    problems = []
    for path in paths:
        try:
            text = (ROOT / path).read_text()
        except UnicodeDecodeError:  # a picture, an archive
            continue
        problems += check_file(path, text, set(paths))
    table = folder_table((ROOT / "docs/inside/architecture.md").read_text())
    report(problems + check_crowds(paths) + check_folder_table(table, paths))


if __name__ == "__main__":
    main()
