/** A download into a file that the reader chooses, as the page shows it. */
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/ApiError";
import { pickFile } from "./filePicker";
import type { ResumingDownload } from "./resumingDownload";
import type { Told } from "./saving";
import { words } from "./words";

export interface DownloadState extends Told {
  step: "idle" | "running" | "finishing" | "broken" | "failed" | "done";
  error: Error | undefined;
}

const IDLE: DownloadState = { step: "idle", received: 0, total: undefined, isBroken: false, rate: undefined, error: undefined };

interface Running {
  download: ResumingDownload;
  file: FileSystemWritableFileStream;
  abort: AbortController;
}

export function useDownload(url: string, fileName: string) {
  const [state, setState] = useState(IDLE);
  const running = useRef<Running>(undefined);

  const change = useCallback((news: Partial<DownloadState>) => setState((former) => ({ ...former, ...news })), []);

  const drop = useCallback(() => {
    running.current?.abort.abort();
    void running.current?.file.abort().catch(() => {});
    running.current = undefined;
  }, []);
  useEffect(() => drop, [drop]);

  const run = useCallback(async () => {
    if (running.current === undefined) {
      return;
    }
    const { download, file, abort } = running.current;
    change({ step: "running", error: undefined });
    try {
      await download.run(abort.signal);
      change({ step: "finishing", rate: undefined });
      await file.close();
      running.current = undefined;
      change({ step: "done" });
    } catch (error) {
      if (abort.signal.aborted) {
        return;
      }
      if ((error as Error).name === "Broken") {
        change({ step: "broken", rate: undefined });
      } else {
        drop();
        change({ step: "failed", error: inWords(error) });
      }
    }
  }, [change, drop]);

  const start = useCallback(async () => {
    try {
      // The file comes first: the browser asks for it only at a click.
      const handle = await pickFile(fileName);
      if (handle === undefined) {
        return;
      }
      const { downloadInto } = await import("./saving");
      const file = await handle.createWritable();
      drop();
      setState(IDLE);
      running.current = { download: downloadInto(file, url, change), file, abort: new AbortController() };
    } catch (error) {
      change({ step: "failed", error: inWords(error) });
      return;
    }
    await run();
  }, [url, fileName, change, run, drop]);

  const stop = useCallback(() => {
    drop();
    setState(IDLE);
  }, [drop]);

  useLeavingAsks(state.step === "running" || state.step === "finishing" || state.step === "broken");
  return { state, start: () => void start(), goOn: () => void run(), stop };
}

/** The server's errors are sentences; those of the file are the browser's. */
function inWords(error: unknown): Error {
  return error instanceof ApiError ? error : new Error(words.cannotWrite((error as Error).message));
}

/** Who leaves the page loses what was received: the browser asks first. */
function useLeavingAsks(isAsking: boolean): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    if (isAsking) {
      addEventListener("beforeunload", ask);
    }
    return () => removeEventListener("beforeunload", ask);
  }, [isAsking]);
}
