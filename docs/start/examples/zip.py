#!/usr/bin/env python3
"""Zips a folder of a bucket: into the bucket, then as a download to photos.zip."""

import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.request

URL = os.environ["URL"]


def call(path, fields, token=None):
    """Posts JSON; the answer."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(URL + path, json.dumps(fields).encode(), headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{path}: {error.code} {json.load(error)['message']}")


def result(task, token):
    """Waits for a task; its link."""
    answer = call("/v2/zipresult", task, token)
    if answer["message"] != "SUCCESS":
        sys.exit(answer["error"])
    return answer["results"][0]


def main():
    token = call("/gentoken", {"userKey": os.environ["USER_KEY"],
                               "userSecret": os.environ["USER_SECRET"]})["token"]
    what = {
        "awsKey": os.environ["AWS_ACCESS_KEY_ID"],
        "awsSecret": os.environ["AWS_SECRET_ACCESS_KEY"],
        "awsBucket": os.environ["BUCKET"],
        "filePaths": [os.environ["FOLDER"]],
    }

    # Into the bucket: a job.
    job = call("/v2/zipstart", {**what, "zipTo": "zips/photos.zip"}, token)
    while True:
        task = call("/v2/zipstate", job, token)
        progress = task["Progress"]
        print(f"{task['State']}: {progress['FilesDone']} of {progress['FilesTotal']} files")
        if task["State"] in ("SUCCESS", "FAILURE"):
            break
        time.sleep(1)
    print("zip in the bucket:", result(job, token))

    # To this machine: a link that makes the zip while it is read.
    link = result(call("/v2/streamzip", what, token), token)
    with urllib.request.urlopen(link) as answer, open("photos.zip", "wb") as file:
        shutil.copyfileobj(answer, file)
    print("downloaded photos.zip")


main()
