/** The requests that this window has made, without credentials, to show them beside their zips. They go with the window. */
const requests = new Map<string, object>();

export function rememberRequest(id: string, { credentials: _, ...request }: { credentials?: unknown }): void {
  requests.set(id, request);
}

export function requestOf(id: string): object | undefined {
  return requests.get(id);
}
