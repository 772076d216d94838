/** Links as a table. */
import type { Schema } from "../../api/calls";
import { Chip, type Tone } from "../../components/Chip";
import { CopyButton } from "../../components/CopyButton";
import { copyText } from "../../components/copyText";
import { DataTable } from "../../components/DataTable";
import { MenuButton } from "../../components/Menu";
import { Time } from "../../components/Time";
import { useToast } from "../../components/Toast";
import { formatBytes } from "../../format/sizes";
import { asSentence } from "../../format/sentences";
import { openLink } from "../../zips/openLink";
import styles from "./Links.module.css";
import { pageOfLink } from "./pageOfLink";
import { words } from "./words";

type Stream = Schema["Stream"];

const TONES: Record<Stream["state"], Tone> = {
  listing: "zipping",
  ready: "ready",
  failed: "failed",
  revoked: "cancelled",
  expired: "cancelled",
};

interface Props {
  streams: Stream[];
  onRevoke: (stream: Stream) => void;
}

export function LinkTable({ streams, onRevoke }: Props) {
  return (
    <DataTable
      caption={words.caption}
      rows={streams}
      keyOf={({ id }) => id}
      columns={[
        { head: words.file, cell: FileCell },
        { head: words.state, cell: ({ state }) => <Chip tone={TONES[state]}>{words.states[state]}</Chip> },
        { head: words.size, isFigure: true, cell: sizeInWords },
        { head: words.downloads, cell: ({ downloads }) => <Downloads {...downloads} /> },
        { head: words.made, cell: ({ createdAt }) => <Time at={createdAt} /> },
        { head: words.ends, cell: ({ state, expiresAt }) => hasEnd(state) && <Time at={expiresAt} /> },
      ]}
      actions={(stream) => <Actions stream={stream} onRevoke={onRevoke} />}
    />
  );
}

/** What has failed or was revoked has ended already. */
function hasEnd(state: Stream["state"]): boolean {
  return state !== "failed" && state !== "revoked";
}

function FileCell({ fileName, error, lastFailure }: Stream) {
  const failure = error ?? lastFailure?.error;
  return (
    <>
      {fileName}
      {failure && (
        <div className={styles.failure}>
          {error === null && lastFailure && (
            <>
              {words.lastFailure}, <Time at={lastFailure.at} />:{" "}
            </>
          )}
          {asSentence(failure)}
        </div>
      )}
    </>
  );
}

function Downloads({ count, bytes, lastAt }: Stream["downloads"]) {
  // A download that was resumed elsewhere has bytes, and no beginning.
  if (lastAt === null) {
    return <span className="secondary">{words.notDownloaded}</span>;
  }
  return (
    <>
      {words.downloaded(count, bytes)}
      <div className="secondary">
        {words.last} <Time at={lastAt} />
      </div>
    </>
  );
}

function sizeInWords({ archives }: Stream): string {
  if (archives.length === 0) {
    return "";
  }
  const bytes = archives.reduce((sum, archive) => sum + archive.bytes, 0);
  const entries = archives.reduce((sum, archive) => sum + archive.entries, 0);
  return `${formatBytes(bytes)} · ${words.files(entries)}`;
}

function Actions({ stream, onRevoke }: { stream: Stream; onRevoke: (stream: Stream) => void }) {
  const { state, links, fileName } = stream;
  const pages = links.flatMap(pageOfLink);
  const toast = useToast();
  const copy = async (text: string) => {
    toast({ text: (await copyText(text, document.body)) ? words.copied : words.notCopied });
  };
  if (state !== "ready" && state !== "listing") {
    return null;
  }
  return (
    <span className={styles.actions}>
      {links.length > 0 && <CopyButton text={links.join("\n")} what={words.linkOf(fileName)} isIcon />}
      <MenuButton
        label={words.actionsFor(fileName)}
        items={[
          ...links.slice(0, 1).map((link) => ({ label: words.download, onSelect: () => openLink(link) })),
          ...(pages.length > 0 ? [{ label: words.copyPage, onSelect: () => void copy(pages.join("\n")) }] : []),
          { label: words.revoke, isDanger: true, onSelect: () => onRevoke(stream) },
        ]}
      />
    </span>
  );
}
