"""Faults of the sandbox that end a connection, hold it back or refuse a call, as they look from
outside.

Each test has a bucket of its own, so that no rule counts the requests of another test.
"""

import os
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from fault_case import SIZE, FaultTest, fault
from signing import Signing

MIB = 1024 * 1024


class Connections(FaultTest):
    """Errors, and connections that end or wait."""

    faults = "seed = 42\n" + "".join([
        fault("storm", "error", code="SlowDown", skip=1, times=2),
        fault("own", "error", code="BadGateway", status=502, message="a <proxy>"),
        fault("heads", "error", code="InternalError", call="HeadObject"),
        fault("uploads", "error", code="SlowDown", call="UploadPart", part=2),
        fault("bodies", "error", code="InternalError", call="PutObject"),
        fault("early", "error", code="SlowDown", early=True, call="PutObject"),
        fault("resets", "reset"),
        fault("resets-later", "reset", after=100_000),
        fault("reset-put", "reset", call="PutObject"),
        fault("cuts", "cut"),
        fault("cuts-later", "cut", after=123_457, skip=1),
        fault("cuts-range", "cut", after=10, bytes="200000-200000"),
        fault("cuts-list", "cut", after=50, call="ListObjectsV2"),
        fault("cuts-file", "cut", after=70_001),
        fault("cuts-random", "cut", after="random", times=20),
        fault("stalls", "stall"),
        fault("stalls-later", "stall", after=7),
        fault("stalls-awhile", "stall", after=1000, ms=300),
        fault("pauses", "stall", ms=300),
        fault("lost", "lost-answer", call="PutObject"),
        fault("lost-complete", "lost-answer", call="CompleteMultipartUpload"),
        fault("away", "away", ms=600, skip=1),
        fault("away-midway", "away", ms=300, call="HeadObject"),
        fault("away-midway", "rate", bytes_per_second=200_000),
        fault("gone-server", "stall"),
    ])

    def test_errors_of_the_second_and_third_request(self):
        self.assertEqual(self.outcomes("storm", 4), [200, 503, 503, 200])
        self.assertEqual(self.fired("storm"), ["error", "error"])

    def test_any_code_status_and_message(self):
        answer = self.get_raw("own")
        self.assertEqual(answer.status, 502)
        self.assertIn(b"<Code>BadGateway</Code><Message>a &lt;proxy&gt;</Message>", answer.body)
        self.assertEqual(self.get_raw("own").status, 200)

    def test_only_the_named_call(self):
        self.assertEqual(self.get_raw("heads").status, 200)
        self.refused("500", self.s3.head_object, 500, Bucket="heads", Key="object")
        self.s3.head_object(Bucket="heads", Key="object")

    def test_only_the_named_part(self):
        upload = self.s3.create_multipart_upload(Bucket="uploads", Key="key")["UploadId"]
        where = {"Bucket": "uploads", "Key": "key", "UploadId": upload, "Body": b"x"}
        self.s3.upload_part(**where, PartNumber=1)
        self.refused("SlowDown", self.s3.upload_part, 503, **where, PartNumber=2)
        self.s3.upload_part(**where, PartNumber=2)

    def test_an_error_leaves_the_connection_usable_and_nothing_behind(self):
        body = os.urandom(3 * MIB)
        self.refused("InternalError", self.s3.put_object, 500, Bucket="bodies", Key="k", Body=body)
        self.assertEqual(self.keys("bodies"), ["object"])
        self.s3.put_object(Bucket="bodies", Key="k", Body=body)
        self.assertTrue(self.s3.get_object(Bucket="bodies", Key="k")["Body"].read() == body)

    def test_an_early_error_comes_before_the_body(self):
        host = f"127.0.0.1:{self.server.port}"
        lines = Signing().headers("PUT", "/early/key", host, "UNSIGNED-PAYLOAD")
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=60) as connection:
            connection.sendall(f"PUT /early/key HTTP/1.1\r\nContent-Length: 1000000\r\n{head}\r\n"
                               .encode())
            self.assertIn(b" 503 ", connection.recv(1 << 16))

    def test_resets(self):
        first, second = self.get_raw("resets"), self.get_raw("resets")
        self.assertEqual((first.head, first.body, first.end), (b"", b"", "reset"))
        self.assertEqual(second.body, self.content())
        answer = self.get_raw("resets-later")
        self.assertEqual((answer.end, answer.header("content-length")), ("reset", str(SIZE)))
        self.assertLessEqual(len(answer.body), 100_000)
        self.assertEqual(self.send("PUT", "/reset-put/new", body=b"content").end, "reset")
        self.assertEqual(self.keys("reset-put"), ["object"])

    def test_cuts(self):
        answer = self.get_raw("cuts")
        self.assertEqual((answer.status, answer.body, answer.end), (200, b"", "closed"))
        self.assertEqual(self.outcomes("cuts-later", 1), [200])
        answer = self.get_raw("cuts-later")
        self.assertEqual((answer.header("content-length"), answer.end), (str(SIZE), "closed"))
        self.assertTrue(answer.body == self.content()[:123_457])
        answer = self.send("GET", "/cuts-list?list-type=2")
        self.assertEqual((len(answer.body), answer.end), (50, "closed"))

    def test_a_cut_of_the_request_for_a_byte(self):
        def ended(byte_range):
            return self.get_raw("cuts-range", headers={"Range": byte_range}).end

        self.assertEqual(ended("bytes=0-199999"), "whole")
        self.assertEqual(ended("bytes=200001-299999"), "whole")
        self.assertEqual(ended("bytes=150000-200000"), "closed")

    def test_a_cut_of_a_file(self):
        content = os.urandom(200_000)
        self.s3.put_object(Bucket="cuts-file", Key="file", Body=content)
        answer = self.get_raw("cuts-file", "file")
        self.assertEqual((answer.end, len(answer.body)), ("closed", 70_001))
        self.assertTrue(content.startswith(answer.body))
        self.assertTrue(self.get_raw("cuts-file", "file").body == content)

    def test_random_cuts_are_those_of_the_seed(self):
        lengths = [len(self.get_raw("cuts-random").body) for _ in range(21)]
        self.assertEqual(lengths.pop(), SIZE)
        self.assertEqual(len(set(lengths)), 20)
        self.assertTrue(all(length < SIZE for length in lengths))
        self.server.kill()
        self.server.start()
        type(self).s3 = self.server.client()
        self.assertEqual([len(self.get_raw("cuts-random").body) for _ in range(20)], lengths)

    def test_stalls(self):
        answer = self.get_raw("stalls", until_stalled=True)
        self.assertEqual((answer.head, answer.end), (b"", "stalled"))
        answer = self.get_raw("stalls-later", until_stalled=True)
        self.assertEqual((answer.body, answer.end), (self.content()[:7], "stalled"))
        for bucket in ("stalls-awhile", "pauses"):
            begin = time.monotonic()
            self.assertTrue(self.get_raw(bucket).body == self.content())
            self.assertGreaterEqual(time.monotonic() - begin, 0.3)
        self.assertEqual(self.outcomes("stalls", 1), [200])

    def test_a_lost_answer_of_a_call_that_was_carried_out(self):
        self.assertEqual(self.send("PUT", "/lost/new", body=b"content").end, "reset")
        self.assertEqual(self.s3.get_object(Bucket="lost", Key="new")["Body"].read(), b"content")
        upload = self.s3.create_multipart_upload(Bucket="lost-complete", Key="key")["UploadId"]
        where = {"Bucket": "lost-complete", "Key": "key", "UploadId": upload}
        part = self.s3.upload_part(**where, PartNumber=1, Body=b"part")
        document = (f"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>"
                    f"<ETag>{part['ETag']}</ETag></Part></CompleteMultipartUpload>").encode()
        target = f"/lost-complete/key?uploadId={upload}"
        self.assertEqual(self.send("POST", target, body=document).end, "reset")
        self.assertEqual(self.s3.get_object(Bucket="lost-complete", Key="key")["Body"].read(),
                         b"part")
        self.refused("NoSuchUpload", self.s3.list_parts, 404, **where)

    def test_the_store_goes_away_and_comes_back(self):
        self.assertEqual(self.outcomes("away", 2), [200, "reset"])
        gone = time.monotonic()
        while self.outcomes("away", 1) == ["reset"]:
            self.assertLess(time.monotonic() - gone, 30)
        self.assertGreaterEqual(time.monotonic() - gone, 0.5)
        self.assertEqual(self.outcomes("away", 3), [200, 200, 200])

    def test_answers_under_way_are_reset_when_it_goes_away(self):
        found, started = [], threading.Event()
        reader = threading.Thread(
            target=lambda: found.append(self.get_raw("away-midway", started=started)))
        reader.start()
        started.wait(60)
        self.send("HEAD", "/away-midway/object")
        reader.join()
        self.assertEqual(found[0].end, "reset")
        self.assertLess(len(found[0].body), SIZE)

    def test_a_stalled_connection_does_not_keep_the_server(self):
        connection = threading.Thread(target=lambda: self.get_raw("gone-server"))
        connection.start()
        while "gone-server" not in self.server.log():
            time.sleep(0.01)
        begin = time.monotonic()
        self.server.process.terminate()
        self.assertEqual(self.server.process.wait(timeout=30), 0)
        self.assertLess(time.monotonic() - begin, 5)
        connection.join()
        self.server.start()
        type(self).s3 = self.server.client()


