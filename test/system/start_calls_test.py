"""zipstart and streamzip: what they answer, and what they make of their fields."""

import json
import unittest
import zipfile

import zips
from api_client import FORMS, request
from service_case import BUCKET, ServiceTest

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class StartReplyTest(ServiceTest):
    SHAPES = ((1, "zipstart", "streams3", "task_"), (1, "streamzip", "idurl", "task_"),
              (2, "zipstart", "streams3v2", "zipper_s3_"), (2, "streamzip", "idurl", "zipper_s3_"))

    def test_the_shape_of_each_call_in_each_body_type(self):
        digest = self.put("a.txt", "x" * 29)
        for version, call, key, prefix in self.SHAPES:
            for form in FORMS:
                with self.subTest(call=call, version=version, form=form):
                    reply = self.api.start(call, self.fields("a.txt"), version, form)
                    [task] = reply["taskUUID"]
                    self.assertRegex(task[key], f"^{prefix}{UUID}$")
                    self.assertEqual(reply, {"message": "STARTED", "taskUUID": [{key: task[key]}],
                                             "size": "29 B"})
                    path = self.download(self.succeed(reply, version))
                    zips.check(path, {"a.txt": digest})

    def test_the_size_is_that_of_the_sources_in_powers_of_1000(self):
        self.put("size/9100", b"x" * 9100)
        self.put("size/1234567", b"x" * 1_234_567)
        for paths, size in ((["size/9100"], "9.1 kB"), (["size/"], "1.2 MB")):
            for call in ("zipstart", "streamzip"):
                self.assertEqual(self.api.start(call, self.fields(*paths))["size"], size)

    def test_what_is_missing_or_wrong_is_named(self):
        good = self.fields("a.txt")
        for change, named in (
                ({"awsKey": ""}, "awsKey"), ({"awsSecret": None}, "awsSecret"),
                ({"awsBucket": ""}, "awsBucket"), ({"awsBucket": "no/bucket"}, "awsBucket"),
                ({"filePaths": []}, "filePaths"), ({"filePaths": ""}, "filePaths"),
                ({"filePaths": [{"key": "a"}]}, "filePaths"), ({"filePaths": "x" * 2000}, "filePaths"),
                ({"awsRegion": "no region"}, "awsRegion"),
                ({"awsEndpoint": "http://127.0.0.1:1"}, "awsEndpoint"),
                ({"awsEndpoint": "file:///etc"}, "awsEndpoint"),
                ({"expireLink": "soon"}, "expireLink"), ({"usePresignUrl": "maybe"}, "usePresignUrl"),
                ({"onMissing": "ignore"}, "onMissing"), ({"names": "short"}, "names")):
            for call in ("zipstart", "streamzip"):
                with self.subTest(change=change, call=call):
                    reply = self.api.call(f"/v2/{call}", good | change)
                    self.assertEqual(reply.status, 400, reply.body)
                    self.assertIn(named, reply.message)

    def test_a_mail_is_refused_where_the_server_sends_none(self):
        reply = self.api.call("/v2/zipstart", self.fields("a.txt", resultsEmail="a@example.org"))
        self.assertEqual(reply.status, 400)
        self.assertIn("resultsEmail", reply.message)
        self.assertIn("mail.url", reply.message)

    def test_an_acl_must_be_a_canned_one(self):
        self.put("a.txt", "a")
        fields = self.fields("a.txt", zipTo="acl.zip")
        reply = self.api.call("/v2/zipstart", fields, headers={"x-amz-acl": "everybody"})
        self.assertEqual(reply.status, 400)
        self.assertIn("x-amz-acl", reply.message)
        self.succeed(self.api.start("zipstart", fields, headers={"x-amz-acl": "private"}))

    def test_numbers_and_flags_come_as_texts_or_as_they_are(self):
        self.put("a.txt", "a")
        for more in ({"expireLink": 2, "usePresignUrl": True, "bucketAsDir": False},
                     {"expireLink": "2", "usePresignUrl": "true", "bucketAsDir": "false"},
                     {"EXPIRELINK": "2", "usepresignurl": 1, "BucketAsDir": 0}):
            url = self.succeed(self.api.start("zipstart", self.fields("a.txt", **more)))
            self.assertIn("X-Amz-Expires=7200", url)

    def test_the_life_of_a_link_is_clamped(self):
        self.put("a.txt", "a")
        for hours, seconds in ((0, 3600), (-5, 3600), ("-5", 3600), ("0.9", 3600), (False, 3600),
                               (1000, 604_800), ("1e9", 604_800), (10 ** 30, 604_800),
                               ("48.0", 172_800), (True, 3600), ("", 86_400)):
            fields = self.fields("a.txt", expireLink=hours)
            self.assertIn(f"X-Amz-Expires={seconds}&",
                          self.succeed(self.api.start("zipstart", fields)) + "&")

    def test_without_presigning_the_result_is_the_plain_url(self):
        self.put("a.txt", "a")
        fields = self.fields("a.txt", usePresignUrl="false", zipTo="plain/a b.zip")
        self.assertEqual(self.succeed(self.api.start("zipstart", fields)),
                         f"{self.server.sandbox_url}/{BUCKET}/plain/a%20b.zip")

    def test_the_stores_own_endpoint_may_be_named(self):
        digest = self.put("a.txt", "a")
        self.zip_both_ways({"a.txt": digest}, "a.txt", awsEndpoint=self.server.sandbox_url,
                           awsRegion="us-east-1")


