/** The download of an address into a file: loaded when somebody begins one. */
import { rateOf, type Sample, withSample } from "../../zips/rate";
import { type Progress, ResumingDownload } from "./resumingDownload";

export interface Told extends Progress {
  /** Bytes a second. */
  rate: number | undefined;
}

/** Bytes come in thousands of pieces: the page is told so often at most. */
const TELL_MS = 250;

export function downloadInto(file: FileSystemWritableFileStream, url: string, tell: (told: Told) => void) {
  return new ResumingDownload({
    request: (headers, signal) => fetch(url, { headers, signal, cache: "no-store" }),
    sink: {
      write: (bytes) => file.write(bytes),
      startOver: async () => {
        await file.truncate(0);
        await file.seek(0);
      },
    },
    onProgress: teller(tell),
    pause,
  });
}

/** Hands progress on some times a second, and at once when it breaks or all is there. */
function teller(tell: (told: Told) => void): (progress: Progress) => void {
  let samples: Sample[] = [];
  let toldAt = 0;
  return (progress) => {
    const now = Date.now();
    if (now - toldAt >= TELL_MS || progress.isBroken || progress.received === progress.total) {
      toldAt = now;
      // A pause is no part of the rate.
      samples = progress.isBroken ? [] : withSample(samples, { at: now, bytes: progress.received });
      tell({ ...progress, rate: rateOf(samples) });
    }
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
