/** The bodies of the calls that start a zip, or make a link. */
import type { Schema } from "../../api/calls";
import type { Choice } from "./choice";
import type { Access } from "./store";

export interface Target {
  bucket: string;
  key: string;
}

/** What the server does anyway where these are left out; the types of the description want them. */
const DEFAULTS = { onMissing: "fail", ownZips: "exclude", requestPayer: false } as const;

function accessFields({ credentials, endpoint, region }: Access) {
  return {
    ...(credentials && { credentials }),
    ...(endpoint !== "" && { endpoint }),
    ...(region !== "" && { region }),
  };
}

/** A source is its key alone, unless it is in another bucket than the request. */
function sourcesOf(choices: Choice[], bucket: string): (string | Schema["Source"])[] {
  return choices.map((choice) =>
    choice.bucket === bucket ? choice.key : { bucket: choice.bucket, source: choice.key },
  );
}

/** What would start what is chosen, whole. */
export type Wanted =
  | { isLink: false; body: ReturnType<typeof zipRequest> }
  | { isLink: true; body: ReturnType<typeof streamRequest> };

/** Undefined while something is missing for it. */
export function wantedCall(
  access: Access | undefined,
  choices: Choice[],
  { isLink, bucket, name, hours }: { isLink: boolean; bucket: string; name: string; hours: number },
): Wanted | undefined {
  if (access === undefined || choices.length === 0 || name === "") {
    return undefined;
  }
  return isLink
    ? { isLink, body: streamRequest(access, choices, name, hours) }
    : { isLink, body: zipRequest(access, choices, { bucket, key: name }) };
}

export function zipRequest(access: Access, choices: Choice[], target: Target) {
  return {
    ...DEFAULTS,
    ...accessFields(access),
    bucket: target.bucket,
    sources: sourcesOf(choices, target.bucket),
    target: { key: target.key },
  };
}

export function streamRequest(access: Access, choices: Choice[], fileName: string, hours: number) {
  const bucket = choices[0]?.bucket ?? "";
  return {
    ...DEFAULTS,
    ...accessFields(access),
    bucket,
    sources: sourcesOf(choices, bucket),
    fileName,
    link: { hours, presign: true },
  };
}
