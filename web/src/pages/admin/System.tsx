/** How the server is, and its settings, for administrators. */
import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { PageHeader } from "../../app/PageHeader";
import { type Column, DataTable } from "../../components/DataTable";
import { Facts } from "../../components/Facts";
import { QueryView } from "../../components/QueryView";
import { formatBytes } from "../../format/sizes";
import { formatDuration } from "../../format/times";
import { UnendedZips } from "./UnendedZips";
import { words } from "./words";

const REFRESH_MS = 10_000;

export default function System() {
  const query = useQuery({
    queryKey: ["admin", "system"],
    queryFn: ({ signal }) => call("GET /api/admin/system", { signal }),
    refetchInterval: REFRESH_MS,
  });
  return (
    <>
      <PageHeader title={words.system} />
      <QueryView query={query}>{(system) => <SystemView system={system} />}</QueryView>
    </>
  );
}

function SystemView({ system: { version, upSeconds, zips, store, disk, mail, settings } }: { system: Schema["System"] }) {
  return (
    <div className="stack wide">
      <div className="card">
        <Facts
          facts={[
            [words.version, version],
            [words.up, formatDuration(upSeconds)],
            [words.queue, words.queueText(zips.running, zips.queued, zips.waiting)],
            [words.store, store.kind],
            ...(disk ? [diskFact(disk)] : []),
            [words.mailTitle, words.mailText(mail.sends, mail.sendsLinks)],
          ]}
        />
      </div>
      <UnendedZips />
      <section className="stack" aria-labelledby="settings">
        <h2 id="settings">{words.settings}</h2>
        <DataTable caption={words.settings} columns={COLUMNS} rows={settings} keyOf={(setting) => setting.key} />
      </section>
    </div>
  );
}

function diskFact({ freeBytes, totalBytes }: NonNullable<Schema["System"]["disk"]>): [string, string] {
  return [words.disk, words.diskText(formatBytes(freeBytes), formatBytes(totalBytes))];
}

const COLUMNS: Column<Schema["System"]["settings"][number]>[] = [
  { head: words.setting, cell: ({ key }) => <code>{key}</code> },
  {
    head: words.value,
    cell: ({ value }) =>
      value === "" ? <span className="secondary">{words.emptyValue}</span> : <code>{value}</code>,
  },
];
