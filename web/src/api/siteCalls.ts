/** The calls that docs/reference/openapi.json does not describe, as only the site makes them: who is signed in, and how
 * one comes to an account. */

export interface ServerFacts {
  version: string;
  /** False: auth.mode is none, and the API answers everybody. */
  accounts: boolean;
  registration: "open" | "invitation" | "closed";
  /** True: no account exists yet. */
  setup: boolean;
  /** Whether the server sends mail. */
  mail: boolean;
}

export interface SessionAccount {
  id: string;
  name: string;
  isAdmin: boolean;
  createdAt: string;
}

export interface Session {
  server: ServerFacts;
  account: SessionAccount | null;
}

interface Credentials {
  name: string;
  password: string;
}

type Empty = Record<string, never>;

export interface SiteCalls {
  "GET /session": { answer: Session };
  "POST /session": { body: Credentials; answer: Session };
  "POST /session/link": { body: { code: string }; answer: Session };
  "DELETE /session": { answer: undefined };
  "POST /registration": { body: Credentials & { invitation: string }; answer: Session | { confirm: true } };
  "POST /registration/confirm": { body: { code: string }; answer: Session };
  "POST /registration/reset": { body: { name: string }; answer: Empty };
  "POST /registration/password": { body: { code: string; password: string }; answer: Session };
  "POST /setup": { body: Credentials & { code: string }; answer: Session };
}
