"""Programs of others that zip from a store, as far as this machine has them: those for Node come
from npm, at the versions of package-lock.json, into the run's folder."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Name and driver of each in peers/.
PYTHON = [("zipstream-ng", "zipstream_ng.py")]
NODE = [("archiver", "archiver.mjs"), ("client-zip", "client-zip.mjs"), ("s3-zip", "s3-zip.mjs")]
# In neither registry that this project takes packages from: in no table.
ABSENT = "mod_zip and zipstreamer are not measured: neither Debian nor npm has them"


def install(folder):
    """To be called while the network is there. Drivers stand beside node_modules, where Node looks
    for packages."""
    shutil.copytree(HERE / "peers", folder / "peers", dirs_exist_ok=True)
    lock = HERE / "package-lock.json"
    installed = folder / "node_modules/.installed-lock.json"
    if not shutil.which("npm") or (installed.exists() and
                                   installed.read_bytes() == lock.read_bytes()):
        return
    for path in (HERE / "package.json", lock):
        shutil.copy(path, folder)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    done = subprocess.run(command, cwd=folder, check=False)
    if done.returncode == 0:
        shutil.copy(lock, installed)


def available(folder):
    """(name, script) of those that can run here, and a line about each that cannot."""
    found, missing = [], [ABSENT]
    if importlib.util.find_spec("zipstream"):
        found += PYTHON
    else:
        missing.append("zipstream-ng is not measured: python3-zipstream-ng is not installed")
    if shutil.which("node") and (folder / "node_modules").is_dir():
        found += NODE
    else:
        missing.append("archiver, client-zip and s3-zip are not measured: no node, or no npm")
    return found, missing
