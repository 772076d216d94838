#!/usr/bin/env python3
"""Prints a link to a zip of a folder, good for an hour, without asking the server for it
(docs/guides/signed-links.md)."""

import hashlib
import hmac
import os
import time
from urllib.parse import quote, urlencode


def sign_link(bucket, prefix, name, seconds):
    """A link to the zip `name` of what is below `prefix`."""
    user_key = os.environ["USER_KEY"]
    exp = int(time.time()) + seconds
    text = "\n".join(["s3zipper-link-1", user_key, bucket, f"prefix={prefix}", name, str(exp)])
    sig = hmac.new(os.environ["USER_SECRET"].encode(), text.encode(), hashlib.sha256).hexdigest()
    path = "/".join(quote(part, safe="") for part in (user_key, bucket, name))
    query = urlencode({"prefix": prefix, "exp": exp, "sig": sig})
    return f"{os.environ['URL']}/z/{path}?{query}"


print(sign_link(os.environ["BUCKET"], os.environ["FOLDER"], "my photos.zip", 3600))
