"""A browser as far as the site's calls see one: it keeps the session's cookie, and says where its page
comes from."""

import json

from api_client import request

SITE_HEADER = {"X-S3zipper-Site": "1"}


class Browser:
    def __init__(self, url, user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"):
        self.url = url
        self.headers = {"User-Agent": user_agent, "Origin": url, "Sec-Fetch-Site": "same-origin",
                        **SITE_HEADER}
        self.cookie = None  # the pair of name and value
        self.cookie_line = None

    def call(self, method, path, body=None, headers=None):
        """`headers`: replace the usual ones; None as a value leaves one out."""
        sent = {**self.headers, **(headers or {})}
        sent = {name: value for name, value in sent.items() if value is not None}
        if self.cookie:
            sent["Cookie"] = f"other=1; {self.cookie}"
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        reply = request(method, self.url + path, sent, content)
        if line := reply.headers.get("Set-Cookie"):
            self.cookie_line = line
            pair = line.split(";")[0]
            self.cookie = None if pair.endswith("=") else pair
        return reply

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def post(self, path, body, **more):
        return self.call("POST", path, body, **more)

    def account(self):
        """The account that is signed in; None if none is."""
        return self.get("/session").json["account"]

    def sign_in(self, name, password):
        return self.post("/session", {"name": name, "password": password})
