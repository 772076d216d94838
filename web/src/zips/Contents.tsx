/** What is in a zip: by folders or by search, each to be taken out alone where that may be. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../api/ApiError";
import type { Schema } from "../api/calls";
import { Crumbs, foldersOf } from "../components/Crumbs";
import { DataTable } from "../components/DataTable";
import { Empty } from "../components/Empty";
import { Icon } from "../components/Icon";
import { Pagination, useCursors } from "../components/Pagination";
import { QueryView } from "../components/QueryView";
import { Time } from "../components/Time";
import { formatBytes } from "../format/sizes";
import styles from "./Contents.module.css";
import { words } from "./contentsWords";

type Files = Schema["Files"];

const PAGE = 100;

export interface ContentsQuery {
  prefix: string;
  search: string;
  limit: number;
  cursor: string | undefined;
}

/** Where the list comes from. */
export interface ContentsSource {
  /** Names it among all queries of the site. */
  key: string;
  list: (query: ContentsQuery, signal: AbortSignal) => Promise<Files>;
  /** The address of an entry, or of a folder as a zip; without it nothing can be taken out alone. */
  urlOf?: (name: string) => string;
}

export function Contents({ source }: { source: ContentsSource }) {
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
      {search === "" && <FolderCrumbs prefix={prefix} onOpen={setPrefix} />}
      <EntryPages key={`${prefix}\n${search}`} source={source} prefix={prefix} search={search} onOpen={setPrefix} />
    </div>
  );
}

function FolderCrumbs({ prefix, onOpen }: { prefix: string; onOpen: (prefix: string) => void }) {
  const steps = [{ name: words.top, prefix: "" }, ...foldersOf(prefix)];
  return (
    <Crumbs
      label={words.folders}
      steps={steps.map((step) => ({ key: step.prefix, name: step.name, onOpen: () => onOpen(step.prefix) }))}
    />
  );
}

interface EntryPagesProps {
  source: ContentsSource;
  prefix: string;
  search: string;
  onOpen: (prefix: string) => void;
}

function EntryPages({ source, prefix, search, onOpen }: EntryPagesProps) {
  const cursors = useCursors();
  const query = useQuery({
    queryKey: ["files", source.key, prefix, search, cursors.cursor],
    queryFn: ({ signal }) =>
      source.list({ prefix: search === "" ? prefix : "", search, limit: PAGE, cursor: cursors.cursor }, signal),
  });
  if (query.error instanceof ApiError && query.error.status === 404) {
    return <Empty text={words.entriesUnknown} />;
  }
  return (
    <QueryView query={query} rows={6}>
      {(files) => (
        <>
          <EntryTable source={source} files={files} prefix={prefix} isSearch={search !== ""} onOpen={onOpen} />
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
  entry: Files["entries"][number] | undefined;
}

interface EntryTableProps extends Pick<EntryPagesProps, "source" | "prefix" | "onOpen"> {
  files: Files;
  isSearch: boolean;
}

function EntryTable({ source: { urlOf }, files, prefix, isSearch, onOpen }: EntryTableProps) {
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
      caption={words.caption}
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
      actions={
        urlOf &&
        ((line) => (
          <a
            className="button quiet icon"
            href={urlOf(line.name)}
            download
            aria-label={line.isFolder ? words.downloadFolder(shortName(line)) : words.downloadEntry(shortName(line))}
          >
            <Icon name="download" />
          </a>
        ))
      }
    />
  );
}
