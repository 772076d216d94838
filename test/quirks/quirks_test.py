"""Runs the table of cases.py: each case by `s3zipper zip`, as a job and as a download.

    PYTHONPATH=test/support S3ZIPPER=build/dev/s3zipper python3 test/quirks/quirks_test.py
        [--case NAME]... [--list] [--write] [--at-once N]

Checks that docs/inside/quirks.md has the table, and docs/guides/sandbox.md a row for every quirk; with --write
the table is written there. The exit status is not 0 where an outcome is another than the table's.
"""

import argparse
import io
import re
import subprocess
import sys
import tempfile
import traceback
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cases
from api_client import Api, request
from cases import CASES, Put, Right
from program import Sandbox, Server, environment, program_path
from service_case import s3_client

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "inside/quirks.md"
SANDBOX_PAGE = DOCS / "guides/sandbox.md"
WAYS = {"cli": "command", "job": "job", "stream": "download", "check": "check-store"}
COMMAND_TIMEOUT_S = 120
TABLE_HEAD = "| what the store does |"


class Wrong(Exception):
    """An outcome that must not be."""


def bucket_of(case):
    return f"quirk-{CASES.index(case)}"


class Store:
    """The sandbox of one region with the buckets of its cases, and a server that uses it."""

    def __init__(self, region, its_cases, folder):
        self.cases = its_cases
        self.folder = folder
        self.region = region
        self.sandbox = Sandbox(arguments=["--region", region])
        self.server = None

    def start(self):
        self.fill()
        self.sandbox.set_faults("".join(map(toml_of, self.cases)))
        self.sandbox.start()
        self.server = Server(sandbox=False, S3_ENDPOINT=self.sandbox.url)
        self.server.start()
        self.api = Api(self.server.url, self.server.create_account("tester"))
        assert self.api.token

    def fill(self):
        """By a sandbox without quirks."""
        self.sandbox.start()
        s3 = s3_client(self.sandbox.url, region=self.region)
        for case in self.cases:
            place = ({} if self.region == "us-east-1" else
                     {"CreateBucketConfiguration": {"LocationConstraint": self.region}})
            s3.create_bucket(Bucket=bucket_of(case), **place)
            for key, item in objects_of(case).items():
                put = item if isinstance(item, Put) else Put(item)
                s3.put_object(Bucket=bucket_of(case), Key=key, Body=put.content, **put.how)
        s3.close()
        self.sandbox.stop()

    def close(self):
        try:
            if self.server:
                self.server.close()
        finally:
            self.sandbox.close()

    # ---- the ways: each gives the zip's bytes, or the reason why there is none

    def run(self, case, way):
        outcome = case.of(way)
        zipped, reason = getattr(self, f"run_{way}")(case)
        self.check_nothing_is_left(case, way)
        if isinstance(outcome, Right):
            if reason is not None:
                raise Wrong(f"it fails: {reason}")
            if way != "check":
                check_zip(zipped, case, outcome)
        elif reason is None:
            raise Wrong("there is a zip")
        elif missing := [word for word in words_of(case, outcome) if word not in reason]:
            raise Wrong(f"the reason does not hold {missing}: {reason}")

    def command(self, *arguments):
        variables = {"AWS_ENDPOINT_URL_S3": self.sandbox.url, "AWS_REGION": "us-east-1",
                     "AWS_ACCESS_KEY_ID": Sandbox.ACCESS_KEY,
                     "AWS_SECRET_ACCESS_KEY": Sandbox.SECRET_KEY, "HOME": str(self.folder)}
        return subprocess.run([program_path(), *map(str, arguments)], capture_output=True,
                              env=environment() | variables, timeout=COMMAND_TIMEOUT_S,
                              check=False)

    def run_cli(self, case):
        target = self.folder / f"{bucket_of(case)}.zip"
        sources = [f"s3://{bucket_of(case)}/{source}" for source in case.sources]
        done = self.command("zip", "--quiet", *sources, "-o", target, *case.flags)
        if done.returncode == 0:
            return target.read_bytes(), None
        if left := list(self.folder.glob(f"{target.name}*")):
            raise Wrong(f"the command failed, and left {left}")
        return None, done.stderr.decode()

    def run_check(self, case):
        done = self.command("check-store", f"s3://{bucket_of(case)}/check")
        return None, None if done.returncode == 0 else (done.stdout + done.stderr).decode()

    def fields(self, case):
        return {"awsKey": Sandbox.ACCESS_KEY, "awsSecret": Sandbox.SECRET_KEY,
                "awsBucket": bucket_of(case), "filePaths": list(case.sources), **case.fields}

    def run_job(self, case):
        task = self.api.start("zipstart", self.fields(case))
        result = self.api.result(task)
        target = self.sandbox.store / bucket_of(case) / "s3zipper"
        zips = list(target.glob("*.zip")) if target.exists() else []
        if result["message"] == "FAILURE":
            if zips:
                raise Wrong("the job failed, and its zip is there")
            return None, result["error"]
        [made] = zips
        content = made.read_bytes()
        made.unlink()
        return content, None

    def run_stream(self, case):
        task = self.api.start("streamzip", self.fields(case))
        result = self.api.result(task)
        if result["message"] == "FAILURE":
            return None, result["error"]
        [link] = result["results"]
        stream_id = link.split("/")[-3]
        try:
            reply = request("GET", link)
        except Exception as cut:  # http.client has many ways to say so
            return None, f"{cut}: {self.logged(stream_id)}"
        if reply.status == 200:
            return reply.body, None
        return None, f"HTTP {reply.status}: {reply.body.decode()} {self.logged(stream_id)}"

    def logged(self, stream_id):
        return " ".join(line for line in self.server.log().splitlines() if stream_id in line)

    def check_nothing_is_left(self, case, way):
        uploads = self.sandbox.store / ".s3zipper/buckets" / bucket_of(case) / "uploads"
        if way in ("job", "check") and uploads.exists() and (left := list(uploads.iterdir())):
            raise Wrong(f"uploads are left: {left}")


