/** What the account did: three figures, two plots by day, and the table behind them. */
import { useQuery } from "@tanstack/react-query";
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

/** The server counts by days for a month. */
const DAYS = 30;

export default function Usage() {
  const query = useQuery({
    queryKey: ["usage", DAYS],
    queryFn: ({ signal }) => call("GET /api/usage", { query: { days: DAYS }, signal }),
  });
  return (
    <>
      <PageHeader title={words.title}>{words.subtitle}</PageHeader>
      <QueryView query={query}>
        {(report) => (
          <div className="stack wide">
            <Figures report={report} />
            {report.days ? <Days days={report.days} /> : <p className="secondary">{words.noDays}</p>}
          </div>
        )}
      </QueryView>
    </>
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
