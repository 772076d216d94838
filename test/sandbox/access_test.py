"""What a bucket or an object does not allow: listing, calls that nobody pays for, reading what is
archived."""

import unittest

from sandbox_server import SandboxTest

PAYS = {"RequestPayer": "requester"}


class Access(SandboxTest):
    virtual = ["closed/there=10", "paid/there=10"]
    faults = """
        [[bucket]]
        name = "closed"
        list = false
        [[bucket]]
        name = ["paid", "paid-too"]
        requester_pays = true
    """

    def test_a_bucket_that_may_not_be_listed(self):
        for call in (self.s3.list_objects_v2, self.s3.list_objects):
            self.refused("AccessDenied", call, 403, Bucket="closed")
        self.refused("403", self.s3.head_bucket, 403, Bucket="closed")
        there, missing = ({"Bucket": "closed", "Key": key} for key in ("there", "missing"))
        self.assertEqual(len(self.s3.get_object(**there)["Body"].read()), 10)
        self.refused("AccessDenied", self.s3.get_object, 403, **missing)
        self.refused("403", self.s3.head_object, 403, **missing)
        self.refused("AccessDenied", self.s3.copy_object, 403, Bucket="bucket", Key="copy",
                     CopySource=missing)
        self.s3.put_object(**missing, Body=b"here")
        self.assertEqual(self.s3.get_object(**missing)["Body"].read(), b"here")

    def test_a_bucket_whose_requesters_pay(self):
        there = {"Bucket": "paid", "Key": "there"}
        self.refused("AccessDenied", self.s3.list_objects_v2, 403, Bucket="paid")
        self.refused("AccessDenied", self.s3.get_object, 403, **there)
        self.refused("403", self.s3.head_object, 403, **there)
        self.refused("AccessDenied", self.s3.put_object, 403, **there, Body=b"")
        self.refused("AccessDenied", self.s3.copy_object, 403, Bucket="bucket", Key="copy",
                     CopySource=there)
        self.assertEqual(len(self.s3.list_objects_v2(Bucket="paid", **PAYS)["Contents"]), 1)
        found = self.s3.get_object(**there, **PAYS)
        self.assertEqual((len(found["Body"].read()), found["RequestCharged"]), (10, "requester"))
        self.s3.copy_object(Bucket="bucket", Key="copy", CopySource=there, **PAYS)
        self.assertEqual(len(self.get("copy")), 10)

    def test_archived_objects(self):
        for storage_class in ("GLACIER", "DEEP_ARCHIVE"):
            self.put("cold", b"content", StorageClass=storage_class)
            cold = {"Bucket": "bucket", "Key": "cold"}
            self.refused("InvalidObjectState", self.s3.get_object, 403, **cold)
            self.refused("InvalidObjectState", self.s3.copy_object, 403, Bucket="bucket",
                         Key="copy", CopySource=cold)
            self.assertEqual(self.s3.head_object(**cold)["StorageClass"], storage_class)
            listed = self.s3.list_objects_v2(Bucket="bucket", Prefix="cold")["Contents"][0]
            self.assertEqual(listed["StorageClass"], storage_class)
        upload = self.s3.create_multipart_upload(**cold, StorageClass="GLACIER")["UploadId"]
        part = self.s3.upload_part(**cold, UploadId=upload, PartNumber=1, Body=b"part")
        self.s3.complete_multipart_upload(
            **cold, UploadId=upload,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
        self.refused("InvalidObjectState", self.s3.get_object, 403, **cold)

    def test_other_storage_classes(self):
        self.put("warm", b"content", StorageClass="STANDARD_IA")
        self.assertEqual(self.get("warm"), b"content")
        self.assertEqual(self.s3.head_object(Bucket="bucket", Key="warm")["StorageClass"],
                         "STANDARD_IA")
        self.put("warm", b"content", StorageClass="STANDARD")
        self.assertNotIn("StorageClass", self.s3.head_object(Bucket="bucket", Key="warm"))
        self.refused("InvalidStorageClass", self.put, 400, key="warm", body=b"",
                     StorageClass="TEPID")
        # A copy has the class that it asks for, not its source's; an object can be copied to itself
        # to change it.
        warm = {"Bucket": "bucket", "Key": "warm"}
        self.s3.copy_object(**warm, CopySource=warm, StorageClass="ONEZONE_IA")
        self.assertEqual(self.s3.head_object(**warm)["StorageClass"], "ONEZONE_IA")
        self.s3.copy_object(Bucket="bucket", Key="copy", CopySource=warm)
        self.assertNotIn("StorageClass", self.s3.head_object(Bucket="bucket", Key="copy"))


if __name__ == "__main__":
    unittest.main()
