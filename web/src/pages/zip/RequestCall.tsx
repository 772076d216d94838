/** The call that made the zip, with its credentials left out, as curl. */
import { serverUrl } from "../../app/basePath";
import type { Schema } from "../../api/calls";
import { Code } from "../../components/Code";
import { requestOf } from "../../zips/madeRequests";
import { words } from "./words";

export function RequestCall({ zip }: { zip: Schema["Zip"] }) {
  const request = requestOf(zip.id);
  return (
    <div className="stack">
      {request === undefined ? (
        <p className="secondary">{words.requestUnknown}</p>
      ) : (
        <Code what={words.requestMade} text={curlOf("/api/zips", request)} />
      )}
      <Code what={words.stateCall} text={curlOf(`/api/zips/${zip.id}`)} />
    </div>
  );
}

function curlOf(path: string, body?: object): string {
  const lines = [`curl ${serverUrl}${path}`, `-H "Authorization: Bearer $TOKEN"`];
  if (body !== undefined) {
    // In a shell, a quote within quotes is closed, escaped, and opened again.
    const json = JSON.stringify(body, null, 2).replaceAll("'", "'\\''");
    lines.push("-H 'Content-Type: application/json'", `-d '${json}'`);
  }
  return lines.join(" \\\n  ");
}
