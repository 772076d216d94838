"""The man page has every command and flag that --help has; the completions of bash, zsh and fish
are what these shells take, and offer what they should; both are installed with the program."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import program_path, run

PAGE = Path(__file__).parents[2] / "docs/reference/s3zipper.1"


def help_of(*command):
    """(names of subcommands, flags) of what --help prints."""
    text = run(*command, "--help").stdout
    options, _, subcommands = text.partition("Subcommands:\n")
    flags = re.findall(r"^  (-[-\w,]+)", options, re.MULTILINE)
    return (re.findall(r"^  ([a-z]\S*)", subcommands, re.MULTILINE),
            {flag for group in flags for flag in group.split(",")})


def commands():
    """{("account", "create"): flags} of the whole program."""
    found = {}
    waiting = [()]
    while waiting:
        command = waiting.pop()
        names, found[command] = help_of(*command)
        waiting += [(*command, name) for name in names]
    return found


def sections():
    """{"zip": text} of the man page's sections and subsections, as plain text."""
    text = re.sub(r"\\f.", "", PAGE.read_text().replace("\\-", "-"))
    parts = re.split(r"^\.S[HS] (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


class ManPageTest(unittest.TestCase):
    def test_it_has_every_command_and_flag(self):
        page = sections()
        missing = []
        for command, flags in commands().items():
            text = page["DESCRIPTION"]
            if command:
                own = page.get(command[0], "")
                if not own or any(name not in own for name in command[1:]):
                    missing.append(" ".join(command))
                text = own + "".join(page[name] for name in ("STORES", "SETTINGS")
                                     if f"options of {name}" in own) + text
            missing += [f"{' '.join(command)} {flag}" for flag in sorted(flags)
                        if not re.search(rf"(?<![\w-]){re.escape(flag)}(?![\w-])", text)]
        self.assertEqual(missing, [], f"write them into {PAGE}")

    def test_it_has_no_flag_that_is_gone(self):
        known = set().union(*commands().values())
        text = re.sub(r'^\.\\".*$', "", "".join(sections().values()), flags=re.MULTILINE)
        written = set(re.findall(r"(?<![\w-])--[a-z][-\w]*", text))
        self.assertEqual(written - known, set())

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
    def test_it_is_well_formed(self):
        result = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", PAGE],
                                capture_output=True, text=True, check=False)
        self.assertEqual(result.stdout, "")


class InstallTest(unittest.TestCase):
    def test_everything_is_where_it_is_looked_for(self):
        build = Path(program_path()).parent
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["cmake", "--install", build, "--prefix", folder], check=True,
                           capture_output=True)
            found = {str(path.relative_to(folder)) for path in Path(folder).rglob("*")
                     if path.is_file()}
            self.assertEqual(found, {
                "bin/s3zipper", "share/man/man1/s3zipper.1",
                "share/bash-completion/completions/s3zipper",
                "share/zsh/site-functions/_s3zipper",
                "share/fish/vendor_completions.d/s3zipper.fish"})
            version = subprocess.run([f"{folder}/bin/s3zipper", "version"], check=True,
                                     capture_output=True, text=True).stdout
            self.assertEqual(version, run("version").stdout)


class CompletionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.scripts = {}
        for shell in ("bash", "zsh", "fish"):
            path = Path(folder.name) / f"s3zipper.{shell}"
            path.write_text(run("completion", shell).stdout)
            cls.scripts[shell] = path

    def offered_by_bash(self, *words):
        script = (f'source "{self.scripts["bash"]}"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                  '_s3zipper; printf "%s\\n" "${COMPREPLY[@]}"')
        result = subprocess.run(["bash", "-uc", script, "bash", "s3zipper", *words],
                                capture_output=True, text=True, check=True)
        self.assertEqual(result.stderr, "")
        return result.stdout.split()

    def test_bash_offers_commands_flags_and_words(self):
        names, flags = help_of()
        self.assertEqual(set(self.offered_by_bash("")), set(names) | flags)
        self.assertEqual(self.offered_by_bash("che"), ["check-store"])
        self.assertEqual(self.offered_by_bash("zip", "--dr"), ["--dry-run"])
        self.assertEqual(self.offered_by_bash("zip", "--base", ""), ["key", "bucket", "folder"])
        self.assertEqual(self.offered_by_bash("completion", "z"), ["zsh"])
        self.assertEqual(self.offered_by_bash("account", "crea"), ["create"])
        self.assertEqual(self.offered_by_bash("zip", "some"), [], "then files are offered")
        self.assertEqual(set(self.offered_by_bash("get", "-")), help_of("get")[1])

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish_offers_commands_flags_and_words(self):
        def offered(line):
            script = f'source {self.scripts["fish"]}; complete -C "s3zipper {line}"'
            result = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True,
                                    text=True, check=True)
            self.assertEqual(result.stderr, "")
            return {each.split("\t")[0] for each in result.stdout.splitlines()}
        self.assertEqual(offered(""), set(help_of()[0]))
        self.assertEqual(offered("zip --"),
                         {flag for flag in help_of("zip")[1] if flag.startswith("--")})
        self.assertEqual(offered("zip --base "), {"key", "bucket", "folder"})
        self.assertEqual(offered("completion "), {"bash", "zsh", "fish"})

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_takes_the_script(self):
        script = (f'autoload -U compinit; compinit -D -u; source {self.scripts["zsh"]}; '
                  'print -r -- $_comps[s3zipper]')
        result = subprocess.run(["zsh", "-f", "-c", script], capture_output=True, text=True,
                                check=True)
        self.assertEqual((result.stdout, result.stderr), ("_s3zipper\n", ""))

    def test_another_shell_is_refused(self):
        result = run("completion", "tcsh")
        self.assertEqual(result.returncode, 2)
        self.assertIn("bash", result.stderr)


if __name__ == "__main__":
    unittest.main()
