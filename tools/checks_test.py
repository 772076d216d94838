#!/usr/bin/python3
"""The checks of this folder report what they must, and only that: bad samples beside good ones."""

import unittest
from pathlib import Path

import check_cases
import check_coroutines
import check_layers
import check_limits
import check_links
import check_style
from cpp_syntax import Syntax
from layers import Graph
from sources import folder_table


class Coroutines(unittest.TestCase):
    def problems(self, body):
        text = "namespace a {\nnet::task<void> f(int x) {\n" + body + "\n}\n}\n"
        return [problem.split(": ", 1)[1] for problem in check_coroutines.check(Path("a.cc"), text)]

    def test_what_may_not_stand_beside_co_await_is_reported(self):
        samples = {
            "a braced initializer": [
                "  co_await g({1, 2});",
                "  co_await g(Options{.limit = 3});",
                "  auto [a, b] = co_await g(std::vector<int>{1});",
                "  if (co_await g(T{})) return;",
                "  use(T{co_await g()});",
                "  co_return Reply{co_await g()};",
                "  for (int i : {1, 2}) co_await g(i, {});",
                "  auto const& [a, b] = T{co_await g()};",
                "  use(T{{1}, co_await g()});",
                "  co_await g(co_await h(), {});",
            ],
            "?:": ["  co_await g(x ? 1 : 2);", "  auto y = x\n ? co_await g() : 0;"],
            "a lambda": [
                "  co_await g([] { return 1; });",
                "  co_await h([&](int) { k(); }, y);",
                "  g([] { k(); }, co_await h());",
            ],
        }
        for what, bodies in samples.items():
            for body in bodies:
                wanted = [what + " in a statement with co_await"]
                self.assertEqual(self.problems(body), wanted, body)

    def test_plain_statements_pass(self):
        for body in (
            "  Options options{.limit = 3};\n  co_await g(options);",
            "  if (x > 0) {\n    co_await g();\n  } else {\n    T t{1};\n  }",
            "  if (co_await g()) use(T{});",
            "  if (T{}.ok()) co_await g();",
            "  while (auto y = co_await g()) {\n    use(y ? 1 : 2);\n  }",
            "  auto const [error, count] = co_await g(buffer[0]);",
            "  try {\n    co_await g();\n  } catch (Error const&) {\n    use(T{});\n  }",
            '  co_await g("a ? {b} : [c] // d", \'{\', R"x({?})x");  // {1} ? 2 : 3',
            "  switch (x) {\n    case 1:\n      co_await g();\n      break;\n  }",
            "  auto run = [](int y) -> net::task<int> { co_return co_await g(y); };",
            "  for (int i : {1, 2}) {\n    co_await g(i);\n  }",
        ):
            self.assertEqual(self.problems(body), [], body)

    def test_a_lambda_with_captures_is_no_coroutine(self):
        wrong = ["a lambda with captures is a coroutine"]
        self.assertEqual(self.problems("  auto r = [&]() -> task<> { co_return; };"), wrong)
        self.assertEqual(self.problems("  spawn([this, x] { if (x) co_await g(); });"), wrong)
        self.assertEqual(self.problems("  spawn([] { return [&x] { co_await g(); }; });"), wrong)
        self.assertEqual(self.problems("  spawn([&x] { return [] { co_await g(); }; });"), [])

    def test_asio_s_awaitable_operators_are_reported(self):
        text = "#include <boost/asio/experimental/awaitable_operators.hpp>\n"
        self.assertEqual(len(check_coroutines.check(Path("a.cc"), text)), 1)