class Paces(FaultTest):
    """Latency and speed; bounds from below only, as a busy machine is slower."""

    faults = "".join([
        '[[fault]]\ndo = "delay"\nms = 20\n',
        fault("slow", "rate", bytes_per_second="1 MB"),
        fault("slow", "delay", ms=30),
        fault("slow-cut", "rate", bytes_per_second="1 MB"),
        fault("slow-cut", "cut", after=100_000, call="GetObject"),
    ])

    def seconds(self, deed):
        begin = time.monotonic()
        deed()
        return time.monotonic() - begin

    def test_delays_add_up(self):
        self.assertGreaterEqual(self.seconds(lambda: self.keys("bucket")), 0.020)
        self.assertGreaterEqual(self.seconds(lambda: self.keys("slow")), 0.050)

    def test_a_rate_both_ways(self):
        self.assertGreaterEqual(self.seconds(lambda: self.get_raw("slow")), 0.3)
        body = os.urandom(300_000)
        put = self.seconds(lambda: self.s3.put_object(Bucket="slow", Key="put", Body=body))
        self.assertGreaterEqual(put, 0.3)
        read = []
        self.assertGreaterEqual(self.seconds(lambda: read.append(
            self.s3.get_object(Bucket="slow", Key="put")["Body"].read())), 0.3)
        self.assertTrue(read[0] == body)

    def test_a_cut_at_a_rate(self):
        answer = []
        self.assertGreaterEqual(
            self.seconds(lambda: answer.append(self.get_raw("slow-cut"))), 0.1)
        self.assertEqual((len(answer[0].body), answer[0].end), (100_000, "closed"))


