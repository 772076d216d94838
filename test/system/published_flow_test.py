"""The published Python sample, as users have it in their programs: urlencoded bodies with repeated
filePaths, and the start reply posted back as it is."""

import json
import tempfile
import unittest
import urllib.parse
import urllib.request

import zips
from service_case import BUCKET, ServiceTest


def post(url, data, headers):
    request = urllib.request.Request(url, data=data, headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=300) as response:
        return json.loads(response.read().decode("utf-8"))


def get_token(base_url, user_key, user_secret):
    payload = urllib.parse.urlencode({"userKey": user_key, "userSecret": user_secret})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return post(base_url + "/gentoken", payload.encode("utf-8"), headers)["token"]


def zip_files(base_url, version, token, params):
    headers = {"Authorization": "Bearer " + token,
               "Content-Type": "application/x-www-form-urlencoded"}
    payload = urllib.parse.urlencode(params, doseq=True)
    zipstart_output = post(f"{base_url}/{version}/zipstart", payload.encode("utf-8"), headers)
    # The reply goes back as it is, under the same headers, although it is JSON.
    data = json.dumps(zipstart_output).encode("utf-8")
    zipstate_output = post(f"{base_url}/{version}/zipstate", data, headers)
    assert zipstate_output["State"] in ("PENDING", "RECEIVED", "STARTED", "SUCCESS")
    return post(f"{base_url}/{version}/zipresult", data, headers)


class PublishedFlowTest(ServiceTest):
    def test_the_flow(self):
        found = self.put_all({"photos/2023/one.jpg": b"\xff\xd8" * 5000, "photos/2024/two.jpg": b"2",
                              "letters/a b+c.txt": "Dear", "other.txt": "not asked for"})
        del found["other.txt"]
        for version in ("v1", "v2"):
            with self.subTest(version=version):
                token = get_token(self.server.url, self.keys["userKey"], self.keys["userSecret"])
                result = zip_files(self.server.url, version, token, {
                    "awsKey": self.access_key,
                    "awsSecret": self.secret_key,
                    "awsBucket": BUCKET,
                    "awsRegion": "",
                    "filePaths": [BUCKET + "/photos/2023/one.jpg", "photos/2024",
                                  "/letters/a b+c.txt"],
                    "zipTo": BUCKET + "/zips/",
                    "zipFileName": version + ".zip",
                    "expireLink": 24,
                    "bucketAsDir": "false",
                })
                self.assertEqual(result["message"], "SUCCESS")
                with tempfile.NamedTemporaryFile(suffix=".zip") as file:
                    with urllib.request.urlopen(result["results"][0], timeout=300) as response:
                        file.write(response.read())
                    file.flush()
                    zips.check(file.name, found)
                    zips.check_with_other_readers(file.name)
        self.assertEqual(self.listed("zips/"), ["zips/v1.zip", "zips/v2_0.zip"])


if __name__ == "__main__":
    unittest.main()
