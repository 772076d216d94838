/** An article of the docs, whose links stay in the app, and whose code can be copied. */
import { type MouseEvent, useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { basePath, routeBase } from "../../app/basePath";
import { arriveAt } from "../../app/PageHeader";
import { copyText } from "../../components/copyText";
import type { Article } from "./article";
import { words } from "./words";

export function ArticleView({ article }: { article: Article }) {
  const element = useRef<HTMLElement>(null);
  const [, navigate] = useLocation();

  useEffect(() => {
    document.title = `${article.title} · S3zipper`;
    if (element.current !== null) {
      addCopyButtons(element.current);
      arriveAt(element.current.querySelector("h1"));
    }
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [article]);

  const follow = (event: MouseEvent) => {
    const link = (event.target as Element).closest("a");
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (link === null || !isPlain || link.origin !== location.origin || !link.pathname.startsWith(`${basePath}docs`)) {
      return;
    }
    if (link.pathname !== location.pathname) {
      event.preventDefault();
      navigate(link.pathname.slice(routeBase.length) + link.hash);
    }
  };

  return (
    <article
      ref={element}
      className="prose"
      onClick={follow}
      dangerouslySetInnerHTML={{ __html: article.html }}
    />
  );
}

function addCopyButtons(article: HTMLElement): void {
  for (const pre of article.querySelectorAll("pre")) {
    if (pre.parentElement?.className !== "prose-code") {
      const frame = document.createElement("div");
      frame.className = "prose-code";
      pre.replaceWith(frame);
      frame.append(pre, copyButton(pre));
    }
  }
}

function copyButton(pre: HTMLElement): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = words.copy;
  button.addEventListener("click", async () => {
    const isCopied = await copyText(pre.textContent ?? "", button);
    button.textContent = isCopied ? words.copied : words.copyFailed;
    if (!isCopied) {
      getSelection()?.selectAllChildren(pre);
    }
  });
  return button;
}