class Seeds(unittest.TestCase):
    """What the program says of its faults file at the start."""

    def run_with(self, text):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "faults.toml"
            file.write_text(text)
            return subprocess.run(
                [os.environ["S3ZIPPER"], "sandbox", "--dir", folder, "--faults", str(file),
                 "--listen", "nowhere"], capture_output=True, text=True, timeout=60, check=False)

    def test_a_wrong_file_ends_the_program_with_its_reason(self):
        done = self.run_with('[[fault]]\nname = "x"\ndo = "reset"\nwhen = 1\n')
        self.assertEqual(done.returncode, 78)
        self.assertIn('faults.toml: fault 1 ("x"): when: a fault that does "reset" has no such key',
                      done.stderr)

    def test_the_seed_is_told(self):
        self.assertRegex(self.run_with("seed = 7\n").stderr, r"0 faults of \S+, seed 7\n")
        self.assertRegex(self.run_with("").stderr, r"0 faults of \S+, seed \d+\n")

    def test_the_embedded_store_takes_the_same_file(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "faults.toml"
            file.write_text('[[fault]]\ndo = "nothing"\n')
            settings = {"S3ZIPPER_SANDBOX_DIR": folder, "S3ZIPPER_SANDBOX_FAULTS": str(file),
                        "S3ZIPPER_DATA_DIR": folder + "/data"}
            done = subprocess.run([os.environ["S3ZIPPER"], "serve"], env={**os.environ, **settings},
                                  capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 78)
        self.assertIn("faults.toml: fault 1: do: must be one of error, reset,", done.stderr)


if __name__ == "__main__":
    unittest.main()
