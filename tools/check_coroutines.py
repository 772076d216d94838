#!/usr/bin/python3
"""Checks the rules for coroutines (CONTRIBUTING.md says why they exist).

A statement with co_await holds names, literals and calls only; a lambda with captures is no
coroutine, as the captures die with the lambda while the coroutine goes on; Asio's awaitable `||` is
not used.
"""

from cpp_syntax import Syntax
from sources import cpp_texts, report

COROUTINE_WORDS = {"co_await", "co_return", "co_yield"}
OPERATORS_HEADER = "boost/asio/experimental/awaitable_operators.hpp"


def statement_problems(syntax):
    """Pairs of line and problem."""
    seen = set()
    for i, token in enumerate(syntax.tokens):
        if token.text != "co_await":
            continue
        start, end = syntax.statement(i)
        if start in seen:
            continue
        seen.add(start)
        inside = range(start, end)
        if any(syntax.text(k) == "{" and syntax.kind[k] == "init" for k in inside):
            yield token.line, "a braced initializer in a statement with co_await"
        if any(found.start in inside for found in syntax.lambdas):
            yield token.line, "a lambda in a statement with co_await"
        if any(syntax.text(k) == "?" for k in inside):
            yield token.line, "?: in a statement with co_await"


def lambda_problems(syntax):
    for found in syntax.lambdas:
        if not found.captures:
            continue
        own = set(range(found.body, syntax.partner[found.body]))
        for inner in syntax.lambdas:
            if inner.start > found.body:
                own -= set(range(inner.body, syntax.partner[inner.body]))
        if any(syntax.text(k) in COROUTINE_WORDS for k in own):
            yield syntax.tokens[found.start].line, "a lambda with captures is a coroutine"


def check(path, text):
    syntax = Syntax(text)
    problems = sorted([*statement_problems(syntax), *lambda_problems(syntax)])
    if OPERATORS_HEADER in text:
        problems.append((1, "awaitable_operators: || waits for a success, not for an end"))
    return [f"{path}:{line}: {problem}" for line, problem in problems]


if __name__ == "__main__":
    report([problem for path, text in cpp_texts() for problem in check(path, text)])
