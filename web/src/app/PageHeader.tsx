/** The heading of a page, which all pages begin with: it names the window, and takes the focus after a navigation, so
 * that screen readers and keyboards start where eyes do. */
import { type ReactNode, useEffect, useRef } from "react";
import styles from "./PageHeader.module.css";

let isFirstPage = true;

interface Props {
  title: string;
  /** A line below the heading. */
  children?: ReactNode;
  /** Buttons at its right. */
  actions?: ReactNode;
}

export function PageHeader({ title, children, actions }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · S3zipper`;
  }, [title]);
  useEffect(() => arriveAt(heading.current), []);
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children && <p className="secondary">{children}</p>}
      </div>
      {actions && <div className="row">{actions}</div>}
    </header>
  );
}

/** Moves reader and focus to the heading of the page that has just come. */
export function arriveAt(heading: HTMLElement | null): void {
  if (isFirstPage) {
    isFirstPage = false;
    return;
  }
  scrollTo(0, 0);
  heading?.focus({ preventScroll: true });
}
