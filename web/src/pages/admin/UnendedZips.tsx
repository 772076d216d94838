/** The zips of all accounts that run or wait, each with a way to end it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { Chip } from "../../components/Chip";
import { DataTable } from "../../components/DataTable";
import { Empty } from "../../components/Empty";
import { ErrorBlock } from "../../components/ErrorBlock";
import { QueryView } from "../../components/QueryView";
import { Time } from "../../components/Time";
import { asSentence } from "../../format/sentences";
import { ProgressBar } from "../../zips/ProgressBar";
import { type Cancelling, useCancelling } from "../../zips/useCancelling";
import { folderOf, nameOf, progressInWords, shareDone, stateInWords } from "../../zips/zipWords";
import styles from "./Admin.module.css";
import { words } from "./words";

type ManagedZip = Schema["ManagedZip"];

/** The stream of events tells of the reader's own zips alone. Nothing is asked while nobody looks. */
const REFRESH_MS = 3_000;

export function UnendedZips() {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["admin", "zips"],
    queryFn: ({ signal }) => call("GET /api/admin/zips", { signal }),
    refetchInterval: REFRESH_MS,
  });
  const cancelling = useCancelling(
    useCallback(
      async (id: string) => {
        await call("POST /api/admin/zips/{id}/cancel", { path: { id } });
        await queries.invalidateQueries({ queryKey: ["admin"] });
      },
      [queries],
    ),
  );
  return (
    <section className="stack" aria-labelledby="under-way">
      <h2 id="under-way">{words.underWay}</h2>
      {cancelling.error && <ErrorBlock error={cancelling.error} />}
      <QueryView query={query} rows={2}>
        {({ zips }) =>
          zips.length === 0 ? (
            <Empty text={words.nothingUnderWay} />
          ) : (
            <DataTable
              caption={words.underWayOf}
              rows={zips}
              keyOf={({ id }) => id}
              columns={[
                { head: words.zip, cell: NameCell },
                { head: words.account, cell: ({ account }) => account.name },
                { head: words.state, cell: (zip) => <StateCell zip={zip} isCancelling={cancelling.isCancelling(zip.id)} /> },
                { head: words.progress, cell: ProgressCell },
                { head: words.age, cell: ({ createdAt }) => <Time at={createdAt} /> },
              ]}
              actions={(zip) => <CancelButton zip={zip} cancelling={cancelling} />}
            />
          )
        }
      </QueryView>
    </section>
  );
}

function NameCell(zip: ManagedZip) {
  return (
    <>
      {nameOf(zip)}
      <div className="secondary">{folderOf(zip)}</div>
    </>
  );
}

function StateCell({ zip, isCancelling }: { zip: ManagedZip; isCancelling: boolean }) {
  const state = stateInWords(zip);
  const note = isCancelling ? words.willBeCancelled : zip.error !== null && asSentence(zip.error);
  return (
    <>
      <Chip tone={state.tone}>{state.word}</Chip>
      {note && <div className="secondary">{note}</div>}
    </>
  );
}

function ProgressCell(zip: ManagedZip) {
  const text = progressInWords(zip);
  if (zip.state === "pending") {
    return text;
  }
  return (
    <div className={styles.progress}>
      <ProgressBar label={words.progressOf(nameOf(zip))} share={shareDone(zip)} />
      <span className="secondary figures">{text}</span>
    </div>
  );
}

function CancelButton({ zip, cancelling }: { zip: ManagedZip; cancelling: Cancelling }) {
  const { id } = zip;
  const name = nameOf(zip);
  return cancelling.isCancelling(id) ? (
    <button type="button" className="button" aria-label={words.undoOf(name)} onClick={() => cancelling.undo(id)}>
      {words.undo}
    </button>
  ) : (
    <button type="button" className="button danger" aria-label={words.cancelOf(name)} onClick={() => cancelling.cancel(id, name)}>
      {words.cancel}
    </button>
  );
}
