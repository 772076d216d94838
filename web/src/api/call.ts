/** The one way in which the site calls its server. */
import { basePath } from "../app/basePath";
import { ApiError, errorOf } from "./ApiError";
import type { Calls } from "./calls";

type Field<Call, Name extends string> = Call extends { [K in Name]: infer Value }
  ? [Value] extends [never]
    ? unknown
    : Name extends "query"
      ? { query?: Value }
      : undefined extends Value
        ? { [K in Name]?: Value }
        : { [K in Name]: Value }
  : unknown;

type Options<Call> = Field<Call, "path"> & Field<Call, "query"> & Field<Call, "body"> & { signal?: AbortSignal };

interface LooseOptions {
  path?: Record<string, string>;
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  signal?: AbortSignal;
}

let whenUnauthorized = () => {};

/** Names what is done when a call is answered 401, besides the error that its caller gets. */
export function onUnauthorized(listener: () => void): void {
  whenUnauthorized = listener;
}

/** Calls the server: call("GET /api/zips/{id}", {path: {id}}). Throws an ApiError. */
export async function call<Name extends keyof Calls>(
  name: Name,
  ...[options]: object extends Options<Calls[Name]> ? [Options<Calls[Name]>?] : [Options<Calls[Name]>]
): Promise<Calls[Name]["answer"]> {
  const { path, query, body, signal }: LooseOptions = options ?? {};
  const [method, template] = name.split(" ") as [string, string];
  const response = await reach(urlOf(template, path, query), {
    method,
    headers: headersOf(method, body),
    body: body === undefined ? null : JSON.stringify(body),
    credentials: "same-origin",
    signal: signal ?? null,
  });
  if (response.status === 401 && template.startsWith("/api/")) {
    whenUnauthorized();
  }
  if (!response.ok) {
    throw await errorOf(response);
  }
  return (response.status === 204 ? undefined : await response.json()) as Calls[Name]["answer"];
}

/** The path of a call below the site's base path, with its query. */
export function urlOf(
  template: string,
  path: LooseOptions["path"] = {},
  query: LooseOptions["query"] = {},
): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(path[key] ?? ""));
  const fields = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(fields.map(([key, value]) => [key, String(value)])).toString();
  return basePath + filled.slice(1) + (search === "" ? "" : `?${search}`);
}

function headersOf(method: string, body: unknown): Record<string, string> {
  return {
    Accept: "application/json",
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    // The server takes a change only with this header, which no other site's page can send.
    ...(method === "GET" ? {} : { "X-S3zipper-Site": "1" }),
  };
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      throw error;
    }
    throw new ApiError(0, "The server cannot be reached.");
  }
}