class Layers(unittest.TestCase):
    GRAPH = Graph(
        "# a comment\n\nbase:\nzip: base\nzip/read: zip\nzip/testing: zip/read\nnet: base\n"
        "s3/messages: net\ns3: s3/messages\ns3/top: s3\nsandbox: s3\n"
    )

    def problems(self, path, text):
        return check_layers.check(Path(path), text, self.GRAPH)

    def test_an_include_that_the_graph_does_not_have_is_reported(self):
        for path, text, count in (
            ("src/zip/a.cc", '#include "zip/a.h"\n#include "s3/b.h"\n', 1),
            ("src/zip/a.cc", '#include "zip/read/a.h"\n', 1),
            ("src/zip/a.cc", '#include "net/a.h"\n', 1),
            ("src/zip/a.cc", '#include "a.h"\n', 1),
            ("src/new/a.cc", '#include "new/a.h"\n', 1),
            ("src/zip/new/a.cc", '#include "zip/a.h"\n', 1),
            ("src/zip/read/a.cc", '#include "base/b.h"\n  # include "zip/a.h"\n', 0),
            ("src/s3/a.cc", '#include "base/b.h"\n#include "s3/messages/a.h"\n', 0),
            ("src/s3/messages/a.cc", '#include "s3/b.h"\n', 1),
            ("sandbox/a.cc", '#include "s3/b.h"\n', 0),
            ("src/s3/a.cc", '#include "sandbox/b.h"\n', 1),
            ("test/system/a.cc", '#include "support/b.h"\n', 0),
        ):
            self.assertEqual(len(self.problems(path, text)), count, (path, text))

    def test_a_file_may_have_a_line_of_its_own(self):
        for path, text, count in (
            ("src/s3/top.cc", '#include "s3/a.h"\n', 0),
            ("src/s3/a.cc", '#include "s3/top.h"\n', 1),
        ):
            self.assertEqual(len(self.problems(path, text)), count, (path, text))

    def test_tests_may_use_their_top_folder_and_all_fixtures(self):
        for path, text, count in (
            ("src/zip/a_test.cc", '#include "zip/read/a.h"\n', 0),
            ("src/s3/a_test.cc", '#include "zip/testing/a.h"\n', 0),
            ("src/s3/a.cc", '#include "zip/testing/a.h"\n', 1),
            ("src/zip/a_test.cc", '#include "net/a.h"\n', 1),
        ):
            self.assertEqual(len(self.problems(path, text)), count, (path, text))

    def test_a_graph_with_a_cycle_or_an_unknown_name_is_reported(self):
        self.assertEqual(list(self.GRAPH.problems()), [])
        self.assertEqual(len(list(Graph("a: b\nb: c\nc: a\n").problems())), 3)
        self.assertEqual(len(list(Graph("a: b\n").problems())), 1)

    def test_libraries_are_for_few_files(self):
        for path, name, count in (
            ("src/net/tcp.cc", "boost/asio/ip/tcp.hpp", 0),
            ("src/net/tcp.h", "boost/asio/ip/tcp.hpp", 1),
            ("src/net/task.h", "boost/asio/awaitable.hpp", 0),
            ("src/s3/client.cc", "boost/beast/http.hpp", 1),
            ("src/s3/client.cc", "boost/asio.hpp", 1),
            ("src/s3/client.cc", "boost/json.hpp", 1),
            ("src/base/json.cc", "boost/json.hpp", 0),
            ("src/s3/client.cc", "SQLiteCpp/Database.h", 1),
            ("src/s3/client.cc", "curl/curl.h", 1),
            ("src/s3/client.cc", "openssl/evp.h", 1),
            ("src/net/tls.cc", "openssl/ssl.h", 0),
        ):
            self.assertEqual(len(self.problems(path, f"#include <{name}>\n")), count, (path, name))


class Style(unittest.TestCase):
    def problems(self, path, text, others=()):
        return check_style.check_file(Path(path), text, {Path(path), *map(Path, others)})

    def test_long_functions_are_reported(self):
        def function(head, lines):
            return "// A.\n" + head + "{\n" + "  f();\n" * (lines - 2) + "}\n"

        for head in (
            "int f() ",
            "A::A(int x) : x_(x), y_{x} ",
            "TEST(A, b) ",
            "auto f() -> std::pair<int, int> ",
            "namespace a {\nclass B {\n  int f() const ",
            "auto const f = [] ",
        ):
            self.assertEqual(self.problems("a.cc", function(head, 70)), [], head)
            self.assertEqual(len(self.problems("a.cc", function(head, 71))), 1, head)
        for head in ("namespace a ", "int const x[] = "):
            self.assertEqual(self.problems("a.cc", function(head, 71)), [], head)

    def test_long_files_marks_tabs_and_empty_names_are_reported(self):
        self.assertEqual(self.problems("a.cc", "// A.\n" + "int x;\n" * 499), [])
        self.assertEqual(len(self.problems("a.cc", "// A.\n" + "int x;\n" * 500)), 1)
        self.assertEqual(len(self.problems("a.md", "one TO" "DO and\ttab\n")), 2)
        self.assertEqual(self.problems("a.go", "// what it is\n\tgofmt\n"), [])
        self.assertEqual(self.problems("a.md", "mktemp a.XX" "XXXX\n"), [])
        self.assertEqual(len(self.problems("src/a/utils.cc", "// A.\n")), 1)

    def test_what_a_merge_left_is_reported(self):
        self.assertEqual(len(self.problems("a.md", "<" * 7 + " HEAD\none\n")), 1)
        self.assertEqual(len(self.problems("a.md", ">" * 7 + " branch\n")), 1)
        self.assertEqual(len(self.problems("a.py", '"""A."""\na = 1\n    b = 2\n')), 1)

    def test_fmt_s_quoting_is_reported(self):
        for form in ("{:?}", "{0:?}", "a {} b {:?}"):
            self.assertEqual(len(self.problems("a.cc", f'// A.\nfmt::format("{form}", a);\n')), 1)
        self.assertEqual(self.problems("a.cc", '// A.\nfmt::format("{}{:x}?", a ? b : c, d);\n'), [])

    def test_comments_without_a_subject_are_reported(self):
        for comment in ("Who waits is told so.", "Done. Who waits is told so.", "Of all lines, in order.",
                        "It is for whoever asks.", "Those who wait are told so."):
            self.assertEqual(len(self.problems("a.cc", f"// A.\n\n// {comment}\nint a;\n")), 1, comment)
        for comment in ("A caller that waits is told so.", "Lines of all files, in order.", "A part\n// Of b."):
            self.assertEqual(self.problems("a.cc", f"// A.\n\n// {comment}\nint a;\n"), [], comment)

    def test_a_file_says_what_it_is(self):
        code = "int a;\nint b;\nint c;\nint d;\n"
        self.assertEqual(len(self.problems("a.cc", code)), 1)
        self.assertEqual(len(self.problems("a.h", "#pragma once\n" + code)), 1)
        self.assertEqual(len(self.problems("a", "#!/bin/sh\n" + code)), 1)
        self.assertEqual(self.problems("a", "#!/bin/sh\n# A.\n" + code), [])
        self.assertEqual(self.problems("a.h", "// A.\n" + code), [])
        self.assertEqual(self.problems("a.py", '"""A."""\n' + "a = 1\n" * 4), [])
        self.assertEqual(self.problems("a_test.cc", code, ["a.h"]), [])
        self.assertEqual(self.problems("a.cc", code, ["a.h"]), [])

    def test_a_crowded_folder_is_reported(self):
        def files(count):
            names = [f"src/a/{i}{ending}" for i in range(count) for ending in (".h", ".cc", "_test.cc")]
            return [Path(name) for name in [*names, "src/a/b/c.h"]]

        self.assertEqual(check_style.check_crowds(files(20)), [])
        self.assertEqual(len(check_style.check_crowds(files(21))), 1)

    def test_the_folder_table_is_that_of_the_tree(self):
        table = folder_table("| `src/base/` | a |\n| `src/zip/` | b |\n| `docs/` | c |\n")
        self.assertEqual(table, ["src/base", "src/zip", "docs"])
        tree = ["src/base/a.h", "src/zip/a.h", "docs/a.md", "README.md", ".ci/run"]

        def count(names):
            return len(check_style.check_folder_table(table, [Path(name) for name in names]))

        self.assertEqual(count(tree), 0)
        self.assertEqual(count([*tree, "src/new/a.h"]), 1)
        self.assertEqual(count([*tree, "src/base/new/a.h"]), 1)
        self.assertEqual(count([*tree, "new/a/b"]), 1)
        self.assertEqual(count(tree[1:]), 1)


