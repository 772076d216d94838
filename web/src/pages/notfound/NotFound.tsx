/** For paths that lead nowhere, and pages that a reader may not see. */
import { Link } from "wouter";
import { PageHeader } from "../../app/PageHeader";
import { words } from "./words";

export function NotFound() {
  return (
    <>
      <PageHeader title={words.title} />
      <div className="stack">
        <p>{words.text}</p>
        <div className="row">
          <Link href="/" className="button primary">
            {words.home}
          </Link>
          <Link href="/docs">{words.docs}</Link>
        </div>
      </div>
    </>
  );
}
