/** The two ways to download: the browser's own, and into a file with its progress on the page. */
import { Icon } from "../../components/Icon";
import { canPickFile } from "./filePicker";
import type { useDownload } from "./useDownload";
import { words } from "./words";

interface Props {
  url: string;
  saving: ReturnType<typeof useDownload>;
}

export function DownloadButtons({ url, saving: { state, start } }: Props) {
  return (
    <>
      <a className="button primary" href={url} rel="noreferrer">
        <Icon name="download" /> {words.download}
      </a>
      {canPickFile && state.step === "idle" && (
        <button type="button" className="button" onClick={start}>
          {words.downloadWithProgress}
        </button>
      )}
    </>
  );
}
