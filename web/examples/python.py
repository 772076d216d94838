# Zips a folder. Secrets come from the environment; without AWS keys, those that the account keeps.
import json
import os
import time
from urllib.request import Request, urlopen

URL = "http://127.0.0.1:8080"
USER_KEY = "YOUR_USER_KEY"


def call(path, fields, **headers):
    headers["Content-Type"] = "application/json"
    with urlopen(Request(URL + path, json.dumps(fields).encode(), headers)) as answer:
        return json.load(answer)


secret = os.environ["S3ZIPPER_USER_SECRET"]
token = call("/gentoken", {"userKey": USER_KEY, "userSecret": secret})["token"]
bearer = {"Authorization": f"Bearer {token}"}
job = call("/v2/zipstart", {
    "awsKey": os.environ.get("AWS_ACCESS_KEY_ID", "-"),
    "awsSecret": os.environ.get("AWS_SECRET_ACCESS_KEY", "-"),
    "awsBucket": "photos", "filePaths": ["2026/"], "zipTo": "zips/2026.zip"}, **bearer)
while (task := call("/v2/zipstate", job, **bearer))["State"] not in ("SUCCESS", "FAILURE"):
    time.sleep(1)
print(task["Results"] or task["Error"])
