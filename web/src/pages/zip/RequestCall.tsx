/** The call that made the zip, with its credentials left out, as curl. */
import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { serverUrl } from "../../app/basePath";
import { Code } from "../../components/Code";
import { QueryView } from "../../components/QueryView";
import { curlOf, curlOfRequest } from "./curl";
import { words } from "./words";

export function RequestCall({ zip: { id } }: { zip: Schema["Zip"] }) {
  const query = useQuery({
    queryKey: ["zip-request", id],
    queryFn: ({ signal }) => call("GET /api/zips/{id}/request", { path: { id }, signal }),
    // What a zip was asked for stays the same.
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <div className="stack">
      <QueryView query={query} rows={4}>
        {(request) => (
          <>
            <Code what={words.requestMade} text={curlOfRequest(serverUrl, request)} />
            <p className="secondary">{words.requestCredentials}</p>
          </>
        )}
      </QueryView>
      <Code what={words.stateCall} text={curlOf(serverUrl, `/api/zips/${id}`)} />
    </div>
  );
}
