/** The page of those who were given a link: what it leads to, and the download. Nobody needs an account for it. */
import { useParams } from "wouter";
import type { Schema } from "../../api/calls";
import { PageHeader } from "../../app/PageHeader";
import { Chip } from "../../components/Chip";
import { Empty } from "../../components/Empty";
import { ErrorBlock } from "../../components/ErrorBlock";
import { Loading } from "../../components/Loading";
import { DownloadButtons } from "./DownloadButtons";
import { ownUrl } from "./ownUrl";
import { SharedView } from "./SharedView";
import { useDownload } from "./useDownload";
import { type LinkNames, useShared } from "./useShared";
import { words } from "./words";

export default function Shared() {
  const { target = "", signature = "" } = useParams();
  return <SharedOf key={`${target}/${signature}`} names={{ target, signature }} />;
}

function SharedOf({ names }: { names: LinkNames }) {
  const { shared, error, end, askAgain } = useShared(names);
  const saving = useDownload(ownUrl(shared?.url ?? ""), shared?.fileName ?? "");
  if (end !== undefined) {
    return (
      <>
        <PageHeader title={words.ends[end].title} />
        <Empty text={words.ends[end].text} />
      </>
    );
  }
  const isReady = shared?.state === "ready";
  return (
    <>
      <PageHeader
        title={shared?.fileName ?? words.title}
        actions={isReady && <DownloadButtons url={shared.url} saving={saving} />}
      >
        {shared && shared.state !== "failed" && <Facts shared={shared} />}
      </PageHeader>
      {error && <ErrorBlock error={error} onRetry={askAgain} />}
      {shared === undefined && error === undefined && <Loading />}
      {isReady && <SharedView names={names} shared={shared} saving={saving} />}
      {shared?.state === "failed" && <ErrorBlock error={new Error(words.failed)} />}
      {shared?.state === "listing" && <p role="status">{words.listingText}</p>}
    </>
  );
}

function Facts({ shared: { state, bytes, entries, part, parts } }: { shared: Schema["SharedStream"] }) {
  if (state === "listing") {
    return <Chip tone="zipping">{words.listing}</Chip>;
  }
  return [
    bytes !== null && words.size(bytes),
    entries !== null && words.files(entries),
    parts > 1 && words.part(part, parts),
  ]
    .filter(Boolean)
    .join(" · ");
}
