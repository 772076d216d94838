/** Calls as curl, to be pasted into a shell. Secrets are variables of the shell. */

/** A call that asked for a zip, as the server tells it. */
interface Request {
  path: string;
  headers: Record<string, string>;
  body: object;
}

const NATIVE_CREDENTIALS = {
  credentials: {
    accessKeyId: "$AWS_ACCESS_KEY_ID",
    secretAccessKey: "$AWS_SECRET_ACCESS_KEY",
    sessionToken: "$AWS_SESSION_TOKEN",
  },
};

/** As S3zipper's own API has them. */
const COMPATIBLE_CREDENTIALS = { awsKey: "$AWS_ACCESS_KEY_ID", awsSecret: "$AWS_SECRET_ACCESS_KEY" };

export function curlOfRequest(server: string, { path, headers, body }: Request): string {
  const credentials = path.startsWith("/api/") ? NATIVE_CREDENTIALS : COMPATIBLE_CREDENTIALS;
  return curlOf(server, path, headers, { ...credentials, ...body });
}

export function curlOf(server: string, path: string, headers: Record<string, string> = {}, body?: object): string {
  const lines = [`curl ${server}${path}`, `-H "Authorization: Bearer $TOKEN"`];
  for (const [name, value] of Object.entries(headers)) {
    lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  }
  if (body !== undefined) {
    lines.push("-H 'Content-Type: application/json'", `-d ${withVariables(JSON.stringify(body, null, 2))}`);
  }
  return lines.join(" \\\n  ");
}

/** In a shell, a quote within quotes is closed, escaped, and opened again. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Single quotes keep a shell from putting variables in, so that these stand in double ones between them. */
function withVariables(json: string): string {
  return quoted(json).replace(/"(\$AWS_\w+)"/g, `"'"$1"'"`);
}
