/** How fast the zip was made while the page was watching, as a plot or as a table. */
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { formatRate } from "../../format/sizes";
import { formatExact } from "../../format/times";
import type { LiveZip } from "../../zips/zipStore";
import { isBegun } from "../../zips/zipWords";
import { words } from "./words";
import styles from "./Zip.module.css";

const Plot = lazy(() => import("./Plot"));

export interface RatePoint {
  /** Milliseconds, as Date.now() has them. */
  at: number;
  rate: number;
}

const MOST_POINTS = 900;

function useRates({ zip, rate }: LiveZip): RatePoint[] {
  const [points, setPoints] = useState<RatePoint[]>([]);
  const former = useRef(-1);
  const { bytesDone } = zip.progress;
  useEffect(() => {
    if (rate !== undefined && bytesDone !== former.current) {
      former.current = bytesDone;
      setPoints((all) => [...all, { at: Date.now(), rate }].slice(-MOST_POINTS));
    }
  }, [rate, bytesDone]);
  return points;
}

export function Throughput({ live }: { live: LiveZip }) {
  const points = useRates(live);
  const [isTable, setIsTable] = useState(false);
  const isEnough = points.length > 1;
  if (!isEnough && !isBegun(live.zip)) {
    return null;
  }
  const rates = points.map(({ rate }) => rate);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / (rates.length || 1);
  const label = words.throughputSum(rates.at(-1) ?? 0, mean, Math.max(0, ...rates));
  return (
    <figure className={`card ${styles.throughput}`} aria-label={isEnough ? label : words.throughput}>
      <figcaption className="row apart">
        <h2>{words.throughput}</h2>
        {isEnough && (
          <button type="button" className="button quiet" onClick={() => setIsTable(!isTable)}>
            {isTable ? words.showPlot : words.showTable}
          </button>
        )}
      </figcaption>
      <div className={styles.plot}>
        {!isEnough ? (
          <p className="secondary">{words.waitingForPlot}</p>
        ) : isTable ? (
          <RateTable points={points} />
        ) : (
          <Suspense fallback={null}>
            <Plot points={points} label={label} />
          </Suspense>
        )}
      </div>
    </figure>
  );
}

function RateTable({ points }: { points: RatePoint[] }) {
  return (
    <div className={styles.rates} tabIndex={0} role="region" aria-label={words.throughput}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            <th scope="col">{words.rate}</th>
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map(({ at, rate }) => (
            <tr key={at}>
              <th scope="row">{formatExact(new Date(at).toISOString())}</th>
              <td>{formatRate(rate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
