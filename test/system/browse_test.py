"""The native API's look into buckets: with kept credentials and with those of the request, page by
page, and what is refused."""

import json
import unittest
from urllib.parse import quote, urlencode

from api_client import Api, request
from service_case import BUCKET, ServiceTest

OTHER_BUCKET = "others"


class BrowseTest(ServiceTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.s3.create_bucket(Bucket=OTHER_BUCKET)
        cls.put_all({"2024/a.txt": "alpha", "2024/b c+d.txt": "beta", "2024/deep/x.txt": "x",
                     "Grüße/y.txt": "y", "root.txt": "root"})

    def setUp(self):
        keys = self.server.create_account(self.id())
        self.keys = keys
        self.api = Api(self.server.url, keys)

    def send(self, method, path, body=None):
        headers = {**self.api.bearer, "Content-Type": "application/json"}
        return request(method, self.server.url + path, headers,
                       None if body is None else json.dumps(body).encode())

    def credentials(self, **more):
        return {"accessKeyId": self.access_key, "secretAccessKey": self.secret_key, **more}

    def keep(self, **more):
        reply = self.send("PUT", "/api/account/credentials",
                          {"userSecret": self.keys["userSecret"],
                           "credentials": self.credentials(), **more})
        self.assertEqual(reply.status, 200, reply.body)

    def objects(self, bucket=BUCKET, **query):
        reply = self.send("GET", f"/api/buckets/{quote(bucket, safe='')}/objects?"
                          + urlencode(query))
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json

    def browse(self, **body):
        return self.send("POST", "/api/browse", body)

    def refused(self, reply, status, message):
        self.assertEqual(reply.status, status, reply.body)
        self.assertIn(message, reply.message)

    def test_buckets(self):
        self.keep()
        reply = self.send("GET", "/api/buckets")
        self.assertEqual(reply.status, 200, reply.body)
        self.assertEqual([bucket["name"] for bucket in reply.json["buckets"]],
                         [BUCKET, OTHER_BUCKET])
        for bucket in reply.json["buckets"]:
            self.assertRegex(bucket["createdAt"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(self.browse(credentials=self.credentials()).json, reply.json)
        self.keep(buckets=[BUCKET])
        self.assertEqual([bucket["name"] for bucket in
                          self.send("GET", "/api/buckets").json["buckets"]], [BUCKET])
        self.refused(self.send("GET", f"/api/buckets/{OTHER_BUCKET}/objects"), 403, OTHER_BUCKET)

    def test_folders_and_objects(self):
        self.keep()
        top = self.objects()
        self.assertEqual((top["bucket"], top["prefix"], top["folders"], top["nextCursor"]),
                         (BUCKET, "", ["2024/", "Grüße/"], None))
        [root] = top["objects"]
        self.assertRegex(root.pop("lastModified"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertRegex(root.pop("etag"), '^"[0-9a-f]{32}"$')
        self.assertEqual({**root, "storageClass": ""},
                         {"key": "root.txt", "size": 4, "storageClass": ""})
        below = self.objects(prefix="2024/")
        self.assertEqual(below["folders"], ["2024/deep/"])
        self.assertEqual([(each["key"], each["size"]) for each in below["objects"]],
                         [("2024/a.txt", 5), ("2024/b c+d.txt", 4)])
        flat = self.objects(delimiter="")
        self.assertEqual((flat["folders"], len(flat["objects"])), ([], 5))
        self.assertEqual(self.browse(credentials=self.credentials(), bucket=BUCKET,
                                     prefix="2024/").json, below)
        self.assertEqual(self.browse(bucket=BUCKET, delimiter="").json, flat)

    def test_page_by_page(self):
        self.keep()
        keys, cursor, pages = [], None, 0
        while True:
            query = {"delimiter": "", "limit": 2, **({"cursor": cursor} if cursor else {})}
            page = self.objects(**query)
            keys += [each["key"] for each in page["objects"]]
            cursor = page["nextCursor"]
            pages += 1
            if cursor is None:
                break
        self.assertEqual((keys, pages), (self.listed(), 3))

    def test_what_is_wrong_is_named(self):
        self.refused(self.send("GET", "/api/buckets"), 400, "credentials are required")
        self.refused(self.browse(), 400, "credentials are required")
        self.keep()
        objects = f"/api/buckets/{BUCKET}/objects"
        for path, status, message in (
                (f"{objects}?limit=0", 400, "limit must be a whole number from 1 to 1000"),
                (f"{objects}?limit=1001", 400, "limit"),
                (f"{objects}?limit=x", 400, "limit"),
                (f"{objects}?prefix={'a' * 1025}", 400, "prefix"),
                (f"{objects}?prefix=%FF", 400, "prefix"),
                (f"{objects}?delimiter=%FF", 400, "delimiter"),
                (f"{objects}?cursor={'a' * 5000}", 400, "cursor"),
                (f"{objects}?folder=a", 400, 'the query has no field "folder"'),
                (f"/api/buckets/{BUCKET}", 404, "there is nothing at"),
                (f"{objects}/x", 404, "there is nothing at"),
                ("/api/buckets/%/objects", 400, "bucket in the path is not percent-encoded well"),
                ("/api/buckets/a%2Fb/objects", 400, "bucket"),
                ("/api/buckets/no-such-bucket/objects", 404, "no-such-bucket")):
            self.refused(self.send("GET", path), status, message)
        for body, status, message in (
                ({"bucket": 5}, 400, "bucket must be a text"),
                ({"bucket": "a/b"}, 400, "bucket cannot be"),
                ({"limit": 0}, 400, "limit must be"),
                ({"limit": "5"}, 400, "limit must be"),
                ({"prefix": []}, 400, "prefix must be a text"),
                ({"credentials": {}}, 400, "credentials.accessKeyId is required"),
                ({"endpoint": "http://10.1.2.3:4"}, 400, "endpoint http://10.1.2.3:4 is not one"),
                ({"endpoint": "https://s3.amazonaws.com"}, 400, "endpoint: the credentials that"),
                ({"region": "no region"}, 400, "region"),
                ({"key": "x"}, 400, 'the body has no field "key"'),
                ({"credentials": self.credentials(secretAccessKey="wrong")}, 403,
                 "SignatureDoesNotMatch"),
                ({"credentials": {"accessKeyId": "nobody", "secretAccessKey": "x"}}, 403,
                 "InvalidAccessKeyId")):
            self.refused(self.browse(**body), status, message)
        self.refused(self.send("POST", "/api/browse", []), 400, "the body must be an object")


if __name__ == "__main__":
    unittest.main()