class Links(unittest.TestCase):
    def problems(self, text):
        pages = {"docs/a/b.md": "# One  `Two`\n", "docs/c.md": "", "docs/a": ""}
        return list(check_links.check(Path("docs/a/page.md"), text, lambda path: pages.get(str(path))))

    def test_links_that_lead_nowhere_are_reported(self):
        for text, count in (
            ("[b](b.md), [c](../c.md), [a](../a/), [web](https://example.com/x.md)", 0),
            ("# Here\n[here](#here)\n`[none](none.md)`\n", 0),
            ("[b](c.md)", 1),
            ("[c](c.md#one)", 1),
            ("[b](b.md#three)", 1),
            ("[there](#there)", 1),
        ):
            self.assertEqual(len(self.problems(text)), count, text)


class Statements(unittest.TestCase):
    def test_braces_are_told_apart(self):
        members = "struct B : C { int d{1}; };"
        function = "void f() { if (x) { g({1}); } h([] { i(); }); }"
        syntax = Syntax("namespace a { " + members + function + "}")
        kinds = [syntax.kind[i] for i, token in enumerate(syntax.tokens) if token.text == "{"]
        self.assertEqual(kinds, ["scope", "scope", "init", "block", "block", "init", "lambda"])


class Limits(unittest.TestCase):
    HEADER = ("inline constexpr std::uint64_t a = 32 * MiB;\ninline constexpr auto b = 24h * 7;\n"
              "inline constexpr std::size_t c = 10'000;\ninline constexpr auto d = 700ms;\n"
              "inline constexpr std::uint64_t e = a;\n")

    def problems(self, *rows):
        return list(check_limits.check(self.HEADER, "".join(f"| {row} | why |\n" for row in rows)))

    def test_equal_values_are_found_equal(self):
        self.assertEqual(self.problems("`a` | 32 MiB", "`a` | 32,768 KiB", "`b` | 7 days", "`b` | 168 h",
                                       "`c` | 10,000", "`d` | 700 ms", "`d` | 0.7 s", "`e` | 32 MiB"), [])

    def test_others_and_unknown_names_are_reported(self):
        for row in ("`a` | 31 MiB", "`b` | 6 days", "`c` | 10,001", "`c` | many", "`d` | 700 s",
                    "`f` | 1"):
            self.assertEqual(len(self.problems(row)), 1, row)
        self.assertEqual(len(self.problems()), 1, "an empty page")


class Cases(unittest.TestCase):
    def problems(self, *rows):
        page = "| what happens | tests |\n| --- | --- |\n" + "".join(f"| {row} |\n" for row in rows)
        return list(check_cases.check(page, {"a": "    def test_b(self):\n"}.get))

    def test_rows_whose_tests_are_there_pass(self):
        self.assertEqual(self.problems("it rains | `a.test_b`", "again | `a.test_b`, `a.test_b`"), [])

    def test_others_are_reported(self):
        for row in ("it rains | none", "it rains | `a.test_c`", "it rains | `a.test_b`, `d.test_b`"):
            self.assertEqual(len(self.problems(row)), 1, row)


if __name__ == "__main__":
    unittest.main()
