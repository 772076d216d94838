"""The main job against an S3 store of any kind: zips made of real objects, put back into the bucket
and streamed, every entry checked by content hash. Run by test/system/s3_*_test.py."""

import hashlib
import subprocess
import tempfile
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from botocore.exceptions import ClientError

import virtual_content
import zips
from api_client import request
from program import Server
from service_case import BUCKET, ServiceTest, s3_client

MIB = 1 << 20
DOCS = Path("/usr/share/doc")
# Four pages of a listing.
LEAST_DOCS = 3_500
UPLOADERS = 16
START_TIMEOUT_S = 300

# Key: portable name. NFC and NFD of one name are the same to Windows and macOS.
ODD_KEYS = {
    "odd/with space.txt": "odd/with space.txt",
    "odd/ leading": "odd/ leading",
    "odd/plus+plus": "odd/plus+plus",
    "odd/per%cent%41%2F": "odd/per%cent%41%2F",
    "odd/single'quote": "odd/single'quote",
    'odd/double"quote': "odd/double_quote",
    "odd/amp&amp;": "odd/amp&amp;",
    "odd/equals=a;b,c": "odd/equals=a;b,c",
    "odd/question?query=1#hash": "odd/question_query=1#hash",
    "odd/angle<b>": "odd/angle_b_",
    "odd/pipe|star*colon:": "odd/pipe_star_colon_",
    "odd/back\\slash": "odd/back_slash",
    "odd/{brace}[bracket]~$!@^`": "odd/{brace}[bracket]~$!@^`",
    "odd/日本語.txt": "odd/日本語.txt",
    "odd/😀": "odd/😀",
    unicodedata.normalize("NFD", "odd/é.txt"): unicodedata.normalize("NFD", "odd/é.txt"),
    unicodedata.normalize("NFC", "odd/é.txt"): unicodedata.normalize("NFC", "odd/é (2).txt"),
    "odd/Case.txt": "odd/Case.txt",
    "odd/case.txt": "odd/case (2).txt",
    "odd/both": "odd/both (2)",
    "odd/both/below": "odd/both/below",
    "odd/marker/": "odd/marker/",
    "odd/double//slash": "odd/double/_/slash",
    "odd/dots/../up": "odd/dots/_/up",
    "odd/dots/./here": "odd/dots/_/here",
    "odd/trailing /dot./x": "odd/trailing _/dot._/x",
    "odd/" + "/".join(["long" * 50] * 4): "odd/" + "/".join(["long" * 50] * 4),
    "odd/tab\tnew\nline\rend": "odd/tab_new_line_end",
    "odd/bell\x07": "odd/bell_",
    "odd/delete\x7f": "odd/delete_",
}


def portable(text):
    """A segment without the characters that Windows or macOS refuse (docs/reference/api.md), written anew."""
    return "".join("_" if is_control(char) or char in '\\:*?"<>|' else char for char in text)


def exact(text):
    return "".join("_" if is_control(char) or char == "\\" else char for char in text)


def is_control(char):
    return unicodedata.category(char) == "Cc"


# Each character of the first 256 but the slash, and some that are known to be trouble.
CHARACTERS = [chr(code) for code in range(1, 256) if chr(code) != "/"] + list(
    "\u0301\u200d\u2028\u202e\ufeff\ufffd\ufffe\uffff\U0001f600\U0010ffff")


