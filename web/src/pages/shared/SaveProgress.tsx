/** How far the download into a file is, and what can be done about it. */
import { Chip } from "../../components/Chip";
import { ErrorBlock } from "../../components/ErrorBlock";
import { ProgressBar } from "../../zips/ProgressBar";
import { secondsLeft } from "../../zips/rate";
import type { DownloadState, useDownload } from "./useDownload";
import styles from "./Shared.module.css";
import { words } from "./words";

interface Props {
  fileName: string;
  saving: ReturnType<typeof useDownload>;
}

export default function SaveProgress({ fileName, saving: { state, start, goOn, stop } }: Props) {
  const { step, received, total, error } = state;
  return (
    <section className="card stack" aria-labelledby="progress">
      <h2 id="progress">{words.progress}</h2>
      {step !== "failed" && step !== "done" && (
        <div className={styles.progress}>
          <ProgressBar label={words.progressOf(fileName)} share={total === undefined ? undefined : received / (total || 1)} />
          <p className="secondary figures">{progressInWords(state)}</p>
        </div>
      )}
      <div className="stack" role="status">
        {step === "broken" && <p>{words.broken}</p>}
        {step === "done" && (
          <p className="row">
            <Chip tone="ready">{words.saved}</Chip> {words.savedText(fileName)}
          </p>
        )}
      </div>
      {error && <ErrorBlock error={error} />}
      <div className="row">
        {step === "broken" && (
          <button type="button" className="button primary" onClick={goOn}>
            {words.goOn}
          </button>
        )}
        {(step === "running" || step === "broken") && (
          <button type="button" className="button" onClick={stop}>
            {words.stop}
          </button>
        )}
        {step === "failed" && (
          <button type="button" className="button" onClick={start}>
            {words.again}
          </button>
        )}
      </div>
    </section>
  );
}

function progressInWords({ step, received, total, rate, isBroken }: DownloadState): string {
  const left = total === undefined ? undefined : secondsLeft(rate, total - received);
  return [
    words.received(received, total),
    rate !== undefined && words.rate(rate),
    left !== undefined && words.left(left),
    step === "running" && isBroken && words.connecting,
    step === "finishing" && words.finishing,
  ]
    .filter(Boolean)
    .join(" · ");
}
