"""Earlier zips of the same sources stay out, wherever they lie, by jobs, links and the command alike;
zips of others go in; and what was left out is told wherever things are counted."""

import json
import subprocess
import unittest
import zipfile

from api_client import request
from command_case import COMMAND_TIMEOUT_S, json_lines
from program import Sandbox, environment, program_path
from service_case import BUCKET, ServiceTest

CREDENTIALS = {"accessKeyId": Sandbox.ACCESS_KEY, "secretAccessKey": Sandbox.SECRET_KEY}


def names_in(path):
    with zipfile.ZipFile(path) as archive:
        return sorted(archive.namelist())


class OwnZipsTest(ServiceTest):
    def setUp(self):
        """A folder of its own for each test, with a file in it."""
        self.place = self.id().rsplit(".", 1)[1]
        self.file = f"{self.place}/a.txt"
        self.put(self.file, "a")

    def command(self, *arguments):
        variables = {"AWS_ENDPOINT_URL_S3": self.server.sandbox_url,
                     "AWS_ACCESS_KEY_ID": Sandbox.ACCESS_KEY,
                     "AWS_SECRET_ACCESS_KEY": Sandbox.SECRET_KEY, "HOME": str(self.folder)}
        return subprocess.run([program_path(), *map(str, arguments)], capture_output=True,
                              text=True, env=environment() | variables, check=False,
                              timeout=COMMAND_TIMEOUT_S)

    def zip_by_command(self, *sources, flags=(), to="out.zip"):
        """The zip in a file, and what the command says of it as its last line of JSON."""
        path = to if str(to).startswith("s3://") else self.folder / to
        addresses = [f"s3://{BUCKET}/{source}" for source in sources]
        done = self.command("zip", *addresses, "-o", path, "--json", "-f", *flags)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return path, json_lines(done.stdout)[-1]

    def call(self, method, path, fields=None):
        body = None if fields is None else json.dumps(fields).encode()
        return request(method, self.server.url + path, self.api.bearer, body)

    def native(self, things, *sources, **more):
        """The finished zip or stream, as the native API tells of it."""
        made = self.call("POST", f"/api/{things}", {"credentials": CREDENTIALS, "bucket": BUCKET,
                                                    "sources": list(sources), **more}).json
        while True:
            found = self.call("GET", f"/api/{things}/{made['id']}").json
            if found["state"] not in ("pending", "running", "retrying", "listing"):
                return found

    def by_all_ways(self, *sources):
        """{way: names in the zip} of the sources, each zip into a place of its own."""
        stream = self.zip_as_stream(*sources)
        ways = {"link": names_in(stream)}
        ways["command"] = names_in(self.zip_by_command(*sources)[0])
        ways["job"] = names_in(self.zip_to_bucket(*sources, zipTo=f"elsewhere/{self.place}.zip"))
        return ways

    def expect(self, names, *sources):
        for way, found in self.by_all_ways(*sources).items():
            self.assertEqual(found, sorted(names), way)

    def test_dated_backups_do_not_double(self):
        self.zip_to_bucket(self.place, zipTo=f"{self.place}/backup-2026-01-01.zip")
        self.zip_by_command(f"{self.place}/", to=f"s3://{BUCKET}/{self.place}/sub/2026-01-02.ZIP")
        found = self.native("zips", self.place,
                            target={"key": f"{self.place}/backup-2026-01-03.zip"})
        self.assertEqual(found["state"], "succeeded", found)
        self.assertEqual(found["archives"][0]["entries"], 1)
        self.assertEqual(found["leftOut"]["ownZips"]["count"], 2)
        self.expect([self.file], self.place)

    def test_zips_of_others_are_files_like_any(self):
        self.put(f"{self.place}-2/b.txt", "b")
        one, two = f"{self.place}/zips/one.zip", f"{self.place}/zips/two.zip"
        self.zip_to_bucket(f"{self.place}-2", zipTo=one)
        self.zip_to_bucket(self.file, zipTo=two)
        self.put(f"{self.place}/zips/foreign.zip", "no zip of ours")
        zips_there = [one, two, f"{self.place}/zips/foreign.zip"]
        self.expect(zips_there, f"{self.place}/zips")
        beside = self.zip_to_bucket(f"{self.place}/zips", zipTo=f"{self.place}/zips/all.zip")
        self.assertEqual(names_in(beside), sorted(zips_there))

    def test_one_that_is_named_is_taken_before_and_behind_its_folder(self):
        first = f"{self.place}/first.zip"
        for sources in ((self.place, first), (first, self.place)):
            self.s3.delete_object(Bucket=BUCKET, Key=first)
            self.zip_to_bucket(self.place, zipTo=first)
            self.expect([self.file, first], *sources)
            # Made of the very same, and named all the same.
            self.zip_to_bucket(*sources, zipTo=f"{self.place}/made.zip")
            self.s3.copy_object(Bucket=BUCKET, Key=first,
                                CopySource={"Bucket": BUCKET, "Key": f"{self.place}/made.zip"})
            self.expect([self.file, first], *sources)
            self.s3.delete_object(Bucket=BUCKET, Key=f"{self.place}/made.zip")

    def test_own_zips_are_taken_where_that_is_asked_for(self):
        old = f"{self.place}/old.zip"
        self.zip_to_bucket(self.place, zipTo=old)
        both = sorted([self.file, old])
        self.assertEqual(names_in(self.zip_as_stream(self.place, ownZips="include")), both)
        self.assertEqual(names_in(self.zip_to_bucket(self.place, ownZips="include",
                                                     zipTo=f"elsewhere/{self.place}.zip")), both)
        path, _ = self.zip_by_command(self.place, flags=("--own-zips", "include"))
        self.assertEqual(names_in(path), both)
        reply = self.call("POST", "/api/streams?download=1",
                          {"credentials": CREDENTIALS, "bucket": BUCKET, "sources": [self.place],
                           "ownZips": "include"})
        (self.folder / "once.zip").write_bytes(reply.body)
        self.assertEqual(names_in(self.folder / "once.zip"), both)

    def test_what_was_left_out_is_told_everywhere(self):
        old = f"{self.place}/old.zip"
        rules = {"exclude": ["*.tmp"]}
        self.put(f"{self.place}/x.tmp", "x")
        self.native("zips", self.place, target={"key": old}, **rules)
        expected = {"ownZips": {"count": 1, "paths": [f"{BUCKET}/{old}"]},
                    "excluded": {"count": 1, "paths": [f"{BUCKET}/{self.place}/x.tmp"]}}
        for things in ("zips", "streams"):
            found = self.native(things, self.place, **rules)
            self.assertEqual(found["leftOut"], expected)
            report = self.call("GET", f"/api/{things}/{found['id']}/report").body.decode()
            self.assertRegex(report, f",,{BUCKET},{old},.*excluded,.*earlier zip")
            self.assertRegex(report, f",,{BUCKET},{self.place}/x.tmp,.*excluded")
        flags = ("--exclude", "*.tmp")
        _, done = self.zip_by_command(self.place, flags=flags)
        _, dry = self.zip_by_command(self.place, flags=(*flags, "-n"))
        for told in (done, dry):
            self.assertEqual(told["own_zips"], [f"s3://{BUCKET}/{old}"])
            self.assertEqual(told["excluded"], 1)
            self.assertEqual(told["excluded_first"], [f"s3://{BUCKET}/{self.place}/x.tmp"])
        words = self.command("zip", f"s3://{BUCKET}/{self.place}", "-n", "-o",
                             self.folder / "dry.zip", *flags).stdout
        self.assertIn(f"s3://{BUCKET}/{old}", words)
        self.assertIn("1 objects", words)

    def test_a_task_tells_of_them(self):
        old = f"{self.place}/old.zip"
        self.zip_to_bucket(self.place, zipTo=old)
        for start in ("zipstart", "streamzip"):
            task = self.api.start(start, self.fields(self.place))
            self.download(self.succeed(task))
            state = self.api.state(task)
            self.assertEqual((state["OwnZipsCount"], state["OwnZips"]), (1, [f"{BUCKET}/{old}"]))

    def test_what_the_zip_is_written_to_stays_out_and_an_error_says_the_truth(self):
        target = f"{self.place}/events.zip"
        self.zip_to_bucket(self.place, zipTo=target)
        path, told = self.zip_by_command(self.place, flags=("--include", "events.zip"))
        self.assertEqual(names_in(path), [target], "it is an object that the rule takes")
        self.assertEqual(told["own_zips"], [])
        done = self.command("zip", f"s3://{BUCKET}/{self.place}", "--include", "events.zip", "-f",
                            "-o", f"s3://{BUCKET}/{target}")
        self.assertEqual(done.returncode, 1)
        self.assertIn("what this zip is written to", done.stderr)
        self.assertIn(f"s3://{BUCKET}/{target}", done.stderr)
        self.assertNotIn("take none of them", done.stderr)


if __name__ == "__main__":
    unittest.main()
