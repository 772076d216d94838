// Zips a folder of a bucket, with Node.js 18 or later: into the bucket, then as a download to
// photos.zip.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const { URL: url, USER_KEY, USER_SECRET, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, BUCKET, FOLDER } =
  process.env;

// Posts JSON; the answer.
async function call(path, fields, token) {
  const headers = { 'Content-Type': 'application/json' };
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(fields) });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${body.message}`);
  return body;
}

// Waits for a task; its link.
async function result(task, token) {
  const answer = await call('/v2/zipresult', task, token);
  if (answer.message !== 'SUCCESS') throw new Error(answer.error);
  return answer.results[0];
}

const { token } = await call('/gentoken', { userKey: USER_KEY, userSecret: USER_SECRET });
const what = {
  awsKey: AWS_ACCESS_KEY_ID,
  awsSecret: AWS_SECRET_ACCESS_KEY,
  awsBucket: BUCKET,
  filePaths: [FOLDER],
};

// Into the bucket: a job.
const job = await call('/v2/zipstart', { ...what, zipTo: 'zips/photos.zip' }, token);
for (;;) {
  const { State, Progress } = await call('/v2/zipstate', job, token);
  console.log(`${State}: ${Progress.FilesDone} of ${Progress.FilesTotal} files`);
  if (State === 'SUCCESS' || State === 'FAILURE') break;
  await sleep(1000);
}
console.log('zip in the bucket:', await result(job, token));

// To this machine: a link that makes the zip while it is read.
const link = await result(await call('/v2/streamzip', what, token), token);
const answer = await fetch(link);
if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
await pipeline(Readable.fromWeb(answer.body), createWriteStream('photos.zip'));
console.log('downloaded photos.zip');
