/** The docs: contents and search at the left, the article beside them. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "wouter";
import { contents } from "virtual:docs";
import { QueryView } from "../../components/QueryView";
import { useIsNarrow } from "../../components/useIsNarrow";
import { ArticleView } from "./ArticleView";
import { fetchArticle, keptArticle } from "./article";
import { Search } from "./Search";
import { words } from "./words";

export default function Docs() {
  const path = (useParams()["*"] ?? "").replace(/\/$/, "");
  const query = useQuery({
    queryKey: ["docs", path],
    queryFn: ({ signal }) => fetchArticle(path, signal),
    initialData: () => keptArticle(path),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <div className="docs">
      <Contents path={path} />
      <div>
        <QueryView query={query}>{(article) => <ArticleView key={path} article={article} />}</QueryView>
      </div>
    </div>
  );
}

function Contents({ path }: { path: string }) {
  if (useIsNarrow()) {
    // Another page gives another element, which is closed.
    return (
      <details key={path} className="docs-jump">
        <summary>{words.contents}</summary>
        <Search />
        <ContentsList path={path} />
      </details>
    );
  }
  return (
    <div className="docs-side">
      <Search />
      <ContentsList path={path} />
    </div>
  );
}

function ContentsList({ path }: { path: string }) {
  return (
    <nav className="docs-contents" aria-label={words.docs}>
      {contents.map((group) => (
        <div key={group.title}>
          <h2>{group.title}</h2>
          <ul>
            {group.entries.map((entry) => (
              <li key={entry.path}>
                <Link href={`/docs/${entry.path}`} aria-current={entry.path === path ? "page" : undefined}>
                  {entry.title}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
