"""A headless Chromium, driven through chromedriver by the WebDriver protocol (W3C), and its own
page of downloads."""

import http.client
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

START_TIMEOUT_S = 60
CALL_TIMEOUT_S = 120


class Chromium:
    """`downloads`: where it puts files. Use as a context manager."""

    def __init__(self, downloads):
        self.downloads = Path(downloads)
        self._folder = Path(tempfile.mkdtemp(prefix="s3zipper-chromium-"))
        self._log = self._folder / "chromedriver.log"
        self._driver = None
        self._port = None
        self._session = None

    def __enter__(self):
        try:
            self._start_driver()
            self._start_browser()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            if self._session:
                self._call("DELETE", "")
        finally:
            if self._driver:
                self._driver.terminate()
                self._driver.wait()
            shutil.rmtree(self._folder, ignore_errors=True)

    def open(self, url):
        self._call("POST", "/url", {"url": url})

    def download(self, url):
        """As if a link on a page were followed; shows the page of downloads."""
        self.open("chrome://downloads")
        self.run("const link = document.createElement('a');"
                 "link.href = arguments[0]; document.body.append(link); link.click();", url)

    def resume_download(self):
        """Presses "Resume" of the last download; False where there is no such button, or not
        yet."""
        return self.run(
            "const page = document.querySelector('downloads-manager').shadowRoot;"
            "const item = page.querySelector('downloads-item');"
            "const buttons = item ? [...item.shadowRoot.querySelectorAll('button, cr-button')] : [];"
            "const resume = buttons.find(one => one.textContent.trim() === 'Resume');"
            "resume?.click(); return Boolean(resume);")

    def run(self, script, *arguments):
        """Runs the body of a JavaScript function on the page; what it returns."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def _start_driver(self):
        with open(self._log, "wb") as log:
            self._driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=log, stderr=log,
                                            env={**os.environ, "HOME": str(self._folder)})
        deadline = time.monotonic() + START_TIMEOUT_S
        while not (found := re.search(r"started successfully on port (\d+)", self._log.read_text())):
            if self._driver.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"chromedriver does not start:\n{self._log.read_text()}")
            time.sleep(0.05)
        self._port = int(found[1])

    def _start_browser(self):
        arguments = ["--headless=new", "--lang=en-US", "--disable-gpu", "--disable-dev-shm-usage",
                     f"--user-data-dir={self._folder / 'profile'}"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # Chromium's own refuses to run as root
        options = {"args": arguments,
                   "prefs": {"download.default_directory": str(self.downloads),
                             "download.prompt_for_download": False}}
        answer = self._request("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options}}})
        self._session = answer["sessionId"]

    def _call(self, method, path, body=None):
        return self._request(method, f"/session/{self._session}{path}", body)

    def _request(self, method, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=CALL_TIMEOUT_S)
        try:
            connection.request(method, path, None if body is None else json.dumps(body),
                               {"Content-Type": "application/json"})
            answer = connection.getresponse()
            value = json.loads(answer.read())["value"]
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {value['error']}: {value['message']}")
        return value
