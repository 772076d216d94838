/** What the zip will be and cost, before it is started: the server's word, and until that is there what this page has
 * counted. */
import { useState } from "react";
import { ApiError } from "../../api/ApiError";
import type { Schema } from "../../api/calls";
import { DataTable } from "../../components/DataTable";
import { ErrorBlock } from "../../components/ErrorBlock";
import { formatCount } from "../../format/sizes";
import { changesInWords } from "../../zips/nameChanges";
import type { Choice } from "./choice";
import styles from "./New.module.css";
import type { Estimated } from "./useEstimate";
import { words } from "./words";

type Estimate = Schema["Estimate"];

interface Props {
  choices: Choice[];
  estimated: Estimated;
  isLink: boolean;
  isReady: boolean;
  onStart: () => Promise<void>;
}

export function EstimateCard({ choices, estimated, isLink, isReady, onStart }: Props) {
  const [error, setError] = useState<Error>();
  const [isBusy, setIsBusy] = useState(false);

  const start = async () => {
    if (isBusy) {
      return;
    }
    setIsBusy(true);
    setError(undefined);
    try {
      await onStart();
    } catch (thrown) {
      setError(thrown as Error);
    }
    setIsBusy(false);
  };

  return (
    <>
      {choices.length > 0 && (
        <section className="card stack" aria-labelledby="estimate">
          <h2 id="estimate">{words.estimate}</h2>
          <p>{words.storedNote}</p>
          {estimated.state === "known" && <Details estimate={estimated.estimate} />}
          {estimated.state === "failed" && <Failure error={estimated.error} onRetry={estimated.askAgain} />}
        </section>
      )}
      <div className={styles.start}>
        {error && <ErrorBlock error={error} />}
        <p className="figures" role="status">
          {choices.length > 0 &&
            (estimated.state === "known" ? estimateInWords(estimated.estimate) : countsInWords(choices, estimated.state))}
        </p>
        <button
          type="button"
          className="button primary"
          disabled={!isReady}
          aria-disabled={isBusy}
          aria-busy={isBusy}
          onClick={() => void start()}
        >
          {isLink ? words.makeLink : words.start}
        </button>
      </div>
    </>
  );
}

/** A field that is wrong may be one that is just being filled in. */
function Failure({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const text = `${words.cannotEstimate} ${error.message}`;
  return error instanceof ApiError && error.status === 400 ? (
    <p className="secondary">{text}</p>
  ) : (
    <ErrorBlock error={new Error(text)} onRetry={onRetry} />
  );
}

function Details({ estimate: { calls, dollars, priceList, renamed, leftOut } }: { estimate: Estimate }) {
  const leftOutText = words.leftOut(leftOut);
  return (
    <>
      {leftOutText && <p>{leftOutText}</p>}
      <details>
        <summary>{words.calls}</summary>
        <div className="stack">
          <DataTable
            caption={words.calls}
            rows={calls}
            keyOf={({ name }) => name}
            columns={[
              { head: words.call, cell: ({ name }) => name },
              { head: words.count, isFigure: true, cell: ({ count }) => formatCount(count) },
            ]}
          />
          <p className="secondary">{words.priceNote(dollars, priceList)}</p>
        </div>
      </details>
      {renamed.count > 0 && (
        <details>
          <summary>{words.names(renamed.count)}</summary>
          <div className="stack">
            <p className="secondary">{words.namesNote}</p>
            <DataTable
              caption={words.names(renamed.count)}
              rows={renamed.entries}
              keyOf={({ bucket, key, name }) => `${bucket}/${key}\n${name}`}
              columns={[
                { head: words.nameFrom, cell: ({ key }) => <code>{key}</code> },
                { head: words.nameTo, cell: ({ name }) => <code>{name}</code> },
                { head: words.nameWhy, cell: ({ change }) => changesInWords(change) },
              ]}
            />
            {renamed.count > renamed.entries.length && (
              <p>{words.moreNames(renamed.count - renamed.entries.length)}</p>
            )}
          </div>
        </details>
      )}
    </>
  );
}

function estimateInWords({ entries, archives, calls, dollars }: Estimate): string {
  const sum = (figures: number[]) => figures.reduce((total, figure) => total + figure, 0);
  return [
    words.files(entries),
    words.zipSize(sum(archives.map(({ bytes }) => bytes))),
    words.requests(sum(calls.map(({ count }) => count))),
    words.price(dollars),
  ].join(" · ");
}

function countsInWords(choices: Choice[], state: Estimated["state"]): string {
  const isWhole = choices.every(({ count }) => count.state === "counted");
  const sumOf = (figure: "entries" | "bytes") => choices.reduce((sum, { count }) => sum + count[figure], 0);
  return [
    `${isWhole ? "" : `${words.atLeast} `}${words.files(sumOf("entries"))}`,
    words.size(sumOf("bytes")),
    state === "asking" && words.asking,
  ]
    .filter(Boolean)
    .join(" · ");
}
