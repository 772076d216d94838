"""The fault harness: every fault at every place, and what comes of it.

    PYTHONPATH=test/support S3ZIPPER=build/dev/s3zipper python3 test/faults/faults_test.py
        [--seeds N] [--first SEED] [--at-once N] [--markdown]

Each seed is one case of scenarios.py: a zip of a bucket whose store has one fault. The outcome must
be the one that the case says, within a time, and nothing may be left behind: no unfinished upload,
no target of a job that failed, no end of a central directory in a download that was cut. Prints
what differs, with the seed, and a table of the outcomes.
"""

import argparse
import collections
import hashlib
import http.client
import io
import os
import random
import re
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import scenarios
from api_client import Api, request
from program import Sandbox, Server
from scenarios import FOLDER, Scenario
from service_case import s3_client

# What a run of the tests does; all cases once are len(scenarios.CASES).
DEFAULT_SEEDS = 600
# Silence of the store that the server takes for a fault. A busy machine is silent for a second, too.
STORE_TIMEOUT_S = 4
# Longer than the outages of the scenarios, also where several tries are silent.
PATIENCE = "25s"
# A fault ends within the patience, and what it left is tidied up.
RUN_TIMEOUT_S = 180
RESUMES = 8
END_OF_CENTRAL_DIRECTORY = b"PK\x05\x06"
VARIANTS = 3


class Outcome(Exception):
    """Something that must not be."""


class Contents:
    """A file of each size and variant, that the buckets link to."""

    def __init__(self, folder):
        self.folder = folder
        self.digests = {}

    def link(self, size, variant, target):
        """The content's SHA-256."""
        path = self.folder / f"{size}-{variant}"
        if path not in self.digests:
            content = random.Random(size * VARIANTS + variant).randbytes(size)
            path.write_bytes(content)
            self.digests[path] = hashlib.sha256(content).hexdigest()
        os.link(path, target)
        return self.digests[path]


class Harness:
    def __init__(self, folder, seeds, at_once):
        self.runs = [Scenario(seed) for seed in seeds]
        self.at_once = at_once
        self.expected = {}
        self.outcomes = {}
        self.failures = []
        self.lock = threading.Lock()
        self.sandbox = Sandbox()
        contents = Contents(folder / "contents")
        contents.folder.mkdir()
        for run in self.runs:
            self.make_bucket(run, contents)
        rules = [rule for run in self.runs for rule in run.rules()]
        self.sandbox.set_faults(f"seed = {seeds[0]}\n\n" + scenarios.to_toml(rules))
        self.server = Server(sandbox=False, S3_TIMEOUT_SECONDS=STORE_TIMEOUT_S,
                             S3_PATIENCE=PATIENCE, S3_DOWNLOAD_PATIENCE=PATIENCE,
                             JOBS_WORKERS=64, MEMORY_BUDGET="4GiB")

    def make_bucket(self, run, contents):
        folder = self.sandbox.store / run.bucket
        (folder / FOLDER).mkdir(parents=True)
        self.expected[run.seed] = {
            key: contents.link(size, index % VARIANTS, folder / key)
            for index, (key, size) in enumerate(run.objects.items())}

    def start(self):
        self.sandbox.start()
        self.server.settings["S3_ENDPOINT"] = self.sandbox.url
        self.server.start()
        self.api = Api(self.server.url, self.server.create_account("tester"))
        self.s3 = s3_client(self.sandbox.url)
        assert self.api.token

    def close(self):
        try:
            self.server.close()
        finally:
            self.sandbox.close()

    def run_all(self):
        with ThreadPoolExecutor(self.at_once) as pool:
            for done, _ in enumerate(pool.map(self.run_one, self.runs), 1):
                if done % 100 == 0:
                    print(f"{done} of {len(self.runs)} runs", flush=True)
        fired = set(re.findall(r"fault seed (\d+) fired", self.sandbox.log()))
        for run in self.runs:
            is_logged = run.fault.rule["do"] not in ("delay", "rate")
            if is_logged and str(run.seed) not in fired:
                self.failures.append(f"{run}: the fault never struck")

    def run_one(self, run):
        begin = time.monotonic()
        try:
            outcome = self.zip_it(run)
            if outcome != run.outcome:
                raise Outcome(f"the outcome is {outcome}, not {run.outcome}")
            if time.monotonic() - begin > RUN_TIMEOUT_S:
                raise Outcome(f"it took {time.monotonic() - begin:.0f} s")
            self.check_nothing_is_left(run, outcome)
        except Outcome as wrong:
            outcome = "WRONG"
            self.note(f"{run}: {wrong}")
        except Exception:
            outcome = "WRONG"
            self.note(f"{run}: {traceback.format_exc()}")
        self.outcomes[run.seed] = outcome

    def note(self, text):
        with self.lock:
            self.failures.append(text)

    def zip_it(self, run):
        fields = {"awsKey": Sandbox.ACCESS_KEY, "awsSecret": Sandbox.SECRET_KEY,
                  "awsBucket": run.bucket, "filePaths": run.paths}
        if run.way == "job":
            task = self.api.start("zipstart", {**fields, "zipTo": run.zip_to})
            run.job_id = task["taskUUID"][0]["streams3v2"].removeprefix("zipper_s3_")
            result = self.api.result(task)
            if result["message"] == "FAILURE":
                return self.check_reason(run, result["error"])
            [link] = result["results"]
            return self.check_zip(run, request("GET", link).body)
        task = self.api.start("streamzip", fields)
        result = self.api.result(task)
        if result["message"] == "FAILURE":
            return self.check_reason(run, result["error"])
        return Download(self, run, result["results"][0]).run()

    def check_zip(self, run, content):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = {info.filename: hashlib.sha256(archive.read(info)).hexdigest()
                     for info in archive.infolist()}
        if found != self.expected[run.seed]:
            raise Outcome(f"the zip has {found}, not {self.expected[run.seed]}")
        return "right"

    def check_reason(self, run, reason):
        status = run.fault.rule.get("status")
        names = [run.key or run.bucket]
        codes = [run.fault.code, f"HTTP {status}"] if run.fault.code and not run.place.fails else [""]
        if not all(name in reason for name in names) or not any(code in reason for code in codes):
            raise Outcome(f"the reason does not name {names} and one of {codes}: {reason}")
        return "told"

    def check_nothing_is_left(self, run, outcome):
        deadline = time.monotonic() + RUN_TIMEOUT_S
        while self.s3.list_multipart_uploads(Bucket=run.bucket).get("Uploads"):
            if time.monotonic() > deadline:
                raise Outcome("an upload is left in the bucket")
            time.sleep(0.5)
        if run.way == "job":
            is_there = (self.sandbox.store / run.bucket / run.target(run.job_id)).exists()
            if is_there != (outcome == "right"):
                raise Outcome(f"the target is {'there' if is_there else 'not there'}")

    def table(self, markdown):
        """Fault × place: what came of it, and how often."""
        counts = collections.Counter((run.fault.name, run.place.label(), run.way,
                                      self.outcomes[run.seed]) for run in self.runs)
        rows = [("fault", "place", "way", "outcome", "runs"),
                *((*case, str(count)) for case, count in sorted(counts.items()))]
        if markdown:
            rows.insert(1, ("---",) * 5)
            return "\n".join(f"| {' | '.join(row)} |" for row in rows)
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
                         for row in rows)


