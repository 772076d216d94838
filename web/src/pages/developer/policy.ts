/** The IAM policy that the server's work needs, for some buckets or for all. */

const ON_BUCKETS = ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"];
const ON_OBJECTS = [
  "s3:GetObject",
  "s3:PutObject",
  "s3:DeleteObject",
  "s3:AbortMultipartUpload",
  "s3:ListMultipartUploadParts",
];

export function iamPolicy(buckets: string[]): string {
  const names = buckets.length === 0 ? ["*"] : buckets;
  const policy = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" },
      { Effect: "Allow", Action: ON_BUCKETS, Resource: names.map((name) => `arn:aws:s3:::${name}`) },
      { Effect: "Allow", Action: ON_OBJECTS, Resource: names.map((name) => `arn:aws:s3:::${name}/*`) },
    ],
  };
  return JSON.stringify(policy, null, 2);
}
