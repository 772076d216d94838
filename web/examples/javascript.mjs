// Zips a folder, with Node.js 18 or later. Secrets come from the environment; without AWS keys, those that the
// account keeps.
const URL = "http://127.0.0.1:8080";
const USER_KEY = "YOUR_USER_KEY";

async function call(path, fields, headers = {}) {
  const answer = await fetch(URL + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(fields),
  });
  return answer.json();
}

const { env } = process;
const { token } = await call("/gentoken", { userKey: USER_KEY, userSecret: env.S3ZIPPER_USER_SECRET });
const bearer = { Authorization: `Bearer ${token}` };
const job = await call("/v2/zipstart", {
  awsKey: env.AWS_ACCESS_KEY_ID ?? "-",
  awsSecret: env.AWS_SECRET_ACCESS_KEY ?? "-",
  awsBucket: "photos", filePaths: ["2026/"], zipTo: "zips/2026.zip",
}, bearer);
let task;
do {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  task = await call("/v2/zipstate", job, bearer);
} while (task.State !== "SUCCESS" && task.State !== "FAILURE");
console.log(task.Results ?? task.Error);
