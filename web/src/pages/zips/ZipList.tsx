/** A page of the list. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { Link } from "wouter";
import type { Schema } from "../../api/calls";
import { Empty } from "../../components/Empty";
import { ErrorBlock } from "../../components/ErrorBlock";
import { Pagination, useCursors } from "../../components/Pagination";
import { QueryView } from "../../components/QueryView";
import { useToast } from "../../components/Toast";
import { useIsNarrow } from "../../components/useIsNarrow";
import type { EventMessage } from "../../zips/eventMessages";
import { NotLive } from "../../zips/NotLive";
import { usePolling } from "../../zips/usePolling";
import { useZipEvents } from "../../zips/useZips";
import { useZipActions, type ZipActions } from "../../zips/useZipActions";
import { nameOf } from "../../zips/zipWords";
import { EndsSaid } from "./EndsSaid";
import { type Filters, fits, queryOf } from "./filters";
import { listZips } from "./listZips";
import { Summary } from "./Summary";
import { useShownZips } from "./useShownZips";
import { words } from "./words";
import { ZipCard } from "./ZipCard";
import { ZipRow } from "./ZipRow";
import styles from "./Zips.module.css";

export function ZipList({ filters, onClear }: { filters: Filters; onClear: () => void }) {
  const cursors = useCursors();
  const query = useQuery({
    queryKey: ["zips", queryOf(filters), cursors.cursor],
    queryFn: ({ signal }) => listZips(filters, cursors.cursor, signal),
    // Links in the answer are secrets: nothing is kept when the page is left.
    gcTime: 0,
    refetchInterval: usePolling(),
  });
  // The list has a key of its own for each filter: these are those that it began with.
  const [doesFit] = useState(() => (zip: Schema["Zip"]) => fits(zip, filters));
  const shown = useShownZips(query.data?.zips, cursors.cursor, doesFit);
  const { refetch } = query;
  useZipEvents(
    useCallback((message: EventMessage) => message.type === "resync" && void refetch(), [refetch]),
  );

  const { show } = shown;
  const showFresh = useCallback(async () => {
    const { data } = await refetch();
    if (data !== undefined) {
      show(data.zips);
    }
  }, [refetch, show]);
  const toast = useToast();
  const actions = useZipActions(
    useCallback(
      (made: Schema["Zip"]) => {
        toast({ text: words.madeAgain(nameOf(made)) });
        void showFresh();
      },
      [toast, showFresh],
    ),
  );

  return (
    <>
      <div className="row apart">
        {shown.zips?.length !== 0 && <Summary zips={shown.zips ?? []} />}
        <NotLive />
      </div>
      {actions.error && <ErrorBlock error={actions.error} />}
      {cursors.isFirst && shown.freshCount > 0 && (
        <button type="button" className="button" onClick={() => void showFresh()}>
          {words.newZips(shown.freshCount)}
        </button>
      )}
      <QueryView query={query} rows={8}>
        {({ nextCursor }) => (
          <>
            {shown.zips?.length === 0 ? (
              <Nothing isFiltered={queryOf(filters) !== ""} onClear={onClear} />
            ) : (
              <List zips={shown.zips ?? []} actions={actions} />
            )}
            <Pagination cursors={cursors} nextCursor={nextCursor} />
          </>
        )}
      </QueryView>
      <EndsSaid />
      {actions.dialog}
    </>
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  return isFiltered ? (
    <Empty text={words.noMatch}>
      <button type="button" className="button" onClick={onClear}>
        {words.clear}
      </button>
    </Empty>
  ) : (
    <Empty text={words.empty}>
      <Link href="/new" className="button primary">
        {words.newZip}
      </Link>
      <Link href="/auth/develop" className="button">
        {words.useApi}
      </Link>
    </Empty>
  );
}

function List({ zips, actions }: { zips: Schema["Zip"][]; actions: ZipActions }) {
  return useIsNarrow() ? (
    <ul className={styles.cards} aria-label={words.caption}>
      {zips.map((zip) => (
        <ZipCard key={zip.id} first={zip} actions={actions} />
      ))}
    </ul>
  ) : (
    <div className={styles.frame}>
      <table className={styles.table}>
        <caption className="hidden">{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.columnZip}</th>
            <th scope="col">{words.columnState}</th>
            <th scope="col">{words.columnProgress}</th>
            <th scope="col" className={styles.figure}>
              {words.columnRate}
            </th>
            <th scope="col" className={styles.figure}>
              {words.columnLeft}
            </th>
            <th scope="col">{words.columnStarted}</th>
            <th scope="col">
              <span className="hidden">{words.columnActions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {zips.map((zip) => (
            <ZipRow key={zip.id} first={zip} actions={actions} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