class TargetTest(ServiceTest):
    """zipTo and zipFileName: where a job puts its zip."""

    # /v1's key, /v2's key; JOB is the job's id.
    TABLE = (
        ({"zipTo": "out/one.zip"}, "out/one.zip", "out/one.zip"),
        ({"zipTo": "/out/slash.zip"}, "out/slash.zip", "out/slash.zip"),
        ({"zipTo": f"{BUCKET}/out/bucket.zip"}, "out/bucket.zip", "out/bucket.zip"),
        ({"zipTo": f"/{BUCKET}/out/both.zip"}, "out/both.zip", "out/both.zip"),
        ({"zipTo": "out/exact.zip", "zipFileName": "other.zip"}, "out/exact.zip", "out/exact.zip"),
        ({"zipTo": "out", "zipFileName": "two.zip"}, "out/two.zip", "out/two_0.zip"),
        ({"zipTo": "out/", "zipFileName": "three.zip"}, "out/three.zip", "out/three_0.zip"),
        ({"zipTo": "/out/deep/", "zipFileName": "four"}, "out/deep/four.zip", "out/deep/four_0.zip"),
        ({"zipTo": "out/"}, "out/JOB.zip", "out/JOB_0.zip"),
        ({"zipFileName": "five.zip"}, "s3zipper/five.zip", "s3zipper/five.zip"),
        ({"zipTo": "", "zipFileName": ""}, "s3zipper/JOB.zip", "s3zipper/JOB.zip"),
        ({}, "s3zipper/JOB.zip", "s3zipper/JOB.zip"),
        ({"zipTo": "out/ünï +&.zip"}, "out/ünï +&.zip", "out/ünï +&.zip"),
    )

    def test_by_the_table(self):
        digest = self.put("source/a.txt", "a")
        for more, *keys in self.TABLE:
            for version, key in zip((1, 2), keys):
                with self.subTest(more=more, version=version):
                    task = self.api.start("zipstart", self.fields("source/", **more), version)
                    [[job]] = [list(entry.values()) for entry in task["taskUUID"]]
                    key = key.replace("JOB", job[-36:])
                    path = self.download(self.succeed(task, version))
                    zips.check(path, {"source/a.txt": digest})
                    stored = self.s3.get_object(Bucket=BUCKET, Key=key)
                    self.assertEqual(stored["Body"].read(), path.read_bytes())
                    self.assertEqual(stored["ContentType"], "application/zip")
                    self.s3.delete_object(Bucket=BUCKET, Key=key)

    def test_the_zip_never_goes_into_itself(self):
        digest = self.put("self/a.txt", "a")
        for _ in range(2):
            path = self.zip_to_bucket("self/", zipTo="self/all.zip")
            zips.check(path, {"self/a.txt": digest})