def words_of(case, outcome):
    return [word.replace("{bucket}", bucket_of(case)) for word in outcome.words]


def objects_of(case):
    return cases.PLAIN if case.objects is None else case.objects


def content_of(item):
    return item.content if isinstance(item, Put) else item


def check_zip(zipped, case, outcome):
    expected = outcome.entries
    if expected is None:
        expected = {key: content_of(item) for key, item in objects_of(case).items()}
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        found = {info.filename: archive.read(info) for info in archive.infolist()}
        if len(found) != len(archive.infolist()):
            raise Wrong("two entries have one name")
    if found.keys() != expected.keys():
        raise Wrong(f"the zip has the entries {sorted(found)}, not {sorted(expected)}")
    if wrong := [name for name in found if found[name] != content_of(expected[name])]:
        raise Wrong(f"other bytes are in {wrong}")


def toml_of(case):
    """The case's tables of the faults file."""
    text = ""
    if case.quirks:
        text += f'[[bucket]]\nname = "{bucket_of(case)}"\nquirks = {list(case.quirks)}\n'
    for rule in case.faults:
        text += f'[[fault]]\nbucket = "{bucket_of(case)}"\n'
        text += "".join(f"{key} = {toml_value(value)}\n" for key, value in rule.items())
    return text + "\n"


def toml_value(value):
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, (int, list)) else f'"{value}"'


# ---- the pages


def table():
    def cell(case, way):
        outcome = case.of(way)
        return outcome.cell if outcome else ""

    rows = [f"{TABLE_HEAD} quirks | {' | '.join(WAYS.values())} |",
            f"| --- |{' --- |' * (len(WAYS) + 1)}"]
    for case in CASES:
        quirks = ", ".join(f"`{quirk}`" for quirk in case.quirks)
        rows.append(f"| {case.name} | {quirks} | "
                    + " | ".join(cell(case, way) for way in WAYS) + " |")
    return "\n".join(rows) + "\n"


def table_in(text):
    """Where the page's table begins and ends."""
    begin = text.index(TABLE_HEAD)
    end = begin
    while text.startswith("|", end):
        end = text.index("\n", end) + 1
    return begin, end


def write_page():
    text = PAGE.read_text()
    begin, end = table_in(text)
    PAGE.write_text(text[:begin] + table() + text[end:])


def page_faults():
    """What is wrong with the pages."""
    text = PAGE.read_text()
    begin, end = table_in(text)
    if text[begin:end] != table():
        yield f"{PAGE.name} has another table: ./dev test quirks --write"
    known = subprocess.run([program_path(), "sandbox", "--dir", "/nonexistent", "--quirks", "?"],
                           capture_output=True, text=True, check=False, timeout=COMMAND_TIMEOUT_S)
    names = re.search(r"there are (.*)", known.stderr)[1].split(", ")
    listed = re.findall(r"^\| `([a-z0-9-]+)` \| ", SANDBOX_PAGE.read_text().split("## Quirks")[1]
                        .split("\n## ")[0], re.MULTILINE)
    if sorted(names) != sorted(listed):
        yield f"{SANDBOX_PAGE.name} lists other quirks: {set(names) ^ set(listed)}"
    tried = {quirk for case in CASES for quirk in case.quirks}
    if untried := set(names) - tried:
        yield f"no case has the quirks {sorted(untried)}"


def run_all(chosen, at_once):
    """What went wrong, in words."""
    failures = []
    with tempfile.TemporaryDirectory(prefix="s3zipper-quirks-") as folder:
        stores = {}
        try:
            for region in sorted({case.region for case in chosen}):
                its_cases = [case for case in chosen if case.region == region]
                stores[region] = Store(region, its_cases, Path(folder))
                stores[region].start()
            pairs = [(case, way) for case in chosen for way in WAYS if case.of(way)]

            def run(case, way):
                try:
                    stores[case.region].run(case, way)
                    return None
                except Wrong as wrong:
                    return f"{case.name}, {WAYS[way]}: {wrong}"
                except Exception:
                    return f"{case.name}, {WAYS[way]}: {traceback.format_exc()}"

            def run_ways(case):
                """One after the other: each looks at what is left in the bucket."""
                return [run(case, way) for way in WAYS if case.of(way)]

            with ThreadPoolExecutor(at_once) as pool:
                failures = [failure for outcomes in pool.map(run_ways, chosen)
                            for failure in outcomes if failure]
        finally:
            for store in stores.values():
                store.close()
    print(f"{len(pairs)} runs of {len(chosen)} cases, {len(failures)} wrong")
    return failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", action="append", dest="names", default=[],
                        help="those whose name holds this; all where there are none")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--write", action="store_true", help="the table, to docs/inside/quirks.md")
    parser.add_argument("--at-once", type=int, default=4)
    options = parser.parse_args()
    chosen = [case for case in CASES
              if not options.names or any(name in case.name for name in options.names)]
    if options.list:
        print("\n".join(case.name for case in chosen))
        return
    if options.write:
        write_page()
        return
    failures = run_all(chosen, options.at_once)
    if not options.names:
        failures += page_faults()
    for failure in failures:
        print(f"\n{failure}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
