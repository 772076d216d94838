/** One zip: what it is, how it goes, what is in it. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { Link, useParams } from "wouter";
import { ApiError } from "../../api/ApiError";
import { call } from "../../api/call";
import { PageHeader } from "../../app/PageHeader";
import { Empty } from "../../components/Empty";
import { QueryView } from "../../components/QueryView";
import type { EventMessage } from "../../zips/eventMessages";
import { NotLive } from "../../zips/NotLive";
import { usePolling } from "../../zips/usePolling";
import { putZips, useLiveZip, useZipEvents } from "../../zips/useZips";
import { words } from "./words";
import styles from "./Zip.module.css";
import { ZipView } from "./ZipView";

export default function Zip() {
  const { id = "" } = useParams();
  // Another zip is another page, with a state of its own.
  return <ZipOf key={id} id={id} />;
}

function ZipOf({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ["zip", id],
    queryFn: ({ signal }) => call("GET /api/zips/{id}", { path: { id }, signal }),
    // Its links are secrets: nothing is kept when the page is left.
    gcTime: 0,
    refetchInterval: usePolling(),
  });
  const live = useLiveZip(id);
  const { data, error, refetch } = query;
  useEffect(() => {
    if (data !== undefined) {
      putZips([data]);
    }
  }, [data]);
  useZipEvents(
    useCallback((message: EventMessage) => message.type === "resync" && void refetch(), [refetch]),
  );

  return (
    <>
      <Link href="/zips" className={styles.back}>
        ‹ {words.back}
      </Link>
      {error && data === undefined && <PageHeader title={words.unknown} />}
      {error instanceof ApiError && (error.status === 404 || error.status === 400) ? (
        <Empty text={words.absent} />
      ) : (
        <QueryView query={query}>
          {(first) => <ZipView live={live ?? { zip: first, rate: undefined }} />}
        </QueryView>
      )}
      <NotLive />
    </>
  );
}
