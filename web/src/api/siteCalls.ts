/** The calls that docs/reference/openapi.json does not describe: sessions, which only the site uses, and what the
 * server's description does not have yet. */

import type { Schema } from "./calls";

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

export interface Key {
  userKey: string;
  name: string;
  secretEnd: string;
  createdAt: string;
  lastUsedAt: string | null;
  lastUsedFrom: string | null;
  formerSecretUntil: string | null;
}

/** A key in the one answer that has its secret. */
export interface NewKey extends Key {
  userSecret: string;
}

export interface BrowserSession {
  id: string;
  browser: string;
  address: string;
  createdAt: string;
  lastSeenAt: string;
  isThis: boolean;
}

export interface AdminAccount {
  id: string;
  name: string;
  isAdmin: boolean;
  state: "active" | "disabled";
  createdAt: string;
  lastSeenAt: string | null;
  zips30Days: number;
  bytes30Days: number;
}

export interface SystemFacts {
  version: string;
  upSeconds: number;
  zips: { queued: number; running: number; waiting: number };
  store: { kind: string };
  disk: { freeBytes: number; totalBytes: number } | null;
  mail: { sends: boolean; sendsLinks: boolean };
  settings: { key: string; value: string }[];
}

/** A file in a zip, or a folder that has an entry of its own. */
export interface FileEntry {
  name: string;
  size: number;
  modified: string | null;
  crc32: string | null;
  isFolder: boolean;
}

export interface Files {
  entries: FileEntry[];
  folders: string[];
  entryCount: number;
  nextCursor: string | null;
}

export type DayUsage = Schema["Usage"] & { day: string };

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

  "GET /api/keys": { answer: { keys: Key[] } };
  "POST /api/keys": { body: { name: string }; answer: NewKey };
  "PUT /api/keys/{userKey}": { path: { userKey: string }; body: { name: string }; answer: Key };
  "POST /api/keys/{userKey}/rotate": {
    path: { userKey: string };
    body: { overlapHours: number };
    answer: NewKey;
  };
  "DELETE /api/keys/{userKey}": { path: { userKey: string }; answer: { revoked: boolean } };

  "PUT /api/account/password": { body: { password: string; newPassword: string }; answer: Empty };
  "GET /api/account/sessions": { answer: { sessions: BrowserSession[] } };
  "DELETE /api/account/sessions/{id}": { path: { id: string }; answer: { ended: boolean } };
  "DELETE /api/account": { body: { password: string }; answer: { deleted: boolean } };

  "GET /api/zips/{id}/files": {
    path: { id: string };
    query: { prefix?: string; search?: string; limit?: number; cursor?: string };
    answer: Files;
  };
  /** `days` is there if the server counts by days. */
  "GET /api/usage": { query: { days?: number }; answer: Schema["UsageReport"] & { days?: DayUsage[] } };

  "GET /api/admin/accounts": { answer: { accounts: AdminAccount[] } };
  "POST /api/admin/accounts/{id}/disable": { path: { id: string }; answer: unknown };
  "POST /api/admin/accounts/{id}/enable": { path: { id: string }; answer: unknown };
  "POST /api/admin/accounts/{id}/delete": { path: { id: string }; answer: unknown };
  "POST /api/admin/accounts/{id}/reset": { path: { id: string }; answer: { link: string } };
  "POST /api/admin/invitations": { body: Empty; answer: { link: string; expiresAt: string } };
  "GET /api/admin/system": { answer: SystemFacts };
}