def read_docs(most=None):
    """{key: content} of /usr/share/doc as it is, and of made-up files where these are few."""
    paths = sorted(path for path in DOCS.rglob("*") if path.is_file())
    if most:
        paths = paths[::max(1, len(paths) // most)][:most]
    found = {f"doc/{path.relative_to(DOCS)}": path.read_bytes() for path in paths}
    if most:
        return found
    for number in range(LEAST_DOCS - len(found)):
        key = f"doc/made-up/{number}.txt"
        found[key] = virtual_content.content(key, number % 3000) if number % 3000 else b""
    return found


class S3Flows(ServiceTest):
    """Mixed into a class that says where the store is."""

    endpoint = None
    region = "us-east-1"
    most_docs = None  # all
    unknown_key_code = "InvalidAccessKeyId"
    refused_characters = ()

    @classmethod
    def new_server(cls):
        return Server(sandbox=False, S3_ENDPOINT=cls.endpoint, S3_REGION=cls.region,
                      **cls.settings)

    @classmethod
    def new_s3_client(cls):
        return s3_client(cls.endpoint, cls.access_key, cls.secret_key, cls.region)

    @classmethod
    def put_all(cls, contents, bucket=BUCKET):
        with ThreadPoolExecutor(UPLOADERS) as pool:
            digests = pool.map(lambda item: cls.put(*item, bucket), contents.items())
            return {key: None if key.endswith("/") else digest
                    for key, digest in zip(contents, digests)}

    def tearDown(self):
        uploads = self.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
        self.assertEqual(uploads, [], "an upload was left behind")

    def test_usr_share_doc(self):
        expected = self.put_all(read_docs(self.most_docs))
        self.assertGreaterEqual(len(expected), self.most_docs or LEAST_DOCS)
        self.zip_both_ways(expected, "doc/", names="exact")
        # Portable names: some differ in case only, and get a number.
        found = zips.digests(self.zip_as_stream("doc/"))
        self.assertEqual(sorted(found.values()), sorted(expected.values()))
        self.assertEqual(len({name.casefold() for name in found}), len(expected))

    def test_a_file_of_200_MiB(self):
        content = virtual_content.content("large/200.bin", 200 * MIB)
        expected = {"large/200.bin": self.put("large/200.bin", content),
                    "large/behind.txt": self.put("large/behind.txt", "behind")}
        self.zip_both_ways(expected, "large/")
        zips.check_with_other_readers(self.zip_as_stream("large/"))

    def test_odd_keys(self):
        """By their folder, and each by itself."""
        expected = {}
        for key, name in ODD_KEYS.items():
            try:
                digest = self.put(key, f"content of {key}" if not key.endswith("/") else "")
            except ClientError:
                # Not every store takes control characters.
                self.assertFalse(key.isprintable(), key)
                continue
            expected[key] = (name, None if key.endswith("/") else digest)
        by_name = dict(expected.values())
        self.zip_both_ways(by_name, "odd/")
        in_order = sorted(expected, key=lambda key: key.encode())
        self.zip_both_ways(by_name, *in_order)

    def test_keys_of_every_character(self):
        """As many as the store takes: S3 itself takes them all."""
        digests = {}
        refused = []
        for char in CHARACTERS:
            key = f"every/{ord(char):06x} <{char}>.txt"
            try:
                digests[key] = self.put(key, key)
            except ClientError:
                refused.append(char)
        self.assertTrue(all(char in self.refused_characters for char in refused), refused)
        for names, rule in (("portable", portable), ("exact", exact)):
            expected = {f"every/{rule(key.removeprefix('every/'))}": digest
                        for key, digest in digests.items()}
            self.assertEqual(len(expected), len(digests))
            self.zip_both_ways(expected, "every/", names=names)
            self.zip_both_ways(expected, *digests, names=names)

    def test_objects_of_no_bytes(self):
        expected = self.put_all({f"empty/{number}": "" for number in range(20)})
        self.zip_both_ways(expected, "empty/")
        self.zip_both_ways({"empty/7": expected["empty/7"]}, "empty/7")

    def test_an_object_that_was_uploaded_in_parts(self):
        upload = self.s3.create_multipart_upload(Bucket=BUCKET, Key="parts/whole.bin")
        contents = [virtual_content.content("parts", size) for size in (6 * MIB, 5 * MIB, 12_345)]
        parts = [{"PartNumber": number, "ETag": self.s3.upload_part(
                      Bucket=BUCKET, Key="parts/whole.bin", UploadId=upload["UploadId"],
                      PartNumber=number, Body=content)["ETag"]}
                 for number, content in enumerate(contents, 1)]
        self.s3.complete_multipart_upload(Bucket=BUCKET, Key="parts/whole.bin",
                                          UploadId=upload["UploadId"],
                                          MultipartUpload={"Parts": parts})
        self.zip_both_ways({"parts/whole.bin": zips.sha256(b"".join(contents))}, "parts/")

    def test_another_bucket(self):
        self.s3.create_bucket(Bucket="second-bucket")
        expected = self.put_all({"deep/in/it.txt": "it"}, "second-bucket")
        expected |= self.put_all({"first.txt": "first"})
        self.zip_both_ways(expected, "first.txt", "second-bucket/deep")

    def test_a_link_resumes(self):
        digest = self.put("resume.bin", virtual_content.content("resume.bin", 3 * MIB))
        link = self.succeed(self.api.start("streamzip", self.fields("resume.bin")))
        head = request("HEAD", link)
        size, middle = int(head.headers["Content-Length"]), 1_234_567
        end = request("GET", link, {"Range": f"bytes={middle}-", "If-Range": head.headers["ETag"]})
        begin = request("GET", link, {"Range": f"bytes=0-{middle - 1}"})
        self.assertEqual((begin.status, end.status), (206, 206))
        path = self.folder / "resumed.zip"
        path.write_bytes(begin.body + end.body)
        self.assertEqual(path.stat().st_size, size)
        zips.check(path, {"resume.bin": digest})
        self.assertEqual(hashlib.sha256(path.read_bytes()).hexdigest(),
                         zips.sha256(request("GET", link).body))

    def test_a_zip_is_an_object_like_others(self):
        """A zip of a zip; and the metadata that says whose it is."""
        self.put("plain.txt", "plain")
        path = self.zip_to_bucket("plain.txt", zipTo="zips/one.zip")
        self.zip_both_ways({"zips/one.zip": zips.sha256(path.read_bytes())}, "zips/one.zip")
        stored = self.s3.head_object(Bucket=BUCKET, Key="zips/one.zip")
        self.assertEqual(stored["ContentType"], "application/zip")
        self.assertIn("s3zipper-job", stored["Metadata"])

    def test_what_goes_wrong_is_told(self):
        self.put("there.txt", "there")
        for change, paths, told in (
                ({}, ["not-there.txt"], "not-there.txt"),
                ({"awsBucket": "no-such-bucket-at-all"}, ["x"], "no-such-bucket-at-all"),
                ({"awsSecret": "wrong" * 8}, ["there.txt"], "SignatureDoesNotMatch"),
                ({"awsKey": "AKIDNOBODY"}, ["there.txt"], self.unknown_key_code)):
            task = self.api.start("zipstart", self.fields(*paths) | change)
            self.assertIn(told, self.fail_task(task))

    def test_deleted_objects_are_told(self):
        self.put("vanishing.txt", "vanishing")
        link = self.succeed(self.api.start("streamzip", self.fields("vanishing.txt")))
        self.assertEqual(request("HEAD", link).status, 200)
        self.s3.delete_object(Bucket=BUCKET, Key="vanishing.txt")
        reply = request("GET", link)
        self.assertIn(reply.status, (404, 409))
        # People who follow a link are told no keys.
        self.assertNotIn("vanishing", reply.body.decode())

    def browse(self, **body):
        credentials = {"accessKeyId": self.access_key, "secretAccessKey": self.secret_key}
        reply = self.api.call("/api/browse", {"credentials": credentials, **body})
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json

    def test_buckets_and_objects_are_browsed(self):
        """Page by page, keys as boto3 lists them."""
        self.put_all({f"browse/{name}": name for name in
                      ("a b+c%20.txt", "a&<é>.txt", "d/e.txt", "d/f.txt", "日本語/x", "z")})
        self.assertIn(BUCKET, [each["name"] for each in self.browse()["buckets"]])
        for delimiter in ("", "/"):
            keys, folders, cursor = [], [], None
            while not keys + folders or cursor:
                page = self.browse(bucket=BUCKET, prefix="browse/", delimiter=delimiter, limit=2,
                                   cursor=cursor)
                keys += [(each["key"], each["size"], each["etag"]) for each in page["objects"]]
                folders += page["folders"]
                cursor = page["nextCursor"]
            listed = self.s3.list_objects_v2(Bucket=BUCKET, Prefix="browse/", Delimiter=delimiter)
            self.assertEqual(keys, [(each["Key"], each["Size"], each["ETag"])
                                    for each in listed["Contents"]])
            self.assertEqual(folders, [each["Prefix"]
                                       for each in listed.get("CommonPrefixes", [])])


def start_store(test_class, script):
    """What the script says of the store that it started for the class: its lines NAME=VALUE."""
    path = Path(__file__).with_name(script)
    folder = tempfile.TemporaryDirectory(prefix=f"s3zipper-{script}-")
    test_class.addClassCleanup(folder.cleanup)
    test_class.addClassCleanup(subprocess.run, [path, "down", folder.name], check=True)
    output = subprocess.run([path, "up", folder.name], stdout=subprocess.PIPE, text=True,
                            check=True, timeout=START_TIMEOUT_S).stdout
    return dict(line.split("=", 1) for line in output.splitlines())


class ScriptedFlows(S3Flows):
    """Against a server that a script of test/support starts and ends."""

    script = None

    @classmethod
    def new_server(cls):
        store = start_store(cls, cls.script)
        cls.endpoint, cls.region = store["S3_ENDPOINT"], store["S3_REGION"]
        cls.access_key, cls.secret_key = store["S3_KEY"], store["S3_SECRET"]
        return super().new_server()
