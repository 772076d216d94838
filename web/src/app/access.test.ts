import { expect, test } from "vitest";
import type { Session } from "../api/siteCalls";
import { accessTo, afterSignIn } from "./access";
import { HOME, PAGES, pageAt } from "./pages";

const visitor: Session = {
  server: { version: "1", accounts: true, registration: "open", setup: false, mail: true },
  account: null,
};
const member: Session = {
  ...visitor,
  account: { id: "1", name: "me@example.org", isAdmin: false, createdAt: "2026-11-30T10:00:00Z" },
};
const open: Session = { ...visitor, server: { ...visitor.server, accounts: false } };
const empty: Session = { ...visitor, server: { ...visitor.server, setup: true } };

function access(path: string, session: Session, search = "") {
  const page = PAGES.find((candidate) => candidate.path === path);
  return page && accessTo(page, session, path, search);
}

test("a visitor is asked to sign in, and brought back afterwards", () => {
  expect(access("/account", visitor)).toEqual({ redirect: "/registration/login?next=%2Faccount" });
  expect(access("/registration/login", member, "next=%2Faccount")).toEqual({ redirect: "/account" });
  expect(access("/registration/login", member)).toEqual({ redirect: HOME });
});

test("the sign-in leads to no other site", () => {
  expect(afterSignIn("next=//evil.example")).toBe(HOME);
  expect(afterSignIn("next=/%5Cevil.example")).toBe(HOME);
  expect(afterSignIn("next=https://evil.example")).toBe(HOME);
});

test("a page for administrators is absent for others", () => {
  expect(access("/admin/system", member)).toBe("absent");
  expect(access("/admin/system", open)).toBe("absent");
});

test("a server without accounts has the pages, and no sign-in", () => {
  expect(access("/auth/develop", open)).toBe("show");
  expect(access("/registration/login", open)).toBe("absent");
});

test("a server without its first account has the set-up and the docs", () => {
  expect(access("/registration/login", empty)).toEqual({ redirect: "/setup" });
  expect(access("/docs/*?", empty)).toBe("show");
  expect(access("/setup", visitor)).toBe("absent");
});

test("a path leads to its page, and docs take all below them", () => {
  expect(pageAt("/")?.path).toBe("/");
  expect(pageAt("/account/")?.path).toBe("/account");
  expect(pageAt("/docs")?.path).toBe("/docs/*?");
  expect(pageAt("/docs/guides/events")?.path).toBe("/docs/*?");
  expect(pageAt("/accounts")).toBeUndefined();
});
