// Prints a link to a zip of a folder, good for an hour, without asking the server for it
// (docs/guides/signed-links.md).
import { createHmac } from 'node:crypto';

const { URL: url, USER_KEY, USER_SECRET, BUCKET, FOLDER } = process.env;

// A link to the zip `name` of what is below `prefix`.
function signLink(bucket, prefix, name, seconds) {
  const exp = Math.floor(Date.now() / 1000) + seconds;
  const text = ['s3zipper-link-1', USER_KEY, bucket, `prefix=${prefix}`, name, exp].join('\n');
  const sig = createHmac('sha256', USER_SECRET).update(text).digest('hex');
  const path = [USER_KEY, bucket, name].map(encodeURIComponent).join('/');
  return `${url}/z/${path}?${new URLSearchParams({ prefix, exp, sig })}`;
}

console.log(signLink(BUCKET, FOLDER, 'my photos.zip', 3600));
