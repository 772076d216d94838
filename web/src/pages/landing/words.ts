import type { ServerFacts } from "../../api/siteCalls";

const REGISTRATION = {
  open: "registration is open",
  invitation: "registration is by invitation",
  closed: "registration is closed",
};

export const words = {
  title: "Zip files in S3. No download, no upload.",
  what:
    "A program sends one call, and the zip is in the bucket: the server reads the objects, writes the archive, " +
    "and gives a link. Millions of files and terabytes are fine.",
  server: (host: string, { version, accounts, registration }: ServerFacts) =>
    `This server: ${host} · version ${version} · ${accounts ? REGISTRATION[registration] : "open, without accounts"}`,
  openServer: "Every client that reaches this server may use it. No account and no key is needed.",
  register: "Make an account",
  api: "See the API",
  start: "Start with the API",
  docs: "Read the docs",
  invitation: "Ask the administrator for an invitation.",
  exampleTitle: "One call",
  exampleName: "With curl",
  example: (url: string) => `curl ${url}/v2/zipstart -H "Authorization: Bearer $TOKEN" \\
  -d awsKey=- -d awsSecret=- -d awsBucket=photos \\
  -d filePaths=2026/ -d zipTo=zips/2026.zip`,
  openExample: (url: string) => `curl ${url}/v2/zipstart \\
  -d awsBucket=photos \\
  -d filePaths=2026/ -d zipTo=zips/2026.zip`,
  answerTitle: "Its answer",
  answer: `{"message": "STARTED", "taskUUID": [{"streams3v2": "zipper_s3_52c7…"}], "size": "2.6 GB"}`,
};
