"""Zips and streams by the native API: made, made once by a key, listed, looked at, revoked; and
seen by nobody else."""

import json
import threading
import time
import unittest
import urllib.parse
import uuid

import zips
from api_client import Api, request
from program import Sandbox
from service_case import BUCKET, ServiceTest

TIMEOUT_S = 60
TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
CREDENTIALS = {"accessKeyId": Sandbox.ACCESS_KEY, "secretAccessKey": Sandbox.SECRET_KEY}
THINGS = ("zips", "streams")


class NativeTest(ServiceTest):
    """Each test has an account of its own."""

    def setUp(self):
        self.api = self.new_account(self.id())

    def new_account(self, name):
        """Of whose zips and streams none is at work when the test has ended: the server, and the
        store in it, may be stopped then."""
        api = Api(self.server.url, self.server.create_account(name))
        self.addCleanup(self.wait_for_all, api)
        return api

    def wait_for_all(self, api):
        for things in THINGS:
            for made in self.get(f"/api/{things}?limit=200", api)[things]:
                self.ended(things, made, api)

    def call(self, method, path, fields=None, headers=None, api=None):
        api = api or self.api
        body = None if fields is None else json.dumps(fields).encode()
        reply = request(method, self.server.url + path, {**api.bearer, **(headers or {})}, body)
        self.assertEqual(reply.headers["Content-Type"], "application/json")
        self.assertEqual(reply.headers["Cache-Control"], "no-store")
        return reply

    def get(self, path, api=None):
        reply = self.call("GET", path, api=api)
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json

    def wanted(self, *sources, **more):
        return {"credentials": CREDENTIALS, "bucket": BUCKET, "sources": list(sources), **more}

    def create(self, things, *sources, **more):
        reply = self.call("POST", f"/api/{things}", self.wanted(*sources, **more))
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json

    def ended(self, things, made, api=None):
        """What is said of it when it neither waits nor runs any more."""
        deadline = time.monotonic() + TIMEOUT_S
        while True:
            found = self.get(f"/api/{things}/{made['id']}", api)
            if found["state"] not in ("pending", "running", "retrying", "listing"):
                return found
            self.assertLess(time.monotonic(), deadline, found)
            time.sleep(0.02)

    def zipped(self, *sources, **more):
        """A zip in the bucket: what is said of it, and its only file."""
        found = self.ended("zips", self.create("zips", *sources, **more))
        self.assertEqual(found["state"], "succeeded", found)
        [link] = found["links"]
        return found, self.download(link)

    def streamed(self, *sources, **more):
        found = self.ended("streams", self.create("streams", *sources, **more))
        self.assertEqual(found["state"], "ready", found)
        [link] = found["links"]
        return found, self.download(link)


