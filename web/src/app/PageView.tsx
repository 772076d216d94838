/** Shows a page, whose code is loaded at its first visit. */
import { type ComponentType, useEffect, useState } from "react";
import { ErrorBlock } from "../components/ErrorBlock";
import { Loading } from "../components/Loading";
import { PageBoundary } from "./PageBoundary";
import type { Page } from "./pages";
import { setNavigating } from "./serverUpdated";

const loaded = new Map<Page, ComponentType>();

/** Loads the code of a page, if that has not happened yet. */
export async function loadPage(page: Page): Promise<void> {
  if (!loaded.has(page)) {
    loaded.set(page, (await page.load()).default);
  }
}

export function PageView({ page }: { page: Page }) {
  const [attempt, setAttempt] = useState(0);
  const [, setState] = useState<"loaded" | "failed">();
  const [error, setError] = useState<Error>();
  const Content = loaded.get(page);

  useEffect(() => {
    if (loaded.has(page)) {
      return;
    }
    let isCurrent = true;
    setNavigating(true);
    setError(undefined);
    loadPage(page)
      .then(
        () => isCurrent && setState("loaded"),
        () => isCurrent && setError(new Error("This page could not be loaded.")),
      )
      .finally(() => setNavigating(false));
    return () => {
      isCurrent = false;
    };
  }, [page, attempt]);

  if (Content !== undefined) {
    return (
      <PageBoundary key={page.path}>
        <Content />
      </PageBoundary>
    );
  }
  return error ? <ErrorBlock error={error} onRetry={() => setAttempt(attempt + 1)} /> : <Loading />;
}
