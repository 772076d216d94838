/** What became of the files, as far as there is something to say: renamed, skipped, left out. */
import { useQuery } from "@tanstack/react-query";
import { ApiError } from "../../api/ApiError";
import type { Schema } from "../../api/calls";
import { DataTable } from "../../components/DataTable";
import { Empty } from "../../components/Empty";
import { Icon } from "../../components/Icon";
import { QueryView } from "../../components/QueryView";
import { changesInWords } from "../../zips/nameChanges";
import { type ReportLine, readReport, reportUrl } from "./readReport";
import { words } from "./words";

export function Report({ zip }: { zip: Schema["Zip"] }) {
  const query = useQuery({
    queryKey: ["report", zip.id, zip.state],
    queryFn: ({ signal }) => readReport(zip.id, signal),
  });
  if (query.error instanceof ApiError && query.error.status === 409) {
    return <Empty text={words.reportLater} />;
  }
  return (
    <QueryView query={query} rows={3}>
      {({ notable, isCut }) => (
        <div className="stack">
          <div>
            <a className="button" href={reportUrl(zip.id, "csv")} download>
              <Icon name="download" /> {words.downloadReport}
            </a>
          </div>
          {isCut && <p>{words.reportCut}</p>}
          {notable.length === 0 ? (
            <p>{words.allWell}</p>
          ) : (
            <DataTable
              caption={words.tabReport}
              rows={notable.map((line, at) => ({ ...line, at }))}
              keyOf={({ at }) => String(at)}
              columns={[
                { head: words.key, cell: ({ bucket, key, name }) => <code>{key === "" ? name : `${bucket}/${key}`}</code> },
                { head: words.what, cell: whatHappened },
                { head: words.name, cell: ({ name }) => name && <code>{name}</code> },
              ]}
            />
          )}
        </div>
      )}
    </QueryView>
  );
}

function whatHappened({ nameChange, state, reason }: ReportLine): string {
  return reason || words.states[state] || changesInWords(nameChange);
}