class Download:
    """A client of a link: it takes what it gets, and resumes as `curl -C -` does."""

    def __init__(self, harness, run, link):
        self.harness = harness
        self.run_ = run
        self.link = link
        self.etag = None
        self.size = None
        self.content = b""
        self.request_id = None  # of the last GET

    def run(self):
        """What came of it."""
        resumed = self.run_.way == "resumed stream"
        for left in reversed(range(RESUMES if resumed else 1)):
            leaves_at = self.run_.random.randint(1, 2 * scenarios.MIB) if left else None
            refused = self.get(leaves_at)
            if refused:
                return self.harness.check_reason(self.run_, self.logged_reason())
            if len(self.content) == self.size:
                return self.harness.check_zip(self.run_, self.content)
        if resumed and self.run_.outcome == "right":
            self.get(None)
            return self.harness.check_zip(self.run_, self.content)
        if END_OF_CENTRAL_DIRECTORY in self.content[-22:]:
            raise Outcome("a cut download ends as a whole zip does")
        return self.harness.check_reason(self.run_, self.logged_reason())

    def get(self, leaves_at):
        """One GET of what is missing; whether it was refused: a page with general words."""
        parts = urllib.parse.urlsplit(self.link)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=RUN_TIMEOUT_S)
        begin = len(self.content)
        headers = {"Range": f"bytes={begin}-", "If-Range": self.etag} if begin else {}
        try:
            connection.request("GET", parts.path, headers=headers)
            answer = connection.getresponse()
            self.request_id = answer.headers["X-Request-Id"]
            if answer.status >= 400:
                answer.read()
                return True
            if answer.status != (206 if begin else 200):
                raise Outcome(f"status {answer.status}")
            self.etag = answer.headers["ETag"]
            self.size = begin + int(answer.headers["Content-Length"])
            self.content += self.read(answer, leaves_at)
        finally:
            connection.close()
        return False

    @staticmethod
    def read(answer, leaves_at):
        pieces = []
        count = 0
        try:
            while piece := answer.read1(1 << 16):
                pieces.append(piece)
                count += len(piece)
                if leaves_at and count >= leaves_at:
                    break
        except (http.client.IncompleteRead, ConnectionError):
            pass  # it was cut
        return b"".join(pieces)

    def logged_reason(self):
        """Of the last GET, or of the listing. That the client of an earlier GET has left is noticed
        later on a busy machine."""
        log = self.harness.server.log()
        link_id = self.link.split("/")[-3]
        found = (re.search(rf"stream \S+: (?:ended early: )?(.*) request_id={self.request_id}", log)
                 or re.search(rf"stream {link_id}: (?!accepted|ended early)(.*)", log))
        if not found:
            raise Outcome("the log does not say why there is no download")
        return found[1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=DEFAULT_SEEDS)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=24)
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="s3zipper-faults-") as folder:
        seeds = range(options.first, options.first + options.seeds)
        print(f"{len(seeds)} runs, from seed {seeds[0]} on", flush=True)
        harness = Harness(Path(folder), seeds, options.at_once)
        try:
            harness.start()
            harness.run_all()
        finally:
            harness.close()
    print(harness.table(options.markdown))
    for failure in harness.failures:
        print(f"\n{failure}")
    print(f"\n{len(harness.runs)} runs, {len(harness.failures)} wrong")
    sys.exit(1 if harness.failures else 0)


if __name__ == "__main__":
    main()
