"""What goes into a zip by the native API: sources with names, manifests, and the reports on it."""

import csv
import gzip
import io
import json
import time
import unittest
import zipfile
import zlib

import virtual_content
import zips
from api_client import request
from program import SANITIZED
from service_case import BUCKET, ServiceTest

LINES = 5_000 if SANITIZED else 100_000
SIZE = 16
WAIT_S = 600


class ManifestTest(ServiceTest):
    virtual = [f"{BUCKET}/many/{{00000..{LINES - 1:05}}}.bin={SIZE}"]

    def call(self, method, path, fields=None):
        headers = dict(self.api.bearer)
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(fields).encode()
        return request(method, self.server.url + path, headers, body)

    def create(self, kind, **fields):
        reply = self.call("POST", f"/api/{kind}", {
            "credentials": {"accessKeyId": self.access_key, "secretAccessKey": self.secret_key},
            "bucket": BUCKET, **fields})
        return reply

    def wait(self, kind, **fields):
        """The task when it has ended."""
        reply = self.create(kind, **fields)
        self.assertEqual(reply.status, 201, reply.body)
        task = reply.json
        deadline = time.monotonic() + WAIT_S
        while task["state"] in ("pending", "running", "retrying", "listing"):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
            task = self.call("GET", f"/api/{kind}/{task['id']}").json
        return task

    def zip(self, **fields):
        """The finished job, and its zip's file."""
        job = self.wait("zips", **fields)
        self.assertEqual(job["state"], "succeeded", job)
        [link] = job["links"]
        return job, self.download(link)

    def error(self, **fields):
        """What a job fails with."""
        job = self.wait("zips", **fields)
        self.assertEqual(job["state"], "failed", job)
        return job["error"]

    def refusal(self, **fields):
        reply = self.create("zips", **fields)
        self.assertEqual(reply.status, 400, reply.body)
        return reply.message

    def report(self, kind, task, query=""):
        reply = self.call("GET", f"/api/{kind}/{task['id']}/report{query}")
        self.assertEqual(reply.status, 200, reply.body)
        return reply

    def rows(self, kind, task):
        return list(csv.DictReader(io.StringIO(self.report(kind, task).body.decode(), newline="")))

    def test_sources_have_names(self):
        self.put_all({"s/a.txt": "a", "s/b.txt": "b", "t/c/d.txt": "d", "e.txt": "e"})
        _, path = self.zip(sources=["e.txt", {"source": "s/a.txt", "name": "first/A?.txt"},
                                    {"source": "s/a.txt"}, {"source": "t/", "name": "T"}])
        zips.check(path, {"e.txt": zips.sha256(b"e"), "first/A_.txt": zips.sha256(b"a"),
                          "s/a.txt": zips.sha256(b"a"), "T/c/d.txt": zips.sha256(b"d")})
        zips.check_with_other_readers(path)

    def test_a_manifest_of_100_000_lines(self):
        text = "".join(f"{BUCKET},many/{i:05}.bin,,{i // 1000}/{i}.bin\n" if i % 2
                       else f"{BUCKET},many/{i:05}.bin\n" for i in range(LINES))
        self.put("lists/many.csv.gz", gzip.compress(text.encode()))
        job, path = self.zip(manifest={"key": "lists/many.csv.gz"})
        with zipfile.ZipFile(path) as archive:
            self.assertIsNone(archive.testzip())
            infos = archive.infolist()
        names = [f"{i // 1000}/{i}.bin" if i % 2 else f"many/{i:05}.bin" for i in range(LINES)]
        self.assertEqual([info.filename for info in infos], names)
        for i in range(0, LINES, 97):
            content = virtual_content.small(f"many/{i:05}.bin", SIZE)
            self.assertEqual(infos[i].CRC, zlib.crc32(content), names[i])
        rows = self.rows("zips", job)
        self.assertEqual([row["name"] for row in rows], names)
        self.assertEqual({row["state"] for row in rows}, {"zipped"})
        self.assertEqual([int(row["crc32"], 16) for row in rows], [info.CRC for info in infos])
        self.assertEqual({row["nameChange"] for row in rows[1::2]}, {"requested"})

    def test_an_inventory(self):
        etag = self.s3.head_object(Bucket=BUCKET, Key="many/00001.bin")["ETag"].strip('"')
        self.put("inventory/1.csv.gz", gzip.compress(
            f'"{BUCKET}","many%2F00001.bin","true","false","{SIZE}","{etag}"\n'
            f'"{BUCKET}","many%2Fold.bin","false","false","{SIZE}","{etag}"\n'.encode()))
        manifest = {"destinationBucket": f"arn:aws:s3:::{BUCKET}", "fileFormat": "CSV",
                    "fileSchema": "Bucket, Key, IsLatest, IsDeleteMarker, Size, ETag",
                    "files": [{"key": "inventory/1.csv.gz", "size": 1}]}
        self.put("inventory/manifest.json", json.dumps(manifest))
        _, path = self.zip(manifest={"key": "inventory/manifest.json"})
        content = virtual_content.small("many/00001.bin", SIZE)
        zips.check(path, {"many/00001.bin": zips.sha256(content)})
        self.put("inventory/parquet.json", json.dumps(manifest | {"fileFormat": "Parquet"}))
        self.assertIn("only CSV can be read", self.error(
            manifest={"key": "inventory/parquet.json", "format": "inventory"}))

    def test_errors_of_a_manifest_name_the_line(self):
        self.put("lists/bad.csv", f"{BUCKET},many/00001.bin\n{BUCKET}\n")
        self.assertEqual(self.error(manifest={"key": "lists/bad.csv"}),
                         "manifest files/lists/bad.csv line 2: it has 1 fields; "
                         "bucket,key[,versionId[,name]] are expected")
        self.put("lists/gone.jsonl", '{"key": "many/00001.bin"}\n{"key": "no"}\n')
        self.assertEqual(self.error(manifest={"key": "lists/gone.jsonl"}),
                         "manifest files/lists/gone.jsonl line 2: there is no object s3://files/no")
        self.assertIn("manifest files/lists/none.csv: there is no such object",
                      self.error(manifest={"key": "lists/none.csv"}))

    def test_the_report_tells_what_was_left_out(self):
        self.put_all({"r/one.txt": "1", "r/ONE.txt": "22", "r/x.tmp": "x"})
        self.put("lists/some.csv", f"{BUCKET},r/gone.txt\n")
        job, path = self.zip(sources=["r/"], manifest={"key": "lists/some.csv"}, exclude=["*.tmp"],
                             onMissing="skip", report={"inZip": True})
        rows = self.rows("zips", job)
        self.assertEqual([(row["name"], row["key"], row["nameChange"], row["state"])
                          for row in rows],
                         [("r/ONE.txt", "r/ONE.txt", "", "zipped"),
                          ("r/one (2).txt", "r/one.txt", "numbered", "zipped"),
                          ("s3zipper-report.csv", "", "", "generated"),
                          ("", "r/gone.txt", "", "missing"), ("", "r/x.tmp", "", "excluded"),
                          ("", "", "", "excluded")])
        self.assertEqual(rows[5]["reason"], "1 objects, by the include and exclude rules")
        with zipfile.ZipFile(path) as archive:
            self.assertIsNone(archive.testzip())
            inside = archive.read("s3zipper-report.csv").decode()
        self.assertEqual([row["state"] for row in csv.DictReader(io.StringIO(inside, newline=""))],
                         ["zipped", "zipped", "missing", "excluded", "excluded"])
        lines = self.report("zips", job, "?format=jsonLines").body.decode().splitlines()
        self.assertEqual([json.loads(line)["state"] for line in lines],
                         [row["state"] for row in rows])

    def test_a_streams_report_inside_the_zip_is_the_same_after_a_resume(self):
        self.put_all({"z/one.txt": "1" * 5000})
        stream = self.wait("streams", sources=["z/"], report={"inZip": True, "format": "jsonLines"})
        [link] = stream["links"]
        whole = self.download(link).read_bytes()
        tail = request("GET", link, {"Range": f"bytes={len(whole) // 2}-"})
        self.assertEqual(tail.status, 206)
        self.assertEqual(tail.body, whole[len(whole) // 2:])
        self.assertIn(b"s3zipper-report.jsonl", whole)
        rows = self.rows("streams", stream)
        self.assertEqual([row["name"] for row in rows], ["z/one.txt", "s3zipper-report.jsonl"])

    def test_wrong_fields_are_named(self):
        for fields, said in [
                ({}, "sources is required"),
                ({"sources": [{"name": "a"}]}, "sources[0].source is required"),
                ({"sources": ["a", {"source": "b", "nam": "c"}]}, 'sources[1] has no field "nam"'),
                ({"sources": [{"source": "b/", "versionId": "1"}]}, "sources[0].versionId is for"),
                ({"sources": [{"source": "b", "bucket": "No"}]}, "sources[0].bucket"),
                ({"manifest": {}}, "manifest.key is required"),
                ({"manifest": {"key": "a.txt"}}, "manifest.format is required"),
                ({"manifest": {"key": "a", "format": "xml"}}, "manifest.format must be one of"),
                ({"sources": ["a"], "report": {"inZip": 1}}, "report.inZip must be true or false"),
                ({"sources": ["a"], "report": {"format": "pdf"}}, "report.format must be one of"),
                ({"sources": ["a"], "requestPayer": "me"}, "requestPayer must be true or false")]:
            self.assertTrue(self.refusal(**fields).startswith(said),
                            (fields, self.refusal(**fields)))

    def test_reports_of_others_and_of_nothing(self):
        self.assertEqual(self.call("GET", "/api/zips/none/report").status, 404)
        self.assertEqual(self.call("GET", "/api/streams/none/report").status, 404)
        self.assertEqual(request("GET", self.server.url + "/api/zips/none/report").status, 401)
        job = self.wait("zips", sources=["no/such"])
        reply = self.call("GET", f"/api/zips/{job['id']}/report")
        self.assertEqual(reply.status, 409)
        self.assertIn("failed before its files were listed", reply.message)
        self.put("y.txt", "y")
        job, _ = self.zip(sources=["y.txt"])
        wrong = self.call("GET", f"/api/zips/{job['id']}/report?format=xml")
        self.assertEqual(wrong.status, 400)


if __name__ == "__main__":
    unittest.main()
