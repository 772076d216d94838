"""The commands that work with S3 themselves, against a store of any kind: a zip goes there and comes
back, and check-store's table is the one that docs/start/cli.md shows. Run by test/system/commands_*_test.py.
"""

import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import zips
from command_case import json_lines
from program import environment, program_path
from s3_flows import start_store
from service_case import s3_client

PAGE = Path(__file__).parents[2] / "docs/start/cli.md"
BUCKET = "check"
RUN_TIMEOUT_S = 300


def documented(column):
    """{ability: "yes" or "no"} of the page's table, in the store's column."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    [head] = [row for row in rows if row[0] == "ability"]
    begin = rows.index(head) + 2
    place = head.index(column)
    table = {}
    for row in rows[begin:]:
        if len(row) != len(head):
            break
        table[row[0]] = re.match(r"\w+", row[place])[0]
    return table


class StoreCommands(unittest.TestCase):
    """`column`: the store's name in the page's table."""

    column = None
    maxDiff = 4000

    @classmethod
    def store(cls):
        """Starts it: endpoint, region, key and secret."""
        raise NotImplementedError

    @classmethod
    def setUpClass(cls):
        cls.endpoint, region, key, secret = cls.store()
        cls.s3 = s3_client(cls.endpoint, key, secret, region)
        cls.addClassCleanup(cls.s3.close)
        cls.s3.create_bucket(Bucket=BUCKET)
        cls.variables = environment() | {
            "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": region,
            "AWS_ENDPOINT_URL_S3": cls.endpoint}

    def left(self):
        return (self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", []) +
                self.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []))

    def run_command(self, *arguments, **variables):
        return subprocess.run([program_path(), *arguments], capture_output=True, text=True,
                              env=self.variables | variables, timeout=RUN_TIMEOUT_S, check=False)

    def check_store(self, *arguments, **variables):
        return self.run_command("check-store", *arguments, **variables)

    def test_a_zip_goes_there_and_comes_back(self):
        contents = {"trip/a.txt": b"a", "trip/deep/ä b+c.bin": os.urandom(12 << 20),
                    "trip/empty": b"", "other.txt": b"other"}
        for key, content in contents.items():
            self.s3.put_object(Bucket=BUCKET, Key=key, Body=content)
            self.addCleanup(self.s3.delete_object, Bucket=BUCKET, Key=key)
        target = f"s3://{BUCKET}/out.zip"
        self.addCleanup(self.s3.delete_object, Bucket=BUCKET, Key="out.zip")
        result = self.run_command("zip", f"s3://{BUCKET}/trip", f"s3://{BUCKET}/other.txt", "-o",
                                  target)
        self.assertEqual(result.returncode, 0, result.stderr)
        with tempfile.TemporaryDirectory() as folder:
            fetched = Path(folder) / "out.zip"
            self.s3.download_file(BUCKET, "out.zip", str(fetched))
            zips.check(fetched, {key: zips.sha256(content) for key, content in contents.items()})
            listed = self.run_command("ls", target)
            self.assertEqual(sorted(listed.stdout.splitlines()), sorted(contents), listed.stderr)
            got = self.run_command("get", target, "-d", folder)
            self.assertEqual(got.returncode, 0, got.stderr)
            for key, content in contents.items():
                self.assertEqual((Path(folder) / key).read_bytes(), content)
        self.assertEqual(self.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []), [])

    def test_the_table_is_the_documented_one_and_nothing_is_left(self):
        result = self.check_store(f"s3://{BUCKET}/tmp", "--json")
        print(self.column, *(line for line in result.stdout.splitlines() if '"works":false' in line),
              sep="\n")
        found = {line["ability"]: "yes" if line["works"] else "no"
                 for line in json_lines(result.stdout)}
        self.assertEqual(found, documented(self.column), result.stderr)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.left(), [])

    def test_an_interrupted_check_leaves_nothing(self):
        for lines in (2, 9, 14, 17):
            process = subprocess.Popen([program_path(), "check-store", f"s3://{BUCKET}"],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       env=self.variables)
            for _ in range(lines):
                process.stdout.readline()
            time.sleep(0.005)
            process.send_signal(signal.SIGINT)
            error = process.communicate(timeout=RUN_TIMEOUT_S)[1]
            self.assertEqual(process.returncode, 130, error)
            self.assertEqual(self.left(), [], f"after {lines} lines")

    def test_an_interrupted_cleaning_goes_on(self):
        process = subprocess.Popen([program_path(), "check-store", f"s3://{BUCKET}"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=self.variables)
        for _ in documented(self.column):
            process.stdout.readline()
        process.send_signal(signal.SIGINT)
        error = process.communicate(timeout=RUN_TIMEOUT_S)[1]
        # It may have been faster than we.
        self.assertIn(process.returncode, (0, 130), error)
        self.assertEqual(self.left(), [])

    def test_a_bucket_that_cannot_be_used(self):
        result = self.check_store("s3://no-such-bucket/tmp")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("no-such-bucket", result.stderr)
        result = self.check_store(f"s3://{BUCKET}", AWS_SECRET_ACCESS_KEY="wrong")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("SignatureDoesNotMatch", result.stderr + result.stdout)
        self.assertEqual(self.check_store(BUCKET).returncode, 2)


class ScriptedStoreCommands(StoreCommands):
    """Against a server that a script of test/support starts and ends."""

    script = None

    @classmethod
    def store(cls):
        store = start_store(cls, cls.script)
        return store["S3_ENDPOINT"], store["S3_REGION"], store["S3_KEY"], store["S3_SECRET"]
