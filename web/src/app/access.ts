/** Who sees which page: what becomes of a reader who asks for one. */
import type { Session } from "../api/siteCalls";
import { HOME, type Page } from "./pages";

export type Access = "show" | "absent" | { redirect: string };

/** Where people land who have just made an account: the dialog for their first key is open. */
const FIRST_KEY = "/auth/develop?first";

/** `path` is where the reader wanted to go, to be brought there after the sign-in; `search` the query of the page. */
export function accessTo(page: Page, { server, account }: Session, path: string, search = ""): Access {
  if (page.path === "/setup" && !server.setup) {
    return account?.isAdmin ? { redirect: FIRST_KEY } : "absent";
  }
  if (server.setup && page.path !== "/setup" && page.path !== "/docs/*?") {
    return { redirect: "/setup" };
  }
  if (page.path.startsWith("/registration/") && !server.accounts) {
    return "absent";
  }
  if (page.path === "/registration/register" && account !== null) {
    return { redirect: FIRST_KEY };
  }
  switch (page.access) {
    case "everybody":
      return "show";
    case "visitor":
      return account === null ? "show" : { redirect: afterSignIn(search) };
    case "account":
      return account !== null || !server.accounts ? "show" : { redirect: signInPath(path) };
    case "administrator":
      return account === null && server.accounts
        ? { redirect: signInPath(path) }
        : account?.isAdmin ? "show" : "absent";
  }
}

export function signInPath(next: string): string {
  return `/registration/login?${new URLSearchParams({ next })}`;
}

/** Where the sign-in leads: the page that was asked for, if it is one of this site. */
export function afterSignIn(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "";
  return /^\/(?![/\\])/.test(next) ? next : HOME;
}
