/** The store of zips as components use it. The stream of events is open while somebody uses it. */
import { useCallback, useEffect, useSyncExternalStore } from "react";
import type { Schema } from "../api/calls";
import type { EventMessage } from "./eventMessages";
import { listenToEvents } from "./listenToEvents";
import { type Connection, type LiveZip, ZipStore } from "./zipStore";

const store = new ZipStore();
let userCount = 0;
let stopListening: (() => void) | undefined;

function startUse(): () => void {
  userCount += 1;
  stopListening ??= listenToEvents((message) => store.hear(message, Date.now()));
  return () => {
    userCount -= 1;
    if (userCount === 0) {
      stopListening?.();
      stopListening = undefined;
      store.clear();
    }
  };
}

/** Keeps the stream of events open. */
export function useZipStream(): void {
  useEffect(startUse, []);
}

/** Does that, and hands on its messages; `listener` must stay the same function. */
export function useZipEvents(listener: (message: EventMessage) => void): void {
  useZipStream();
  useEffect(() => store.onEvent(listener), [listener]);
}

/** Takes zips that a call has answered with, for those who show them. */
export function putZips(zips: Schema["Zip"][]): void {
  for (const zip of zips) {
    store.put(zip, Date.now());
  }
}

/** The zip as it was last heard of. */
export function useLiveZip(id: string): LiveZip | undefined {
  return useSyncExternalStore(
    useCallback((listener) => store.subscribe(id, listener), [id]),
    () => store.get(id),
  );
}

/** The same without following it. */
export function liveZip(id: string): LiveZip | undefined {
  return store.get(id);
}

/** Calls the listener at each event. */
export function followAny(listener: () => void): () => void {
  return store.onEvent(listener);
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    useCallback((listener) => store.subscribeConnection(listener), []),
    () => store.connection,
  );
}
