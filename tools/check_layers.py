#!/usr/bin/python3
"""Checks which way includes point: a file uses the folders that layers.txt lets it, and some
libraries are for some files only.
"""

import re

from layers import Graph
from sources import ROOT, cpp_texts, report

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)

# Of a library: its headers, the files that may include them, and why no others.
RESERVED = [
    # Instantiating Asio and Beast is what compiling costs.
    (r"boost/(asio|beast)\b.*",
     r"src/net/(.*\.cc|task\.h|socket\.h|asio_types\.h)|src/http/(parser|beast_impl|http_test)\.cc"),
    (r"boost/json\b.*", r"src/(base|aws/sources|archive|api|cli)/.*"),
    (r"openssl/.*", r"src/net/tls.*|src/base/digest\.cc"),
    (r"(SQLiteCpp|sqlite3).*", r"src/store/sqlite/.*"),
    (r"curl/.*", r"src/notify/curl_library\.h"),
    (r"jwt\.h", r"src/accounts/.*"),
    (r"pugixml.*", r"src/s3/messages/.*|sandbox/.*"),
    (r"toml\+\+/.*", r"src/server/config\.cc|sandbox/.*"),
    (r"CLI/.*", r"src/cli/.*"),
    (r"utf8proc\.h", r"src/(base|zip)/.*"),
    (r"prometheus/.*", r"src/api/ops/.*"),
    (r"isa-l.*", r"src/base/digest\.cc"),
]
RESERVED = [(re.compile(header), re.compile(allowed)) for header, allowed in RESERVED]


def includes(text):
    """(line, is it quoted, name) of each include."""
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[1] == '"', match[2]


def reserved_problem(path, name):
    for header, allowed in RESERVED:
        if header.fullmatch(name):
            fits = allowed.fullmatch(str(path))
            return None if fits else f"<{name}> is not for this file (see RESERVED)"
    return None


def check(path, text, graph):
    """`path`: of the checkout; `graph`: a layers.Graph."""
    inside = graph.inside(path)
    if inside is None:
        return []
    if graph.node_of(inside) is None:
        return [f"{path}:1: {inside.parent}/ has no line in layers.txt"]
    problems = []
    for line, quoted, name in includes(text):
        problem = graph.problem(inside, name) if quoted else reserved_problem(path, name)
        if problem:
            problems.append(f"{path}:{line}: {problem}")
    return problems


if __name__ == "__main__":
    graph = Graph((ROOT / "layers.txt").read_text())
    problems = [f"layers.txt: {problem}" for problem in graph.problems()]
    report(problems + [problem for path, text in cpp_texts() for problem in check(path, text, graph)])
