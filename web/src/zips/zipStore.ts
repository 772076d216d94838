/** The zips that are shown, as they were last heard of: each row follows its own zip, so that a message draws only the
 * rows that it names. */
import type { Schema } from "../api/calls";
import type { EventMessage } from "./eventMessages";
import { rateOf, type Sample, withSample } from "./rate";

type Zip = Schema["Zip"];

export interface LiveZip {
  zip: Zip;
  /** Bytes a second, if the zip is being made and enough is known. */
  rate: number | undefined;
}

/** Whether changes arrive: by events, or not since a time. Undefined: the stream is being opened. */
export type Connection = { isLive: true } | { isLive: false; since: number } | undefined;

interface Entry extends LiveZip {
  samples: Sample[];
}

export class ZipStore {
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #connectionListeners = new Set<() => void>();
  readonly #eventListeners = new Set<(message: EventMessage) => void>();
  #connection: Connection;

  get(id: string): LiveZip | undefined {
    return this.#entries.get(id);
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Takes what is known of a zip at a time. */
  put(zip: Zip, now: number): void {
    const former = this.#entries.get(zip.id);
    if (former !== undefined && isSame(former.zip, zip)) {
      return;
    }
    const samples =
      zip.state === "running" ? withSample(former?.samples ?? [], { at: now, bytes: zip.progress.bytesDone }) : [];
    this.#entries.set(zip.id, { zip, samples, rate: rateOf(samples) });
    for (const listener of this.#listeners.get(zip.id) ?? []) {
      listener();
    }
  }

  /** Takes a message of the stream of events. */
  hear(message: EventMessage, now: number): void {
    if (message.type === "zip") {
      this.put(message.zip, now);
    } else if (message.type === "live") {
      this.#setConnection({ isLive: true });
    } else if (message.type === "lost" && this.#connection?.isLive !== false) {
      this.#setConnection({ isLive: false, since: now });
    }
    for (const listener of this.#eventListeners) {
      listener(message);
    }
  }

  /** Forgets all zips: their links are secrets, which are not kept for longer than they are shown. */
  clear(): void {
    this.#entries.clear();
    this.#connection = undefined;
  }

  subscribe(id: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) {
        this.#listeners.delete(id);
      }
    };
  }

  subscribeConnection(listener: () => void): () => void {
    this.#connectionListeners.add(listener);
    return () => this.#connectionListeners.delete(listener);
  }

  /** Hears every message after the store has taken it. */
  onEvent(listener: (message: EventMessage) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  #setConnection(connection: Connection): void {
    this.#connection = connection;
    for (const listener of this.#connectionListeners) {
      listener();
    }
  }
}

function isSame(a: Zip, b: Zip): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
