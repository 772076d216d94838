/** The links of the account: what each streams, whether it works, and the way to end it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { PageHeader } from "../../app/PageHeader";
import { Confirm } from "../../components/Confirm";
import { Empty } from "../../components/Empty";
import { Pagination, useCursors } from "../../components/Pagination";
import { QueryView } from "../../components/QueryView";
import { SearchBox } from "../../components/SearchBox";
import { useToast } from "../../components/Toast";
import { LinkTable } from "./LinkTable";
import { words } from "./words";

type Stream = Schema["Stream"];

/** While one of them is being listed, the list is asked for again after so long. */
const POLL_MS = 3_000;

export default function Links() {
  const cursors = useCursors();
  const [revoking, setRevoking] = useState<Stream>();
  const [search, setSearch] = useState("");
  const { reset } = cursors;
  const find = (text: string) => {
    setSearch(text);
    reset();
  };
  const query = useQuery({
    queryKey: ["streams", search, cursors.cursor],
    queryFn: ({ signal }) =>
      call("GET /api/streams", { query: { limit: 50, cursor: cursors.cursor, search: search || undefined }, signal }),
    // The links are secrets: nothing is kept when the page is left.
    gcTime: 0,
    refetchInterval: ({ state }) => state.data?.streams.some((stream) => stream.state === "listing") && POLL_MS,
  });
  return (
    <>
      <PageHeader
        title={words.title}
        actions={
          <Link href={words.newLinkHref} className="button primary">
            {words.newLink}
          </Link>
        }
      >
        {words.subtitle}
      </PageHeader>
      <div className="stack">
        <SearchBox label={words.search} search={search} onSearch={find} />
        <QueryView query={query} rows={6}>
          {({ streams, nextCursor }) => (
            <>
              {streams.length === 0 ? <Nothing search={search} onClear={() => find("")} /> : <LinkTable streams={streams} onRevoke={setRevoking} />}
              <Pagination cursors={cursors} nextCursor={nextCursor} />
            </>
          )}
        </QueryView>
      </div>
      <Revoke stream={revoking} onClose={() => setRevoking(undefined)} />
    </>
  );
}

function Nothing({ search, onClear }: { search: string; onClear: () => void }) {
  return search !== "" ? (
    <Empty text={words.noMatch}>
      <button type="button" className="button" onClick={onClear}>
        {words.clear}
      </button>
    </Empty>
  ) : (
    <Empty text={words.empty}>
      <Link href={words.newLinkHref} className="button primary">
        {words.newLink}
      </Link>
      <Link href="/docs/reference/native-api" className="button">
        {words.about}
      </Link>
    </Empty>
  );
}

function Revoke({ stream, onClose }: { stream: Stream | undefined; onClose: () => void }) {
  const queries = useQueryClient();
  const toast = useToast();
  const revoke = async () => {
    if (stream !== undefined) {
      await call("POST /api/streams/{id}/revoke", { path: { id: stream.id } });
      await queries.invalidateQueries({ queryKey: ["streams"] });
      toast({ text: words.revoked });
    }
  };
  return (
    <Confirm
      title={words.revokeTitle(stream?.fileName ?? "")}
      action={words.revoke}
      isOpen={stream !== undefined}
      onConfirm={revoke}
      onClose={onClose}
    >
      <p>{words.revokeText}</p>
    </Confirm>
  );
}
