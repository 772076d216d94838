/** What is in the zip, read from the zip itself: by folders or by search, each to be taken out alone. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../api/ApiError";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import type { FileEntry, Files } from "../../api/siteCalls";
import { DataTable } from "../../components/DataTable";
import { Empty } from "../../components/Empty";
import { Icon } from "../../components/Icon";
import { Pagination, useCursors } from "../../components/Pagination";
import { QueryView } from "../../components/QueryView";
import { Time } from "../../components/Time";
import { formatBytes } from "../../format/sizes";
import { isUnderWay } from "../../zips/zipWords";
import { fileUrl } from "./fileUrl";
import { words } from "./words";
import styles from "./Zip.module.css";

const PAGE = 100;

export function Entries({ zip }: { zip: Schema["Zip"] }) {
  if (zip.state === "succeeded" && zip.deletedAt === null) {
    return <ReadEntries id={zip.id} />;
  }
  return <Empty text={isUnderWay(zip) ? words.entriesLater : zip.deletedAt ? words.entriesGone : words.entriesNever} />;
}

function ReadEntries({ id }: { id: string }) {
  const [prefix, setPrefix] = useState("");
  const [search, setSearch] = useState("");
  return (
    <div className="stack">
      <form
        className={styles.search}
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          setSearch(String(new FormData(event.currentTarget).get("search")));
        }}
      >
        <input
          key={search}
          type="search"
          name="search"
          className="input"
          defaultValue={search}
          placeholder={words.search}
          aria-label={words.search}
        />
        <button type="submit" className="button">
          <Icon name="search" /> {words.searchAction}
        </button>
        {search !== "" && (
          <button type="button" className="button" onClick={() => setSearch("")}>
            {words.clear}
          </button>
        )}
      </form>
      {search === "" && <Crumbs prefix={prefix} onOpen={setPrefix} />}
      <EntryPages key={`${prefix}\n${search}`} id={id} prefix={prefix} search={search} onOpen={setPrefix} />
    </div>
  );
}

function Crumbs({ prefix, onOpen }: { prefix: string; onOpen: (prefix: string) => void }) {
  const parts = prefix.split("/").slice(0, -1);
  const steps: [string, string][] = [
    [words.top, ""],
    ...parts.map((part, at): [string, string] => [part, `${parts.slice(0, at + 1).join("/")}/`]),
  ];
  return (
    <nav className={styles.crumbs} aria-label={words.folders}>
      {steps.map(([name, target]) => (
        <button
          key={target}
          type="button"
          className="button quiet"
          aria-current={target === prefix ? "location" : undefined}
          onClick={() => onOpen(target)}
        >
          {name}
        </button>
      ))}
    </nav>
  );
}

interface EntryPagesProps {
  id: string;
  prefix: string;
  search: string;
  onOpen: (prefix: string) => void;
}

function EntryPages({ id, prefix, search, onOpen }: EntryPagesProps) {
  const cursors = useCursors();
  const query = useQuery({
    queryKey: ["files", id, prefix, search, cursors.cursor],
    queryFn: ({ signal }) =>
      call("GET /api/zips/{id}/files", {
        path: { id },
        query: { prefix: search === "" ? prefix : "", search, limit: PAGE, cursor: cursors.cursor },
        signal,
      }),
  });
  if (query.error instanceof ApiError && query.error.status === 404) {
    return <Empty text={words.entriesUnknown} />;
  }
  return (
    <QueryView query={query} rows={6}>
      {(files) => (
        <>
          <EntryTable id={id} files={files} prefix={prefix} isSearch={search !== ""} onOpen={onOpen} />
          <Pagination cursors={cursors} nextCursor={files.nextCursor} back={words.previous} forward={words.next} />
          <p className="secondary">{words.entryCount(files.entryCount)}</p>
        </>
      )}
    </QueryView>
  );
}

interface Line {
  name: string;
  isFolder: boolean;
  entry: FileEntry | undefined;
}

interface EntryTableProps extends Pick<EntryPagesProps, "id" | "prefix" | "onOpen"> {
  files: Files;
  isSearch: boolean;
}

function EntryTable({ id, files, prefix, isSearch, onOpen }: EntryTableProps) {
  const lines: Line[] = [
    ...files.folders.map((name) => ({ name, isFolder: true, entry: undefined })),
    ...files.entries.map((entry) => ({ name: entry.name, isFolder: entry.isFolder, entry })),
  ];
  if (lines.length === 0) {
    return <Empty text={isSearch ? words.noMatch : words.noEntries} />;
  }
  const shortName = ({ name }: Line) => (isSearch ? name : name.slice(prefix.length));
  return (
    <DataTable
      caption={words.tabEntries}
      rows={lines}
      keyOf={({ name }) => name}
      columns={[
        {
          head: words.name,
          cell: (line) =>
            line.isFolder && !isSearch ? (
              <button type="button" className={styles.folder} onClick={() => onOpen(line.name)}>
                <Icon name="folder" /> {shortName(line)}
              </button>
            ) : (
              shortName(line)
            ),
        },
        { head: words.size, isFigure: true, cell: ({ entry }) => entry && formatBytes(entry.size) },
        { head: words.modified, cell: ({ entry }) => entry?.modified && <Time at={entry.modified} /> },
        { head: words.crc, isMinor: true, cell: ({ entry }) => entry?.crc32 && <code>{entry.crc32}</code> },
      ]}
      actions={(line) => (
        <a
          className="button quiet icon"
          href={fileUrl(id, line.name)}
          download
          aria-label={line.isFolder ? words.downloadFolder(shortName(line)) : words.downloadEntry(shortName(line))}
        >
          <Icon name="download" />
        </a>
      )}
    />
  );
}