class PathsTest(ServiceTest):
    """filePaths in every spelling."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.s3.create_bucket(Bucket="other.bucket")
        cls.all = cls.put_all({
            "top.txt": "top", "docs/a.txt": "a", "docs/b.txt": "b", "docs/sub/c.txt": "c",
            "docs-not/d.txt": "d", "with space/e+e%41.txt": "e", "files/own.txt": "own"})
        cls.other = cls.put_all({"o.txt": "o", "box/p.txt": "p"}, "other.bucket")
        cls.docs = {name: cls.all[name] for name in ("docs/a.txt", "docs/b.txt", "docs/sub/c.txt")}

    def setUp(self):
        for key in self.listed("s3zipper/"):  # zips of other tests
            self.s3.delete_object(Bucket=BUCKET, Key=key)

    def test_one_object_or_folder_in_each_spelling(self):
        top = {"top.txt": self.all["top.txt"]}
        for path, expected in (
                ("top.txt", top), ("/top.txt", top), (f"{BUCKET}/top.txt", top),
                (f"/{BUCKET}/top.txt", top), ("{{bucket}}/top.txt", top),
                ("docs", self.docs), ("docs/", self.docs), ("/docs/", self.docs),
                (f"{BUCKET}/docs", self.docs), ("{{bucket}}/docs/", self.docs),
                ("docs/sub", {"docs/sub/c.txt": self.all["docs/sub/c.txt"]}),
                (BUCKET, self.all), (f"{BUCKET}/", self.all), ("{{bucket}}", self.all),
                (f"/{BUCKET}/", self.all),
                ("with space/e+e%41.txt",
                 {"with space/e+e%41.txt": self.all["with space/e+e%41.txt"]}),
                (f"{BUCKET}/{BUCKET}/own.txt", {"files/own.txt": self.all["files/own.txt"]}),
                ("other.bucket", self.other), ("other.bucket/", self.other),
                ("other.bucket/o.txt", {"o.txt": self.other["o.txt"]}),
                ("/other.bucket/box", {"box/p.txt": self.other["box/p.txt"]})):
            with self.subTest(path=path):
                zips.check(self.zip_as_stream(path), expected)

    def test_a_job_takes_them_alike(self):
        zips.check(self.zip_to_bucket("{{bucket}}/docs", "other.bucket/box", f"/{BUCKET}/top.txt"),
                   self.docs | {"top.txt": self.all["top.txt"],
                                "box/p.txt": self.other["box/p.txt"]})

    def test_a_list_in_each_spelling(self):
        expected = {name: self.all[name] for name in ("top.txt", "docs/a.txt")}
        base = {name: value for name, value in self.fields().items() if name != "filePaths"}
        for form, paths in (
                ("urlencoded", {"filePaths": ["top.txt", "docs/a.txt"]}),
                ("urlencoded", {"filePaths[]": ["top.txt", "docs/a.txt"]}),
                ("urlencoded", {"filePaths[0]": "top.txt", "filePaths[1]": "docs/a.txt"}),
                ("multipart", {"filePaths": ["top.txt", "docs/a.txt"]}),
                ("multipart", {"filePaths[]": ["top.txt", "docs/a.txt"]}),
                ("multipart", {"filePaths[0]": "top.txt", "filePaths[1]": "docs/a.txt"}),
                ("json", {"filePaths": ["top.txt", "docs/a.txt"]}),
                ("json", {"FILEPATHS": ["top.txt", "docs/a.txt", ""]})):
            with self.subTest(form=form, paths=paths):
                task = self.api.start("streamzip", base | paths, form=form)
                zips.check(self.download(self.succeed(task)), expected)

    def test_one_text_in_each_body_type(self):
        for form in FORMS:
            with self.subTest(form=form):
                task = self.api.start("streamzip", self.fields() | {"filePaths": "top.txt"},
                                      form=form)
                zips.check(self.download(self.succeed(task)), {"top.txt": self.all["top.txt"]})

    def test_what_is_named_twice_goes_in_once(self):
        self.zip_both_ways(self.docs, "docs/", "docs/a.txt", f"{BUCKET}/docs/b.txt", "docs",
                           "docs/sub/c.txt", "/docs/a.txt")

    def test_the_order_is_that_of_the_request_and_of_the_listing(self):
        path = self.zip_as_stream("top.txt", "docs/", "other.bucket/")
        with zipfile.ZipFile(path) as archive:
            self.assertEqual(archive.namelist(),
                             ["top.txt", "docs/a.txt", "docs/b.txt", "docs/sub/c.txt", "box/p.txt",
                              "o.txt"])

    def test_a_path_that_matches_nothing_fails_and_is_named(self):
        for path in ("no-such.txt", "docs/no such", "nofolder/", "doc", "no.such.bucket/x"):
            for call in ("zipstart", "streamzip"):
                with self.subTest(path=path, call=call):
                    task = self.api.start(call, self.fields("top.txt", path))
                    if call == "streamzip":  # its link is its result, at once, and waits
                        [url] = self.api.result(task)["results"] or [None]
                        if url is not None:
                            reply = request("GET", url)
                            self.assertEqual(reply.status, 404)
                            self.assertIn(f'"{path}"', reply.body.decode())
                    self.assertIn(f'"{path}"', self.fail_task(task))

    def test_a_missing_path_may_be_skipped(self):
        self.zip_both_ways({"top.txt": self.all["top.txt"]}, "gone.txt", "top.txt", "nofolder/",
                           onMissing="skip")

    def test_paths_that_were_skipped_are_told(self):
        missing = ["nofolder/", *(f"gone/{number}" for number in range(120))]
        for call in ("zipstart", "streamzip"):
            task = self.api.start(call, self.fields("top.txt", *missing, onMissing="skip"))
            request("HEAD", self.succeed(task))
            state = self.api.state(task)
            self.assertEqual(state["MissingCount"], 121)
            self.assertEqual(state["Missing"], missing[:100])

    def test_nothing_at_all_is_a_failure_even_if_paths_may_be_skipped(self):
        self.s3.create_bucket(Bucket="empty-bucket")
        for paths in (["gone.txt", "nofolder/"], ["empty-bucket"]):
            task = self.api.start("zipstart", self.fields(*paths, onMissing="skip"))
            self.assertIn("nothing", self.fail_task(task))

    def test_a_bucket_that_is_not_there_is_named(self):
        fields = self.fields("a.txt") | {"awsBucket": "no-such-bucket"}
        self.assertIn("no-such-bucket", self.fail_task(self.api.start("zipstart", fields)))

    def test_s3s_own_words_are_passed_on(self):
        for change, code in (({"awsSecret": "wrong"}, "SignatureDoesNotMatch"),
                             ({"awsKey": "AKIDWRONG"}, "InvalidAccessKeyId")):
            task = self.api.start("zipstart", self.fields("top.txt") | change)
            self.assertIn(code, self.fail_task(task))


class NamesTest(ServiceTest):
    """Names inside the zip."""

    ODD = {"names/a:b?.txt": "1", "names/dir./x": "2", "names/CON": "3", "names/..": "4",
           "names/A.txt": "5", "names/a.TXT": "6", "names/file": "7", "names/file/below": "8",
           "names/marker/": ""}
    PORTABLE = {"names/a:b?.txt": "names/a_b_.txt", "names/dir./x": "names/dir._/x",
                "names/CON": "names/CON_", "names/..": "names/_", "names/A.txt": "names/A.txt",
                "names/a.TXT": "names/a (2).TXT", "names/file": "names/file (2)",
                "names/file/below": "names/file/below", "names/marker/": "names/marker/"}
    EXACT = PORTABLE | {"names/a:b?.txt": "names/a:b?.txt", "names/dir./x": "names/dir./x",
                        "names/CON": "names/CON", "names/a.TXT": "names/a.TXT"}

    def test_portable_and_exact(self):
        found = self.put_all(self.ODD)
        for rule, names in (("portable", self.PORTABLE), ("exact", self.EXACT), ("", self.PORTABLE)):
            with self.subTest(rule=rule):
                self.zip_both_ways({names[key]: digest for key, digest in found.items()}, "names/",
                                   names=rule)

    def test_bucket_as_dir(self):
        self.s3.create_bucket(Bucket="second")
        one, two = self.put("x/y/one.txt", "1"), self.put("x/y/z/two.txt", "2")
        three = self.put("x/three.txt", "3", "second")
        full = {"x/y/one.txt": one, "x/y/z/two.txt": two, "x/three.txt": three}
        paths = ("x/y/", "second/x")
        for value, expected in (
                (False, full), ("", full),
                (True, {"files/x/y/one.txt": one, "files/x/y/z/two.txt": two,
                        "second/x/three.txt": three}),
                ("y", {"one.txt": one, "z/two.txt": two, "x/three.txt": three})):
            with self.subTest(value=value):
                self.zip_both_ways(expected, *paths, bucketAsDir=value)

    def test_a_file_mapper_renames_folders_and_files(self):
        self.s3.create_bucket(Bucket="mapped")
        one, two = self.put("map/a/one.txt", "1"), self.put("map/a/deep/two.txt", "2")
        three, four = self.put("map/b/three.txt", "3"), self.put("four.txt", "4", "mapped")
        paths = {f"{BUCKET}/map/a/": "trip", f"{BUCKET}/map/a/deep/two.txt": "zwei.txt",
                 f"{BUCKET}/map/b/": "", "/": "other"}
        mapper = {"paths": [{"key": key, "name": name} for key, name in paths.items()]}
        self.put("maps/map.json", json.dumps(mapper), "mapped")
        self.zip_both_ways({"trip/one.txt": one, "zwei.txt": two, "three.txt": three,
                            "other/mapped/four.txt": four},
                           "map/", "mapped/four.txt", fileMapper="mapped/maps/map.json",
                           bucketAsDir=True)

    def test_a_file_mapper_is_read_when_the_zip_is_begun(self):
        digest = self.put("once/a.txt", "1")
        mapper = json.dumps({"paths": [{"key": f"{BUCKET}/once/", "name": "mapped"}]})
        self.put("once.json", mapper)
        task = self.api.start("streamzip", self.fields("once/", fileMapper=f"{BUCKET}/once.json"))
        link = self.succeed(task)
        zips.check(self.download(link), {"mapped/a.txt": digest})
        self.s3.delete_object(Bucket=BUCKET, Key="once.json")
        zips.check(self.download(link), {"mapped/a.txt": digest})

    def test_a_file_mapper_that_is_none_fails_and_says_so(self):
        self.put("a.txt", "a")
        self.put("broken.json", "{")
        self.put("wrong.json", '{"paths": [{"key": "a/", "nam": "b"}]}')
        for path, named in (("nowhere.json", ("no object", "nowhere.json")),
                            ("broken.json", ("s3://files/broken.json", "no valid JSON")),
                            ("wrong.json", ("s3://files/wrong.json", 'paths[0] has no text "name"'))):
            task = self.api.start("zipstart", self.fields("a.txt", fileMapper=f"{BUCKET}/{path}"))
            error = self.fail_task(task)
            for text in ("fileMapper", *named):
                self.assertIn(text, error)

    def test_dates_and_modes(self):
        self.put("when.txt", "now")
        modified = self.s3.head_object(Bucket=BUCKET, Key="when.txt")["LastModified"]
        with zipfile.ZipFile(self.zip_as_stream("when.txt")) as archive:
            [entry] = archive.infolist()
        even = modified.second // 2 * 2  # DOS times have steps of two seconds
        self.assertEqual(entry.date_time, (*modified.timetuple()[:5], even))
        self.assertEqual(entry.external_attr >> 16, 0o100644)


if __name__ == "__main__":
    unittest.main()