class ZipsTest(NativeTest):
    def test_a_zip_from_request_to_link(self):
        expected = self.put_all({"trip/a.txt": "a" * 1000, "trip/b.txt": "b"})
        made = self.create("zips", "trip/")
        self.assertIn(made["state"], ("pending", "running"))
        self.assertEqual((made["error"], made["endedAt"], made["links"]), (None, None, []))
        self.assertEqual(made["target"], {"bucket": BUCKET, "key": f"s3zipper/{made['id']}.zip"})
        found = self.ended("zips", made)
        [link] = found["links"]
        path = self.download(link)
        zips.check(path, expected)
        for field in ("createdAt", "startedAt", "endedAt"):
            self.assertRegex(found.pop(field), TIME)
        self.assertEqual(found, {
            "id": made["id"], "state": "succeeded", "error": None, "target": made["target"],
            "progress": {"entriesDone": 2, "entriesTotal": 2, "bytesDone": 1001, "bytesTotal": 1001},
            "archives": [{"entries": 2, "bytes": path.stat().st_size}], "links": [link],
            "missing": {"count": 0, "paths": []}, "expiresAt": None,
            "deletedAt": None, "deletionNote": None, "cleaning": False})

    def test_a_zip_where_it_was_asked_for(self):
        self.put("here.txt", "here")
        found, _ = self.zipped("here.txt", target={"key": "out/Grüße.zip", "acl": "private"},
                               endpoint=self.server.sandbox_url, region="us-east-1",
                               link={"hours": 1, "presign": True})
        self.assertEqual(found["target"], {"bucket": BUCKET, "key": "out/Grüße.zip"})
        self.assertEqual(self.listed("out/"), ["out/Grüße.zip"])
        self.assertIn("X-Amz-Expires=3600", found["links"][0])
        plain = self.ended("zips", self.create("zips", "here.txt", target={"key": "plain.zip"},
                                               link={"presign": False}))
        self.assertEqual(plain["links"], [f"{self.server.sandbox_url}/{BUCKET}/plain.zip"])

    def test_what_fails_says_why(self):
        found = self.ended("zips", self.create("zips", "no/such.txt"))
        self.assertEqual(found["state"], "failed")
        self.assertIn("no/such.txt", found["error"])
        self.assertEqual((found["links"], found["archives"]), ([], []))
        self.assertRegex(found["endedAt"], TIME)

    def test_several_archives(self):
        contents = {f"parts/{i}.txt": str(i) for i in range(5)}
        expected = self.put_all(contents)
        found = self.ended("zips", self.create("zips", "parts/", split={"maxEntries": 2},
                                               target={"key": "split/p.zip"}))
        self.assertEqual([archive["entries"] for archive in found["archives"]], [2, 2, 1])
        self.assertEqual(len(found["links"]), 3)
        together = {}
        for link in found["links"]:
            together |= zips.digests(self.download(link))
        self.assertEqual(together, expected)
        self.assertEqual(self.listed("split/"), ["split/p.zip", "split/p_1.zip", "split/p_2.zip"])


class SelectionTest(NativeTest):
    """The same by both ways."""

    def check(self, expected, *sources, **more):
        for way in (self.zipped, self.streamed):
            with self.subTest(way=way.__name__):
                found, path = way(*sources, **more)
                zips.check(path, expected)
        return found

    def test_keys_are_taken_as_they_stand(self):
        names = ["raw/a%20b.txt", "raw/a+b.txt", "raw/files/c.txt", "raw/{{bucket}}.txt", "raw/ü.txt",
                 f"{BUCKET}/raw.txt"]
        digests = self.put_all({name: name for name in names})
        for name in names:
            self.check({name: digests[name]}, name)

    def test_the_whole_bucket(self):
        bucket = "whole-of-it"
        self.s3.create_bucket(Bucket=bucket)
        expected = self.put_all({"a.txt": "a", "b/c.txt": "c"}, bucket)
        found, path = self.streamed("/", bucket=bucket)
        zips.check(path, expected)
        self.assertEqual(found["fileName"], f"{bucket}.zip")

    def test_globs(self):
        digests = self.put_all({f"globs/{name}": name for name in
                                ("a.jpg", "b.JPG", "c.txt", "tmp/d.jpg")})
        self.check({"globs/a.jpg": digests["globs/a.jpg"]}, "globs/", include=["*.jpg"],
                   exclude=["*tmp/*"])
        self.check({key: digests[key] for key in ("globs/a.jpg", "globs/b.JPG", "globs/tmp/d.jpg")},
                   "globs/", exclude=["*.txt"])

    def test_names(self):
        digest = self.put("named/xx:y.txt", "x")
        for names, name in (({}, "named/xx_y.txt"), ({"style": "key"}, "named/xx_y.txt"),
                            ({"style": "bucketAndKey"}, f"{BUCKET}/named/xx_y.txt"),
                            ({"style": "relative"}, "xx_y.txt"),
                            ({"rule": "exact"}, "named/xx:y.txt")):
            self.check({name: digest}, "named/", names=names)
        self.put("maps/names.json", json.dumps(
            {"paths": [{"key": f"{BUCKET}/named/", "name": "renamed/"}]}))
        self.check({"renamed/xx_y.txt": digest}, "named/",
                   names={"map": f"{BUCKET}/maps/names.json"})

    def test_what_is_missing(self):
        expected = self.put_all({"there.txt": "there"})
        found = self.check(expected, "there.txt", "gone.txt", onMissing="skip")
        self.assertEqual(found["missing"]["count"], 1)
        [path] = found["missing"]["paths"]
        self.assertIn("gone.txt", path)
        found = self.ended("streams", self.create("streams", "there.txt", "gone.txt"))
        self.assertEqual((found["state"], found["links"]), ("failed", []))
        self.assertIn("gone.txt", found["error"])


