/** Where the account is signed in. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { signOut } from "../../app/session";
import { Chip } from "../../components/Chip";
import { type Column, DataTable } from "../../components/DataTable";
import { ErrorBlock } from "../../components/ErrorBlock";
import { QueryView } from "../../components/QueryView";
import { Time } from "../../components/Time";
import { useToast } from "../../components/Toast";
import { words } from "./words";

export function Sessions() {
  const queries = useQueryClient();
  const toast = useToast();
  const query = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => call("GET /api/account/sessions", { signal }),
  });
  const end = useMutation({
    mutationFn: async ({ id, isThis }: Schema["Sessions"]["sessions"][number]) => {
      if (isThis) {
        await signOut();
      } else {
        await call("DELETE /api/account/sessions/{id}", { path: { id } });
        toast({ text: words.ended });
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
  return (
    <section className="stack" aria-labelledby="sessions">
      <h2 id="sessions">{words.sessions}</h2>
      {end.error && <ErrorBlock error={end.error} />}
      <QueryView query={query} rows={2}>
        {({ sessions }) => (
          <DataTable
            caption={words.sessions}
            columns={COLUMNS}
            rows={sessions}
            keyOf={(session) => session.id}
            actions={(session) => (
              <button
                type="button"
                className="button"
                aria-label={`${words.end}: ${session.browser}, ${session.address}`}
                aria-disabled={end.isPending}
                onClick={() => end.isPending || end.mutate(session)}
              >
                {words.end}
              </button>
            )}
          />
        )}
      </QueryView>
    </section>
  );
}

const COLUMNS: Column<Schema["Sessions"]["sessions"][number]>[] = [
  {
    head: words.browser,
    cell: (session) => (
      <span className="row">
        {session.browser} {session.isThis && <Chip tone="ready">{words.here}</Chip>}
      </span>
    ),
  },
  { head: words.address, cell: (session) => session.address },
  { head: words.signedIn, cell: (session) => <Time at={session.createdAt} /> },
  { head: words.lastSeen, cell: (session) => <Time at={session.lastSeenAt} /> },
];
