/** Which pages there are. A new page is a component in pages/, with PageHeader on top, and a line here. */
import type { ComponentType } from "react";
import type { IconName } from "../components/Icon";

export interface Page {
  /** As wouter reads it: "/zips/:id". The static outline and the server know the same paths. */
  path: string;
  title: string;
  /** `visitor`: only for people who are not signed in, on a server with accounts. */
  access: "everybody" | "visitor" | "account" | "administrator";
  load: () => Promise<{ default: ComponentType }>;
  /** Its icon, if the rail leads to it; the rail has the order of this list. */
  icon?: IconName;
  /** Without ways to other pages, whoever is signed in: for people who came for this one thing. */
  isAlone?: boolean;
}

/** Where people land who have signed in. */
export const HOME = "/zips";

export const PAGES: Page[] = [
  { path: "/", title: "Welcome", access: "everybody", load: () => import("../pages/landing/Landing") },
  { path: "/setup", title: "Set-up", access: "everybody", load: () => import("../pages/setup/Setup") },
  {
    path: "/registration/login",
    title: "Sign in",
    access: "visitor",
    load: () => import("../pages/registration/Login"),
  },
  {
    path: "/registration/register",
    title: "Make an account",
    access: "visitor",
    load: () => import("../pages/registration/Register"),
  },
  {
    path: "/registration/reset",
    title: "Forgotten password",
    access: "visitor",
    load: () => import("../pages/registration/Reset"),
  },
  {
    path: "/registration/password",
    title: "New password",
    access: "everybody",
    load: () => import("../pages/registration/NewPassword"),
  },
  {
    path: "/registration/confirm",
    title: "Confirm your address",
    access: "everybody",
    load: () => import("../pages/registration/Confirm"),
  },
  {
    path: "/registration/link",
    title: "Sign in by link",
    access: "everybody",
    load: () => import("../pages/registration/Link"),
  },
  { path: "/zips", title: "Zips", access: "account", load: () => import("../pages/zips/Zips"), icon: "archive" },
  { path: "/zips/:id", title: "Zip", access: "account", load: () => import("../pages/zip/Zip") },
  { path: "/new", title: "New zip", access: "account", load: () => import("../pages/new/New"), icon: "plus" },
  { path: "/links", title: "Links", access: "account", load: () => import("../pages/links/Links"), icon: "link" },
  { path: "/usage", title: "Usage", access: "account", load: () => import("../pages/usage/Usage"), icon: "chart" },
  {
    path: "/auth/develop",
    title: "Developer",
    access: "account",
    load: () => import("../pages/developer/Developer"),
    icon: "code",
  },
  {
    path: "/shared/:target/:signature",
    title: "Download",
    access: "everybody",
    load: () => import("../pages/shared/Shared"),
    isAlone: true,
  },
  { path: "/docs/*?", title: "Docs", access: "everybody", load: () => import("../pages/docs/Docs"), icon: "book" },
  {
    path: "/admin/accounts",
    title: "Accounts",
    access: "administrator",
    load: () => import("../pages/admin/Accounts"),
    icon: "people",
  },
  {
    path: "/admin/system",
    title: "System",
    access: "administrator",
    load: () => import("../pages/admin/System"),
    icon: "server",
  },
  {
    path: "/account",
    title: "Account",
    access: "account",
    load: () => import("../pages/account/Account"),
    icon: "person",
  },
];

/** The page that a path (without the base) leads to. */
export function pageAt(path: string): Page | undefined {
  const parts = path.split("/").filter((part) => part !== "");
  return PAGES.find((page) => fits(page.path.split("/").filter((part) => part !== ""), parts));
}

function fits(pattern: string[], parts: string[]): boolean {
  if (pattern.at(-1) === "*?") {
    return fits(pattern.slice(0, -1), parts.slice(0, pattern.length - 1));
  }
  return (
    pattern.length === parts.length &&
    pattern.every((part, at) => part.startsWith(":") || part === parts[at])
  );
}