class StreamsTest(NativeTest):
    def test_a_stream_from_request_to_download(self):
        expected = self.put_all({"flow/a.txt": "a", "flow/b.txt": "b"})
        made = self.create("streams", "flow/", fileName="Reise.zip", link={"hours": 168})
        self.assertIn(made["state"], ("listing", "ready"))
        found, path = self.ended("streams", made), self.folder / "flow.zip"
        [link] = made["links"]
        self.assertTrue(link.startswith(self.server.url + "/stream/"), link)
        reply = request("GET", link)
        path.write_bytes(reply.body)
        zips.check(path, expected)
        self.assertIn('"Reise.zip"', reply.headers["Content-Disposition"])
        for field in ("createdAt", "expiresAt"):
            self.assertRegex(found.pop(field), TIME)
        self.assertEqual(found, {
            "id": made["id"], "state": "ready", "error": None, "lastFailure": None, "fileName": "Reise.zip",
            "downloads": {"count": 0, "bytes": 0, "lastAt": None},
            "archives": [{"entries": 2, "bytes": len(reply.body)}], "links": [link],
            "missing": {"count": 0, "paths": []}})

    def test_a_file_name_is_only_a_name(self):
        self.put("n.txt", "n")
        for asked, name in (("../../etc/passwd", "passwd.zip"), ("a/b", "b.zip"), ("x.ZIP", "x.ZIP"),
                            ('q"r\r\nS: t.zip', "q_r__S_ t.zip")):
            with self.subTest(asked=asked):
                made = self.create("streams", "n.txt", fileName=asked)
                self.assertEqual(made["fileName"], name)

    def test_a_revoked_link_is_gone(self):
        self.put("r.txt", "r")
        found, _ = self.streamed("r.txt")
        [link] = found["links"]
        for _ in range(2):
            reply = self.call("POST", f"/api/streams/{found['id']}/revoke")
            self.assertEqual(reply.status, 200, reply.body)
            self.assertEqual((reply.json["state"], reply.json["links"]), ("revoked", []))
        self.assertEqual(request("GET", link).status, 410)
        # A download is counted a moment after its last byte.
        of_now, at_revoke = self.get(f"/api/streams/{found['id']}"), reply.json
        self.assertEqual(of_now | {"downloads": None}, at_revoke | {"downloads": None})


