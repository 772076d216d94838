/** What the account did: three figures, two plots by day, and the table behind them. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "../../api/calls";
import { call } from "../../api/call";
import { PageHeader } from "../../app/PageHeader";
import { DataTable } from "../../components/DataTable";
import { Icon } from "../../components/Icon";
import { QueryView } from "../../components/QueryView";
import { formatBytes, formatCount } from "../../format/sizes";
import { formatDay } from "../../format/times";
import { Bars } from "./Bars";
import styles from "./Usage.module.css";
import { usageCsv } from "./usageCsv";
import { words } from "./words";

/** The server counts by days for a year. */
const SPANS = [30, 90, 365];

export default function Usage() {
  const [span, setSpan] = useState(SPANS[0]);
  const query = useQuery({
    queryKey: ["usage", span],
    queryFn: ({ signal }) => call("GET /api/usage", { query: { days: span }, signal }),
    // The plots of the former span stay until those of this one are there.
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHeader title={words.title}>{words.subtitle}</PageHeader>
      <QueryView query={query}>
        {(report) => (
          <div className="stack wide">
            <Figures report={report} />
            <SpanChoice span={span} onChoose={setSpan} />
            <Days days={report.days ?? []} />
          </div>
        )}
      </QueryView>
    </>
  );
}

function SpanChoice({ span, onChoose }: { span: number | undefined; onChoose: (span: number) => void }) {
  return (
    <select
      className={`input ${styles.span}`}
      aria-label={words.span}
      value={span}
      onChange={(event) => onChoose(Number(event.target.value))}
    >
      {SPANS.map((days) => (
        <option key={days} value={days}>
          {words.lastDays(days)}
        </option>
      ))}
    </select>
  );
}

function Figures({ report: { now, last24Hours, last30Days } }: { report: Schema["UsageReport"] }) {
  const figures: [name: string, format: (value: number) => string, of: (usage: Schema["Usage"]) => number][] = [
    [words.zips, formatCount, ({ zips }) => zips],
    [words.bytes, formatBytes, ({ bytesZipped, bytesStreamed }) => bytesZipped + bytesStreamed],
    [words.failures, formatCount, ({ zipsFailed }) => zipsFailed],
  ];
  return (
    <>
      <dl className={styles.figures}>
        {figures.map(([name, format, of]) => (
          <div key={name} className="card">
            <dt className="secondary">
              {name} {words.last30Days}
            </dt>
            <dd className={styles.value}>{format(of(last30Days))}</dd>
            <dd className="secondary">{words.last24Hours(format(of(last24Hours)))}</dd>
          </div>
        ))}
      </dl>
      <p className="secondary">{words.now(formatCount(now.pending + now.retrying), formatCount(now.running))}</p>
    </>
  );
}

function Days({ days }: { days: Schema["DayUsage"][] }) {
  return (
    <>
      <div className={styles.plots}>
        <Bars title={words.zipsByDay} days={days} valuesOf={({ zips, streams }) => [zips, streams]} format={formatCount} />
        <Bars
          title={words.bytesByDay}
          days={days}
          valuesOf={({ bytesZipped, bytesStreamed }) => [bytesZipped, bytesStreamed]}
          format={formatBytes}
        />
      </div>
      <details>
        <summary>{words.table}</summary>
        <div className="stack">
          <div>
            <button type="button" className="button" onClick={() => download(usageCsv(days))}>
              <Icon name="download" /> {words.download}
            </button>
          </div>
          <DataTable
            caption={words.table}
            rows={days.toReversed()}
            keyOf={({ day }) => day}
            columns={[
              { head: words.day, cell: ({ day }) => formatDay(day) },
              { head: words.zips, isFigure: true, cell: ({ zips }) => formatCount(zips) },
              { head: words.ready, isFigure: true, cell: ({ zipsSucceeded }) => formatCount(zipsSucceeded) },
              { head: words.failed, isFigure: true, cell: ({ zipsFailed }) => formatCount(zipsFailed) },
              { head: words.cancelled, isFigure: true, cell: ({ zipsCancelled }) => formatCount(zipsCancelled) },
              { head: words.streamed, isFigure: true, cell: ({ streams }) => formatCount(streams) },
              { head: words.bytesZipped, isFigure: true, cell: ({ bytesZipped }) => formatBytes(bytesZipped) },
              { head: words.bytesStreamed, isFigure: true, cell: ({ bytesStreamed }) => formatBytes(bytesStreamed) },
            ]}
          />
        </div>
      </details>
    </>
  );
}

function download(text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = "s3zipper-usage.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}
