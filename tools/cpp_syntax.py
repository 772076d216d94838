"""C++ source as tokens, with what each brace is: enough of the language to find statements, lambdas
and functions, nothing of its meaning.
"""

import re
from typing import NamedTuple

PATTERN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/|\#(?:\\\n|[^\n])*)
      | (?P<raw>(?:u8|[uUL])?R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)")
      | (?P<literal>(?:u8|[uUL])?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
      | (?P<number>\.?\d(?:'?[\w.])*)
      | \w+ | :: | -> | && | \|\| | .""",
    re.VERBOSE | re.DOTALL,
)
CLOSER = {"(": ")", "[": "]", "{": "}"}
# What may stand before a lambda's "[", if it is a word.
LAMBDA_WORDS = {"return", "co_return", "co_await", "co_yield", "else", "case"}
SCOPE_WORDS = {"namespace", "class", "struct", "union", "enum", "extern"}
BODY_WORDS = {"const", "noexcept", "override", "final", "mutable", "else", "do", "try"}
CONDITION_WORDS = {"if", "while", "for", "switch", "constexpr", "catch"}


class Token(NamedTuple):
    text: str  # '""' for a literal
    line: int


class Lambda(NamedTuple):
    start: int  # of "["
    body: int  # of "{"
    captures: bool


def tokenize(text):
    """The tokens, without comments and preprocessor lines."""
    result = []
    line = 1
    for match in PATTERN.finditer(text):
        literal = match["raw"] is not None or match["literal"] is not None
        if match["skip"] is None:
            result.append(Token('""' if literal else match[0], line))
        line += match[0].count("\n")
    return result


class Syntax:
    """The tokens of one file.

    partner  index of a bracket -> index of the one that belongs to it
    kind     index of a "{" or "}" -> "scope" (namespace, class, enum), "block" (statements),
             "lambda" (a lambda's body) or "init" (a braced initializer)
    lambdas  all of them, outer before inner
    """

    def __init__(self, text):
        self.tokens = tokenize(text)
        self.partner = self._match_brackets()
        self.lambdas = [found for i in range(len(self.tokens)) if (found := self._lambda_at(i))]
        self.kind = self._classify_braces()

    def text(self, index):
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def _match_brackets(self):
        partner = {}
        open_brackets = []
        for i, token in enumerate(self.tokens):
            if token.text in CLOSER:
                open_brackets.append(i)
            elif token.text in CLOSER.values() and open_brackets:
                start = open_brackets.pop()
                partner[start], partner[i] = i, start
        for i in open_brackets:  # unbalanced, as with #if: they end with the file
            partner[i] = len(self.tokens)
        return partner

    def _lambda_at(self, i):
        before = self.text(i - 1)
        if self.text(i) != "[" or "[" in (before, self.text(i + 1)) or before in (")", "]", '""'):
            return None
        if re.match(r"\w", before) and before not in LAMBDA_WORDS | {"const"}:
            return None
        word = i - 1
        while self.text(word) in ("&", "&&", "const"):
            word -= 1
        if self.text(word) == "auto":  # a structured binding
            return None
        body = self.partner[i] + 1
        while self.text(body) not in ("{", ";", ",", ")", "}", ""):
            body = self.partner[body] + 1 if self.text(body) == "(" else body + 1
        captures = self.partner[i] > i + 1
        return Lambda(i, body, captures) if self.text(body) == "{" else None

    def _classify_braces(self):
        kind = {}
        bodies = {found.body for found in self.lambdas}
        enclosing = []
        for i, token in enumerate(self.tokens):
            if token.text == "{":
                kind[i] = "lambda" if i in bodies else self._brace_kind(i, enclosing, kind)
                kind[self.partner[i]] = kind[i]
            if token.text in CLOSER:
                enclosing.append(i)
            elif token.text in CLOSER.values() and enclosing:
                enclosing.pop()
        return kind

    def _brace_kind(self, i, enclosing, kind):
        before = self.text(i - 1)
        if before == ")" or before in BODY_WORDS:
            return "block"
        if before in ("", ";", "{", "}", ":"):
            among_statements = not enclosing or kind.get(enclosing[-1], "init") != "init"
            return "block" if among_statements else "init"
        word = i - 1  # back over what may be a type or a name
        while word >= 0 and self.text(word) not in (";", "{", "}", "(", ")", "="):
            if self.text(word) == "->":
                return "block"
            if self.text(word) in SCOPE_WORDS:
                return "scope"
            word -= 1
        return "init"

    def functions(self):
        """Index of the "{" of each function that is not inside another."""
        result = []
        end = 0
        for i in sorted(self.kind):
            if i >= end and self.text(i) == "{" and self.kind[i] in ("block", "lambda"):
                result.append(i)
                end = self.partner[i]
        return result

    def statement(self, i):
        """First index and one past the last of the statement, or the condition, that `i` is in."""
        start = i
        while start > 0 and not self._ends_statement(start - 1, inner="{"):
            start = self._jump(start - 1, ")]}", default=start - 1)
        end = i + 1
        while end < len(self.tokens) and not self._ends_statement(end, inner="}"):
            end = self._jump(end, "([{", default=end) + 1
        return start, end

    def _jump(self, i, brackets, default):
        return self.partner.get(i, default) if self.text(i) in brackets else default

    def _ends_statement(self, i, inner):
        """`inner` is the brace that encloses the statement, if it is no initializer's; the other one
        is passed where it belongs to an initializer or a lambda inside the statement."""
        text = self.text(i)
        if text == ";":
            return True
        if text in "{}":
            kind = self.kind.get(i)
            return kind in ("block", "scope") or (kind == "lambda" and text == inner)
        if text == ")":  # the end of a condition, seen from inside or from behind
            return self.text(self.partner.get(i, 0) - 1) in CONDITION_WORDS
        return False
