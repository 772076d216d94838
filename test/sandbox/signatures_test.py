"""Who may come in: signatures in headers, presigned links followed by curl."""

import hashlib
import subprocess
import time
import unittest

import boto3
from botocore.config import Config

from sandbox_server import ACCESS_KEY, SECRET_KEY, SandboxTest
from signing import Signing, signed_request


def curl(*arguments):
    """Status and body."""
    done = subprocess.run(["curl", "-sS", "-w", "\n%{http_code}", *arguments], check=True,
                          capture_output=True, timeout=60)
    body, _, status = done.stdout.rpartition(b"\n")
    return int(status), body


class Signatures(SandboxTest):
    def answer_to(self, signing, **more):
        answer, content = signed_request(self.server, "GET", "/bucket?list-type=2", signing=signing,
                                         **more)
        code = content.decode().partition("<Code>")[2].partition("<")[0]
        return answer.status, code, content.decode()

    def test_wrong_signatures(self):
        self.assertEqual(self.answer_to(Signing())[:2], (200, ""))
        for signing, status, code in (
                (Signing(secret_key="wrong"), 403, "SignatureDoesNotMatch"),
                (Signing(access_key="AKIDOTHER"), 403, "InvalidAccessKeyId"),
                (Signing(access_key=ACCESS_KEY.lower()), 403, "InvalidAccessKeyId"),
                (Signing(age_s=16 * 60), 403, "RequestTimeTooSkewed"),
                (Signing(age_s=-16 * 60), 403, "RequestTimeTooSkewed"),
                (Signing(region="eu-west-1"), 400, "AuthorizationHeaderMalformed")):
            with self.subTest(code=code):
                found = self.answer_to(signing)
                self.assertEqual(found[:2], (status, code))
                if status == 400:
                    self.assertIn("<Region>us-east-1</Region>", found[2])
        answer, content = self.server.raw("GET", "/bucket?list-type=2")
        self.assertEqual(answer.status, 403)
        self.assertIn(b"<Code>AccessDenied</Code>", content)
        answer, _ = self.server.raw("GET", "/bucket", {"Authorization": "Basic eDp5"})
        self.assertEqual(answer.status, 400)
        self.refused("403", self.server.client(secret_key="wrong").head_bucket, 403, Bucket="bucket")

    def test_everything_that_was_signed_counts(self):
        host = f"127.0.0.1:{self.server.port}"
        self.put("signed", b"content")
        hash_ = hashlib.sha256(b"").hexdigest()
        lines = Signing().headers("GET", "/bucket/signed?a=1", host, hash_, {"range": "bytes=0-1"})
        good, _ = self.server.raw("GET", "/bucket/signed?a=1", lines)
        self.assertEqual(good.status, 206)
        other_host = {**lines, "host": "127.0.0.1:1"}
        for method, target, changed in (
                ("GET", "/bucket/signed?a=2", lines), ("GET", "/bucket/other?a=1", lines),
                ("GET", "/bucket/signed", lines), ("HEAD", "/bucket/signed?a=1", lines),
                ("GET", "/bucket/signed?a=1", {**lines, "range": "bytes=0-2"}),
                ("GET", "/bucket/signed?a=1", {**lines, "x-amz-checksum-mode": "ENABLED"}),
                ("GET", "/bucket/signed?a=1", other_host)):
            with self.subTest(method=method, target=target):
                answer, _ = self.server.raw(method, target, changed)
                self.assertIn(answer.status, (400, 403))

    def test_a_body_other_than_the_signed_one_is_refused(self):
        lines = Signing().headers("PUT", "/bucket/body", f"127.0.0.1:{self.server.port}",
                                  hashlib.sha256(b"signed").hexdigest())
        answer, content = self.server.raw("PUT", "/bucket/body", lines, b"forged")
        self.assertEqual(answer.status, 400)
        self.assertIn(b"XAmzContentSHA256Mismatch", content)
        self.refused("404", self.s3.head_object, 404, Bucket="bucket", Key="body")

    def test_presigned_links_by_curl(self):
        odd = "dir/a b+%&\u00e4.txt"
        put = self.s3.generate_presigned_url("put_object", {"Bucket": "bucket", "Key": odd})
        self.assertEqual(curl("-X", "PUT", "--data-binary", "uploaded", "-H", "Content-Type:", put)[0], 200)
        get = self.s3.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": odd})
        self.assertEqual(curl(get), (200, b"uploaded"))
        self.assertEqual(curl("-r", "0-1", get), (206, b"up"))
        named = self.s3.generate_presigned_url(
            "get_object", {"Bucket": "bucket", "Key": odd, "ResponseContentType": "image/x-test"})
        self.assertIn(b"image/x-test", curl("-D", "-", "-o", "/dev/null", named)[1])
        for changed in (get.replace("a%20b", "a%20c"), get[:-1] + ("0" if get[-1] != "0" else "1"),
                        get.replace("X-Amz-Expires=3600", "X-Amz-Expires=3601")):
            status, body = curl(changed)
            self.assertEqual(status, 403)
            self.assertIn(b"<Code>SignatureDoesNotMatch</Code>", body)
        self.assertEqual(curl("-X", "DELETE", get)[0], 403)

    def test_presigned_links_of_virtual_host_style(self):
        self.put("hosted", b"by name")
        named = boto3.client("s3", endpoint_url=f"http://s3.localhost:{self.server.port}",
                             aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY,
                             region_name="us-east-1",
                             config=Config(s3={"addressing_style": "virtual"}, signature_version="s3v4"))
        url = named.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "hosted"})
        host = f"bucket.s3.localhost:{self.server.port}"
        self.assertIn(host, url)
        found = curl("--resolve", f"{host}:127.0.0.1", url)
        self.assertEqual(found, (200, b"by name"))

    def test_an_expired_link_is_refused(self):
        self.put("expiring", b"content")
        url = self.s3.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "expiring"},
                                             ExpiresIn=1)
        self.assertIn("X-Amz-Expires=1&", url)
        time.sleep(2.5)
        status, body = curl(url)
        self.assertEqual(status, 403)
        self.assertIn(b"<Code>AccessDenied</Code><Message>Request has expired</Message>", body)


if __name__ == "__main__":
    unittest.main()
