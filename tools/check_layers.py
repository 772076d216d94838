#!/usr/bin/python3
"""Checks which way includes point: a folder of src/ uses its own files and those of folders above
it in the table of docs/architecture.md; some libraries are for some files only.
"""

import re

from sources import ROOT, cpp_texts, folder_table, report

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)

# Instantiating Asio and Beast is what compiling costs, so few units may: header, files that may.
ASIO_UNITS = r"src/net/(.*\.cc|task\.h|socket\.h|asio_types\.h)|src/http/(parser|beast_impl|http_test)\.cc"
RESERVED = [
    (re.compile(r"boost/(asio|beast)\b.*"), re.compile(ASIO_UNITS)),
]


def includes(text):
    """(line, is it quoted, name) of each include."""
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[1] == '"', match[2]


def layer_problem(layers, folder, name):
    target, slash, _ = name.partition("/")
    if not slash or target not in layers:
        return f'"{name}": write the path from src/, and list its folder in docs/architecture.md'
    if layers.index(target) > layers.index(folder):
        return f'"{name}": {folder}/ comes before {target}/ and must not know it'
    return None


def reserved_problem(path, name):
    for header, allowed in RESERVED:
        if header.fullmatch(name):
            fits = allowed.fullmatch(str(path))
            return None if fits else f"<{name}> is not for this file (see RESERVED)"
    return None


def check(path, text, layers):
    """`layers`: the names of src's folders, in order."""
    folder = path.parts[1] if path.parts[0] == "src" and len(path.parts) > 2 else None
    if folder is not None and folder not in layers:
        return [f"{path}:1: src/{folder}/ is not in the folder table of docs/architecture.md"]
    problems = []
    for line, quoted, name in includes(text):
        problem = None
        if quoted and folder:
            problem = layer_problem(layers, folder, name)
        elif not quoted and folder:
            problem = reserved_problem(path, name)
        if problem:
            problems.append(f"{path}:{line}: {problem}")
    return problems


if __name__ == "__main__":
    table = folder_table((ROOT / "docs/architecture.md").read_text())
    src_layers = [name.removeprefix("src/") for name in table if name.startswith("src/")]
    report([problem for path, text in cpp_texts() for problem in check(path, text, src_layers)])
