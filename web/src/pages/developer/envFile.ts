/** The key as a file of environment variables, which the examples read. */
export function envFile(url: string, { userKey, userSecret }: { userKey: string; userSecret: string }): string {
  return `S3ZIPPER_URL=${url}\nS3ZIPPER_USER_KEY=${userKey}\nS3ZIPPER_USER_SECRET=${userSecret}\n`;
}
