/** A download that goes on where it was when its connection breaks: by Range and If-Range, so that what has changed
 * meanwhile starts over instead of being sewn together. It knows nothing of pages and files: requests and the place of
 * the bytes are given to it. */
import { type ApiError, errorOf } from "../../api/ApiError";

/** Where the bytes go, in their order. */
export interface Sink {
  write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
  /** Drops all that was written. */
  startOver: () => Promise<void>;
}

export interface Progress {
  received: number;
  /** Undefined while it is not known. */
  total: number | undefined;
  /** Whether it waits for another try. */
  isBroken: boolean;
}

interface Options {
  request: (headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;
  sink: Sink;
  onProgress: (progress: Progress) => void;
  /** Waits before another try; ends at once when the signal does. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The connection has broken, and all tries to go on were in vain: run() may be called again later. */
export class Broken extends Error {
  constructor() {
    super("The connection has broken.");
    this.name = "Broken";
  }
}

/** So often in a row it breaks without a new byte: a minute and a half. */
const MOST_TRIES = 8;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** What a try came to: all is there; it broke and may go on, after so long a pause at least. */
type Outcome = "done" | { pauseMs: number };

export class ResumingDownload {
  readonly #options: Options;
  #received = 0;
  #total: number | undefined;
  #etag: string | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Downloads what is missing. Throws Broken, an ApiError if the server refuses, or what the sink throws. */
  async run(signal: AbortSignal): Promise<void> {
    let breaks = 0;
    for (;;) {
      const before = this.#received;
      const outcome = await this.#try(signal);
      signal.throwIfAborted();
      if (outcome === "done") {
        return;
      }
      // A try that brought bytes was not in vain.
      breaks = this.#received > before ? 1 : breaks + 1;
      if (breaks === MOST_TRIES) {
        throw new Broken();
      }
      this.#tell(true);
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (breaks - 1), LONGEST_PAUSE_MS);
      await this.#options.pause(Math.max(pauseMs, outcome.pauseMs), signal);
      signal.throwIfAborted();
    }
  }

  async #try(signal: AbortSignal): Promise<Outcome> {
    let response: Response;
    try {
      response = await this.#options.request(this.#headers(), signal);
    } catch {
      return { pauseMs: 0 };
    }
    if (!response.ok) {
      return this.#refused(response);
    }
    const isRest = response.status === 206 && startOf(response) === this.#received;
    if (response.status === 206 && !isRest) {
      // Not what was asked for: without a range the answer is the whole.
      void response.body?.cancel().catch(() => {});
      await this.#startOver();
      return { pauseMs: 0 };
    }
    if (!isRest) {
      await this.#startOver();
      this.#etag = strongTag(response);
      this.#total = lengthOf(response);
    }
    this.#tell();
    return (await this.#take(response, signal)) ? "done" : { pauseMs: 0 };
  }

  #headers(): Record<string, string> {
    return this.#received > 0 && this.#etag !== undefined
      ? { Range: `bytes=${this.#received}-`, "If-Range": this.#etag }
      : {};
  }

  /** A server that is not up to it may be later; a range that it does not have is none of this file. */
  async #refused(response: Response): Promise<Outcome> {
    if (response.status === 416) {
      await this.#startOver();
      return { pauseMs: 0 };
    }
    const error: ApiError = await errorOf(response);
    if (error.status !== 429 && error.status < 500) {
      throw error;
    }
    return { pauseMs: 1000 * (error.retryAfterSeconds ?? 0) };
  }

  /** Takes the bytes of an answer; false if it ended before the file did. */
  async #take(response: Response, signal: AbortSignal): Promise<boolean> {
    const reader = response.body?.getReader();
    for (;;) {
      let bytes: Uint8Array<ArrayBuffer> | undefined;
      try {
        bytes = (await reader?.read())?.value;
      } catch {
        return false;
      }
      if (bytes === undefined) {
        return this.#total === undefined || this.#received === this.#total;
      }
      try {
        await this.#options.sink.write(bytes);
      } catch (error) {
        // A full disk: nothing more is taken from the server.
        await reader?.cancel().catch(() => {});
        throw error;
      }
      signal.throwIfAborted();
      this.#received += bytes.length;
      this.#tell();
    }
  }

  async #startOver(): Promise<void> {
    if (this.#received > 0) {
      this.#received = 0;
      this.#total = undefined;
      this.#etag = undefined;
      await this.#options.sink.startOver();
    }
  }

  #tell(isBroken = false): void {
    this.#options.onProgress({ received: this.#received, total: this.#total, isBroken });
  }
}

/** A weak tag may be that of other bytes, and says nothing here. */
function strongTag(response: Response): string | undefined {
  const tag = response.headers.get("ETag");
  return tag === null || tag.startsWith("W/") ? undefined : tag;
}

function lengthOf(response: Response): number | undefined {
  const length = response.headers.get("Content-Length");
  return length === null ? undefined : Number(length);
}

/** Where the part begins that an answer has. */
function startOf(response: Response): number | undefined {
  const start = /^bytes (\d+)-/.exec(response.headers.get("Content-Range") ?? "")?.[1];
  return start === undefined ? undefined : Number(start);
}
