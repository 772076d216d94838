/** What a link leads to, when its files are listed. */
import { lazy, Suspense } from "react";
import type { Schema } from "../../api/calls";
import { PageBoundary } from "../../app/PageBoundary";
import { Loading } from "../../components/Loading";
import { Time } from "../../components/Time";
import { formatExact } from "../../format/times";
import { canPickFile } from "./filePicker";
import type { useDownload } from "./useDownload";
import type { LinkNames } from "./useShared";
import { words } from "./words";

/** The download does not wait for the code of the list, nor for that of another way to download. */
const SaveProgress = lazy(() => import("./SaveProgress"));
const SharedContents = lazy(() => import("./SharedContents"));

interface Props {
  names: LinkNames;
  shared: Schema["SharedStream"];
  saving: ReturnType<typeof useDownload>;
}

export function SharedView({ names, shared: { fileName, part, expiresAt }, saving }: Props) {
  return (
    <div className="stack wide">
      <div>
        <p>
          {words.worksUntil} {formatExact(expiresAt)} (<Time at={expiresAt} />).
        </p>
        {canPickFile && <p className="secondary">{words.note}</p>}
      </div>
      {saving.state.step !== "idle" && (
        <Suspense fallback={null}>
          <SaveProgress fileName={fileName} saving={saving} />
        </Suspense>
      )}
      <section className="stack" aria-labelledby="contents">
        <h2 id="contents">{words.contents}</h2>
        {part === 1 ? (
          <PageBoundary>
            <Suspense fallback={<Loading rows={6} />}>
              <SharedContents names={names} />
            </Suspense>
          </PageBoundary>
        ) : (
          <p className="secondary">{words.contentsAtFirstPart}</p>
        )}
      </section>
    </div>
  );
}
