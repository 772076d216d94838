/** What the zip will be and cost, before it is started. */
import { useMemo, useState } from "react";
import { DataTable } from "../../components/DataTable";
import { ErrorBlock } from "../../components/ErrorBlock";
import { formatCount } from "../../format/sizes";
import type { Choice } from "./choice";
import { estimate } from "./estimate";
import { nameChanges } from "./names";
import styles from "./New.module.css";
import { words } from "./words";

interface Props {
  choices: Choice[];
  isLink: boolean;
  isReady: boolean;
  onStart: () => Promise<void>;
}

const SHOWN_NAMES = 20;

export function EstimateCard({ choices, isLink, isReady, onStart }: Props) {
  const [error, setError] = useState<Error>();
  const [isBusy, setIsBusy] = useState(false);
  const { entries, zipBytes, calls, isWhole } = useMemo(() => estimate(choices, !isLink), [choices, isLink]);
  const changes = useMemo(() => nameChanges(choices.flatMap(({ count }) => count.keys)), [choices]);
  const callCount = calls.reduce((sum, { count }) => sum + count, 0);
  const dollars = calls.reduce((sum, call) => sum + call.dollars, 0);

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
                  { head: words.cost, isFigure: true, cell: (call) => words.callPrice(call.dollars) },
                ]}
              />
              <p className="secondary">{words.priceNote}</p>
            </div>
          </details>
          {changes.length > 0 && (
            <details>
              <summary>{words.names(changes.length)}</summary>
              <div className="stack">
                <p className="secondary">{words.namesNote}</p>
                <DataTable
                  caption={words.names(changes.length)}
                  rows={changes.slice(0, SHOWN_NAMES)}
                  keyOf={({ key, name }) => `${key}\n${name}`}
                  columns={[
                    { head: words.nameFrom, cell: ({ key }) => <code>{key}</code> },
                    { head: words.nameTo, cell: ({ name }) => <code>{name}</code> },
                  ]}
                />
                {changes.length > SHOWN_NAMES && <p>{words.moreNames(changes.length - SHOWN_NAMES)}</p>}
              </div>
            </details>
          )}
        </section>
      )}
      <div className={styles.start}>
        {error && <ErrorBlock error={error} />}
        <p className="figures" role="status">
          {choices.length > 0 &&
            [
              `${isWhole ? "" : `${words.atLeast} `}${words.files(entries)}`,
              words.zipSize(zipBytes),
              words.requests(callCount),
              words.price(dollars),
            ].join(" · ")}
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
