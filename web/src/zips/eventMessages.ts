/** What is said of the stream of events: by its owner (a worker for all tabs, or the tab itself) to those who show zips. */
import type { Schema } from "../api/calls";

export type EventMessage =
  | { type: "zip"; zip: Schema["Zip"] }
  /** The stream is open. */
  | { type: "live" }
  /** Events may have been missed: what is shown is to be read anew. */
  | { type: "resync" }
  /** The stream has ended, and is tried again. */
  | { type: "lost" };

export type Listener = (message: EventMessage) => void;
