/** A plot of bars by day, of two kinds on top of each other. The table behind it has the figures. */
import type { Schema } from "../../api/calls";
import { formatDay } from "../../format/times";
import styles from "./Usage.module.css";
import { words } from "./words";

interface Props {
  title: string;
  days: Schema["DayUsage"][];
  /** The two figures of a day. */
  valuesOf: (day: Schema["DayUsage"]) => [zips: number, links: number];
  format: (value: number) => string;
}

export function Bars({ title, days, valuesOf, format }: Props) {
  const values = days.map(valuesOf);
  const sums = values.map(([zips, links]) => zips + links);
  const highest = Math.max(0, ...sums);
  const sum = format(sums.reduce((total, value) => total + value, 0));
  const note = highest === 0 ? words.nothingYet : words.highest(format(highest));
  return (
    <figure className={`card ${styles.figure}`} aria-label={`${title}: ${sum}, ${note}`}>
      <figcaption className="row apart">
        <h2>{title}</h2>
        <span className={styles.legend}>
          <span className={styles.zips}>{words.zipped}</span>
          <span className={styles.links}>{words.streamed}</span>
        </span>
      </figcaption>
      <p className="secondary figures">{note}</p>
      <div className={styles.bars} style={{ gap: gapOf(days.length) }} aria-hidden="true">
        {days.map((day, at) => {
          const [zips, links] = values[at] ?? [0, 0];
          return (
            <div key={day.day} className={styles.day} title={`${formatDay(day.day)}: ${format(zips + links)}`}>
              <div className={styles.linksBar} style={{ height: `${heightOf(links, highest)}%` }} />
              <div className={styles.zipsBar} style={{ height: `${heightOf(zips, highest)}%` }} />
            </div>
          );
        })}
      </div>
      <div className={styles.ends} aria-hidden="true">
        <span>{days[0] && formatDay(days[0].day)}</span>
        <span>{days.length > 0 && formatDay(days.at(-1)?.day ?? "")}</span>
      </div>
    </figure>
  );
}

/** Many bars stand close, so that a year fits on a phone. */
function gapOf(count: number): number {
  return count <= 40 ? 2 : count <= 100 ? 1 : 0;
}

function heightOf(value: number, highest: number): number {
  return highest === 0 ? 0 : (value / highest) * 100;
}
