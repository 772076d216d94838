"""The command line clients that people use: aws (its version 2, Debian's) and rclone."""

import filecmp
import os
import random
import shutil
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

from sandbox_server import ACCESS_KEY, REGION, SECRET_KEY, SandboxTest

MIB = 1024 * 1024
AWS = "/usr/bin/aws"
RCLONE = "/usr/bin/rclone"


def make_tree(folder, seed):
    """Some 150 files: odd names, empty ones, one of several parts."""
    chance = random.Random(seed)
    names = [f"dir{n % 7}/sub {n % 3}/file-{n}.txt" for n in range(140)]
    names += ["a+b%20&c.txt", "r\u00e4ksm\u00f6rg\u00e5s/\u65e5\u672c.txt", "quote'\"<>.txt", "#hash?.txt",
              "back\\slash", " lead", "trail ", "~tilde", "semi;colon", ".hidden/.file"]
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chance.randbytes(chance.choice([0, 1, 100, 5000, 70_000])))
    (folder / "large.bin").write_bytes(chance.randbytes(21 * MIB))
    return names + ["large.bin"]


def same_trees(one, other):
    files = {str(path.relative_to(one)) for path in one.rglob("*") if path.is_file()}
    others = {str(path.relative_to(other)) for path in other.rglob("*") if path.is_file()}
    if files != others:
        return f"only on one side: {sorted(files ^ others)}"
    _, different, errors = filecmp.cmpfiles(one, other, files, shallow=False)
    return f"{different} {errors}" if different or errors else ""


class Clients(SandboxTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.work = Path(tempfile.mkdtemp(prefix="clients-"))
        cls.addClassCleanup(shutil.rmtree, cls.work)
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        cls.names = make_tree(cls.work / "tree", seed)
        (cls.work / "rclone.conf").write_text("")
        cls.environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(cls.work), "LANG": "C.UTF-8",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "",
            "AWS_MAX_ATTEMPTS": "1",
            "RCLONE_CONFIG": str(cls.work / "rclone.conf"), "RCLONE_CONFIG_S_TYPE": "s3",
            "RCLONE_CONFIG_S_PROVIDER": "Other", "RCLONE_CONFIG_S_ENDPOINT": cls.server.url,
            "RCLONE_CONFIG_S_ACCESS_KEY_ID": ACCESS_KEY,
            "RCLONE_CONFIG_S_SECRET_ACCESS_KEY": SECRET_KEY, "RCLONE_CONFIG_S_REGION": REGION,
            "RCLONE_RETRIES": "1", "RCLONE_LOW_LEVEL_RETRIES": "1",
        }

    def run_client(self, *command, status=0):
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, status, f"{command}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def aws(self, *arguments, status=0):
        return self.run_client(AWS, "--endpoint-url", self.server.url, *arguments, status=status)

    def rclone(self, *arguments, status=0):
        return self.run_client(RCLONE, *arguments, status=status)

    def test_aws_s3(self):
        tree, back = self.work / "tree", self.work / "aws-back"
        self.aws("s3", "mb", "s3://aws-bucket")
        self.assertIn("aws-bucket", self.aws("s3", "ls"))
        self.aws("s3", "sync", str(tree), "s3://aws-bucket/tree")
        self.assertEqual(self.aws("s3", "sync", str(tree), "s3://aws-bucket/tree"), "")
        self.assertEqual(sorted(self.keys("aws-bucket")), sorted("tree/" + name for name in self.names))
        self.aws("s3", "sync", "s3://aws-bucket/tree", str(back))
        self.assertEqual(same_trees(tree, back), "")
        listed = self.aws("s3", "ls", "s3://aws-bucket/tree/")
        self.assertIn("PRE dir0/", listed)
        self.assertIn(f"{21 * MIB} large.bin", listed)
        self.aws("s3", "cp", "s3://aws-bucket/tree/large.bin", "s3://aws-bucket/copy.bin")
        self.aws("s3", "mv", "s3://aws-bucket/copy.bin", str(self.work / "moved.bin"))
        self.assertTrue(filecmp.cmp(self.work / "moved.bin", tree / "large.bin", shallow=False))
        url = self.aws("s3", "presign", "s3://aws-bucket/tree/a+b%20&c.txt").strip()
        with urllib.request.urlopen(url, timeout=30) as answer:
            self.assertEqual(answer.read(), (tree / "a+b%20&c.txt").read_bytes())
        os.remove(back / "large.bin")
        self.aws("s3", "sync", "--delete", str(back), "s3://aws-bucket/tree")
        self.assertNotIn("tree/large.bin", self.keys("aws-bucket"))
        self.aws("s3", "rb", "s3://aws-bucket", status=1)
        self.aws("s3", "rm", "--recursive", "s3://aws-bucket/tree/dir0")
        self.aws("s3", "rb", "--force", "s3://aws-bucket")
        self.aws("s3", "ls", "s3://aws-bucket", status=254)

    def test_aws_s3api(self):
        self.put("key", b"0123456789", Metadata={"a": "b"})
        for command in ("get-bucket-location", "get-bucket-versioning", "get-bucket-acl",
                        "list-multipart-uploads", "list-objects", "list-objects-v2"):
            self.aws("s3api", command, "--bucket", "bucket")
        self.assertIn('"a": "b"', self.aws("s3api", "head-object", "--bucket", "bucket", "--key", "key"))
        self.aws("s3api", "head-object", "--bucket", "bucket", "--key", "missing", status=254)
        target = str(self.work / "ranged")
        self.aws("s3api", "get-object", "--bucket", "bucket", "--key", "key", "--range", "bytes=2-4",
                 target)
        self.assertEqual(Path(target).read_bytes(), b"234")

    def test_rclone(self):
        tree, back = self.work / "tree", self.work / "rclone-back"
        self.rclone("mkdir", "s:rclone-bucket")
        self.rclone("copy", str(tree), "s:rclone-bucket/tree", "--s3-upload-cutoff", "8M",
                    "--s3-chunk-size", "5M")
        self.rclone("check", str(tree), "s:rclone-bucket/tree")
        self.rclone("check", "--download", str(tree), "s:rclone-bucket/tree")
        listed = self.rclone("lsf", "-R", "--files-only", "s:rclone-bucket/tree").splitlines()
        self.assertEqual(sorted(listed), sorted(self.names))
        self.assertIn("dir0/", self.rclone("lsf", "s:rclone-bucket/tree").splitlines())
        self.rclone("copy", "s:rclone-bucket/tree", str(back))
        self.assertEqual(same_trees(tree, back), "")
        (back / "large.bin").unlink()
        (back / "new.txt").write_text("new")
        os.utime(back / "~tilde", (1_600_000_000, 1_600_000_000))  # a copy onto itself
        self.rclone("sync", str(back), "s:rclone-bucket/tree")
        self.rclone("check", str(back), "s:rclone-bucket/tree")
        self.assertIn("2020-09-13", self.rclone("lsl", "s:rclone-bucket/tree/~tilde"))
        self.rclone("copyto", "s:rclone-bucket/tree/new.txt", "s:rclone-bucket/copied")
        self.assertEqual(self.rclone("cat", "s:rclone-bucket/copied"), "new")
        self.rclone("check", str(tree), "s:rclone-bucket/tree", status=1)
        self.rclone("purge", "s:rclone-bucket")
        self.assertNotIn("rclone-bucket", self.rclone("lsd", "s:"))


if __name__ == "__main__":
    unittest.main()