class OnceTest(NativeTest):
    """A key makes a request that is repeated the same one."""

    def post(self, things, fields, headers=None, api=None):
        return self.call("POST", f"/api/{things}", fields, headers, api)

    def count(self, things):
        return len(self.get(f"/api/{things}")[things])

    def test_a_repeated_request_gives_the_same(self):
        self.put("once.txt", "once")
        for things in THINGS:
            for where in ("field", "header", "both"):
                with self.subTest(things=things, where=where):
                    key = f"{things} by {where}"
                    fields = self.wanted("once.txt")
                    if where != "header":
                        fields["idempotencyKey"] = key
                    headers = {"Idempotency-Key": key} if where != "field" else {}
                    before = self.count(things)
                    first = self.post(things, fields, headers)
                    self.assertEqual(first.status, 201, first.body)
                    self.ended(things, first.json)
                    again = self.post(things, fields, headers)
                    self.assertEqual(again.status, 200, again.body)
                    self.assertEqual(again.json, self.get(f"/api/{things}/{first.json['id']}"))
                    self.assertEqual(self.count(things), before + 1)

    def test_a_key_is_for_one_request_of_one_account(self):
        self.put("once.txt", "once")
        fields = self.wanted("once.txt", idempotencyKey="taken")
        first = self.post("zips", fields)
        self.assertEqual(first.status, 201)
        other = self.new_account("other of " + self.id())
        self.assertEqual(self.post("zips", fields, api=other).status, 201)
        for things, changed in (("zips", {**fields, "onMissing": "skip"}), ("streams", fields)):
            reply = self.post(things, changed)
            self.assertEqual(reply.status, 409, reply.body)
            self.assertIn("idempotency key", reply.message)
        self.assertEqual((self.count("zips"), self.count("streams")), (1, 0))

    def test_a_key_outlives_a_restart(self):
        self.put("once.txt", "once")
        fields = self.wanted("once.txt", idempotencyKey="kept")
        first = self.post("zips", fields).json
        self.server.kill()
        self.server.start()
        again = self.post("zips", fields)
        self.assertEqual((again.status, again.json["id"]), (200, first["id"]))

    def test_header_and_field_agree(self):
        fields = self.wanted("once.txt", idempotencyKey="one")
        reply = self.post("zips", fields, {"Idempotency-Key": "another"})
        self.assertEqual(reply.status, 400, reply.body)
        self.assertIn("idempotencyKey", reply.message)
        # An empty one is none.
        first = self.post("zips", fields, {"Idempotency-Key": ""})
        again = self.post("zips", fields, {"Idempotency-Key": ""})
        self.assertEqual((first.status, again.status), (201, 200))
        self.assertEqual(first.json["id"], again.json["id"])

    def test_many_at_once_make_one(self):
        self.put("once.txt", "once")
        self.api.token  # asked for once
        for things in THINGS:
            fields = self.wanted("once.txt", idempotencyKey=f"rush of {things}")
            replies = []
            barrier = threading.Barrier(12)

            def send(things=things, fields=fields, replies=replies, barrier=barrier):
                barrier.wait()
                replies.append(self.post(things, fields))

            threads = [threading.Thread(target=send) for _ in range(12)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(sorted(reply.status for reply in replies), [200] * 11 + [201])
            self.assertEqual(len({reply.json["id"] for reply in replies}), 1)
            self.assertEqual(self.count(things), 1)


class ListTest(NativeTest):
    def pages(self, things, **query):
        """Each page's ids."""
        pages, cursor = [], None
        while True:
            asked = query | ({"cursor": cursor} if cursor else {})
            reply = self.get(f"/api/{things}?{urllib.parse.urlencode(asked)}")
            self.assertEqual(sorted(reply), sorted([things, "nextCursor"]))
            pages.append([item["id"] for item in reply[things]])
            cursor = reply["nextCursor"]
            if cursor is None:
                return pages
            self.assertLess(len(pages), 50)

    def ids(self, things, **query):
        return sum(self.pages(things, **query), [])

    def test_pages(self):
        self.put("l.txt", "l")
        for things in THINGS:
            self.assertEqual(self.pages(things), [[]])
            made = [self.ended(things, self.create(things, "l.txt")) for _ in range(6)]
            order = sorted(made, key=lambda item: (item["createdAt"], item["id"]), reverse=True)
            expected = [item["id"] for item in order]
            for limit in (1, 2, 3, 4, 6, 7, 200):
                with self.subTest(things=things, limit=limit):
                    pages = self.pages(things, limit=limit)
                    self.assertEqual(sum(pages, []), expected)
                    self.assertEqual(len(pages), -(-6 // limit))  # none is empty
            self.assertEqual(self.get(f"/api/{things}")[things], order)

    def test_what_is_new_does_not_move_the_pages(self):
        self.put("l.txt", "l")
        first = [self.create("zips", "l.txt")["id"] for _ in range(4)]
        page = self.get("/api/zips?limit=2")
        time.sleep(1.1)  # its time of creation is in whole seconds
        new = self.create("zips", "l.txt")["id"]
        rest = self.get(f"/api/zips?limit=2&cursor={page['nextCursor']}")
        ids = [item["id"] for item in page["zips"] + rest["zips"]]
        self.assertEqual(sorted(ids), sorted(first))
        self.assertEqual(self.ids("zips")[0], new)

    def test_filters(self):
        self.put("l.txt", "l")
        good = self.ended("zips", self.create("zips", "l.txt"))
        time.sleep(1.1)
        bad = self.ended("zips", self.create("zips", "gone.txt"))
        self.assertEqual(self.ids("zips", state="succeeded"), [good["id"]])
        self.assertEqual(self.ids("zips", state="failed"), [bad["id"]])
        for state in ("pending", "running", "retrying"):
            self.assertEqual(self.ids("zips", state=state), [])
        self.assertEqual(self.ids("zips", createdAfter=bad["createdAt"]), [bad["id"]])
        self.assertEqual(self.ids("zips", createdAfter=bad["createdAt"], state="succeeded"), [])
        self.assertEqual(self.ids("zips", createdAfter=good["createdAt"]), [bad["id"], good["id"]])

    def test_wrong_queries(self):
        for things in THINGS:
            for query, said in (("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"),
                                ("limit=-1", "limit"), ("limit=", "limit"), ("cursor=x", "cursor"),
                                ("cursor=99999999999999999999-a", "cursor"), ("cursor=", "cursor"),
                                ("createdAfter=yesterday", "createdAfter"), ("page=2", "page"),
                                ("state=odd", "state"), ("createdAfter=%zz", "")):
                with self.subTest(things=things, query=query):
                    reply = self.call("GET", f"/api/{things}?{query}")
                    self.assertEqual(reply.status, 400, reply.body)
                    self.assertIn(said, reply.message)


class OthersTest(NativeTest):
    def test_others_see_nothing(self):
        self.put("mine.txt", "mine")
        made = {things: self.ended(things, self.create(things, "mine.txt")) for things in THINGS}
        other = self.new_account("other of " + self.id())
        odd = (str(uuid.uuid4()), "x", "%00", "..%2f..", "'%20OR%201=1", "x" * 5000)
        for things in THINGS:
            self.assertEqual(self.get(f"/api/{things}", api=other), {things: [], "nextCursor": None})
            unknown = self.call("GET", f"/api/{things}/{odd[0]}", api=other)
            self.assertEqual(unknown.status, 404)
            for text in (made[things]["id"], *odd):
                with self.subTest(things=things, id=text[:40]):
                    reply = self.call("GET", f"/api/{things}/{text}", api=other)
                    self.assertEqual((reply.status, reply.body), (404, unknown.body))
        # Nor what is of the other kind.
        self.assertEqual(self.call("GET", f"/api/zips/{made['streams']['id']}").status, 404)
        self.assertEqual(self.call("GET", f"/api/streams/{made['zips']['id']}").status, 404)
        revoke = f"/api/streams/{made['streams']['id']}/revoke"
        self.assertEqual(self.call("POST", revoke, api=other).status, 404)
        self.assertEqual(self.get(f"/api/streams/{made['streams']['id']}"), made["streams"])
        # Another's cursor leads into the own list.
        cursor = f"9999999999-{made['zips']['id']}"
        self.assertEqual(self.get(f"/api/zips?cursor={cursor}", api=other)["zips"], [])

    def test_without_a_token(self):
        for method, path in (("POST", "/api/zips"), ("GET", "/api/zips"), ("GET", "/api/zips/x"),
                             ("POST", "/api/streams"), ("GET", "/api/streams"),
                             ("GET", "/api/streams/x"), ("POST", "/api/streams/x/revoke")):
            with self.subTest(method=method, path=path):
                reply = request(method, self.server.url + path, {}, b"{}")
                self.assertEqual(reply.status, 401)
                self.assertEqual(reply.headers["WWW-Authenticate"], "Bearer")

    def test_methods(self):
        for method, path, allowed in (("DELETE", "/api/zips", "POST, GET"),
                                      ("POST", "/api/zips/x", "GET"),
                                      ("GET", "/api/streams/x/revoke", "POST"),
                                      ("PUT", "/api/streams", "POST, GET")):
            reply = self.call(method, path)
            self.assertEqual((reply.status, reply.headers["Allow"]), (405, allowed), path)
        for path in ("/api", "/api/zips/x/y", "/api/zips//cancel", "/api/streams/x/revoke/y"):
            self.assertEqual(self.call("GET", path).status, 404, path)


if __name__ == "__main__":
    unittest.main()
