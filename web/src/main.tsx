/** Starts the site. The static outline stays until the session and the code of the page are there, so that the first
 * picture of the app is a whole one. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { call } from "./api/call";
import { App } from "./app/App";
import { basePath, routeBase } from "./app/basePath";
import { keepFocus } from "./app/keepFocus";
import { pageAt } from "./app/pages";
import { loadPage } from "./app/PageView";
import { NoServer } from "./app/NoServer";
import { keepStaticArticle } from "./pages/docs/article";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/prose.css";

async function start(): Promise<void> {
  const container = document.getElementById("root");
  if (container === null) {
    return;
  }
  dropFinalSlash();
  const page = pageAt(location.pathname.slice(routeBase.length));
  const [session] = await Promise.allSettled([call("GET /session"), page && loadPage(page)]);

  keepFocus();
  keepStaticArticle();
  const app =
    session.status === "fulfilled" ? <App session={session.value} /> : <NoServer error={session.reason} />;
  createRoot(container).render(<StrictMode>{app}</StrictMode>);
}

/** Links in the docs are relative to an address without a slash at its end. */
function dropFinalSlash(): void {
  const { pathname, search, hash } = location;
  if (pathname.length > basePath.length && pathname.endsWith("/")) {
    history.replaceState(history.state, "", pathname.slice(0, -1) + search + hash);
  }
}

void start();
