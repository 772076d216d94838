/** The articles of the docs. An article is taken out of its static page: there is no second copy of the docs. */
import { ApiError } from "../../api/ApiError";
import { basePath } from "../../app/basePath";

export interface Article {
  title: string;
  html: string;
}

const kept = new Map<string, Article>();

/** Keeps the article that stands in the page, before the app takes the page over. */
export function keepStaticArticle(): void {
  const found = articleIn(document);
  if (found !== undefined) {
    kept.set(found.path, found.article);
  }
}

export function keptArticle(path: string): Article | undefined {
  return kept.get(path);
}

/** Asks for an article; `path` is "" or as "guides/events". */
export async function fetchArticle(path: string, signal: AbortSignal): Promise<Article> {
  const url = `${basePath}docs${path === "" ? "" : `/${path}`}`;
  const response = await fetch(url, { headers: { Accept: "text/html" }, signal });
  const found = articleIn(new DOMParser().parseFromString(await response.text(), "text/html"));
  if (!response.ok || found === undefined) {
    throw new ApiError(response.status === 200 ? 404 : response.status, "The docs have no such page.");
  }
  return found.article;
}

function articleIn(page: Document): { path: string; article: Article } | undefined {
  const element = page.querySelector<HTMLElement>("article[data-doc]");
  const { doc: path, title } = element?.dataset ?? {};
  return element === null || path === undefined || title === undefined
    ? undefined
    : { path, article: { title, html: element.innerHTML } };
}
