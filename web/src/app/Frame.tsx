/** What stands around each page: the rail of somebody who is signed in, or the bar of a visitor, and the lines that
 * concern all pages. Its looks are styles/frame.css; index.html has its outline for the time before. */
import { type ReactNode, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { ErrorBlock } from "../components/ErrorBlock";
import { Icon } from "../components/Icon";
import { accessTo } from "./access";
import { Brand } from "./Brand";
import { HOME, PAGES, type Page, pageAt } from "./pages";
import { loadPage } from "./PageView";
import { useServerUpdated } from "./serverUpdated";
import { signOut, useSession } from "./session";
import { remember } from "./storage";

export function Frame({ children }: { children: ReactNode }) {
  const { server, account } = useSession();
  const [isOpen, setIsOpen] = useState(false);
  const [path] = useLocation();
  const here = pageAt(path);
  const isAlone = here?.isAlone ?? false;
  const hasRail = !isAlone && (account !== null || !(server.accounts || server.setup));

  useEffect(() => setIsOpen(false), [path]);
  useEffect(() => {
    const frame = hasRail ? "rail" : "top";
    // A page that stands alone says nothing about the others. start.js knows it by its path.
    if (!isAlone) {
      remember("frame", frame);
    }
    document.documentElement.dataset.frame = frame;
  }, [hasRail, isAlone]);

  return (
    <div className="frame" onKeyDown={(event) => event.key === "Escape" && setIsOpen(false)}>
      <a className="skip button" href="#main">
        Skip to the content
      </a>
      <header className="frame-bar">
        <Brand to={hasRail ? HOME : "/"} />
        <span className="frame-here">{here?.icon && here.title}</span>
        {!hasRail && !isAlone && <VisitorLinks />}
        {!isAlone && (
          <button
            type="button"
            className="frame-menu button"
            aria-expanded={isOpen}
            aria-controls="nav"
            onClick={() => setIsOpen(!isOpen)}
          >
            <Icon name={isOpen ? "close" : "menu"} /> Menu
          </button>
        )}
      </header>
      {!isAlone && (
        <nav id="nav" className="frame-nav" aria-label="Pages" data-open={isOpen || undefined}>
          {hasRail && <Brand to={HOME} />}
          {hasRail ? <Rail here={here} /> : <VisitorMenu />}
        </nav>
      )}
      <main id="main" className="frame-main" tabIndex={-1}>
        <ServerUpdated />
        {children}
      </main>
    </div>
  );
}

function Rail({ here }: { here: Page | undefined }) {
  const session = useSession();
  const pages = PAGES.filter((page) => page.icon && accessTo(page, session, page.path) === "show");
  const own = pages.filter((page) => page.path !== "/account" && page.access !== "administrator");
  const admin = pages.filter((page) => page.access === "administrator");
  const account = pages.find((page) => page.path === "/account");
  return (
    <>
      <RailList pages={own} here={here} />
      {admin.length > 0 && (
        <>
          <p className="frame-group">Administration</p>
          <RailList pages={admin} here={here} />
        </>
      )}
      <ul className="frame-foot">
        {account && (
          <li>
            <RailLink page={account} isHere={account === here}>
              <span className="frame-who">{session.account?.name ?? "Settings"}</span>
            </RailLink>
          </li>
        )}
        {session.account && (
          <li>
            <SignOut />
          </li>
        )}
      </ul>
    </>
  );
}

function SignOut() {
  const [error, setError] = useState<Error>();
  return (
    <>
      <button type="button" className="frame-item" onClick={() => signOut().catch(setError)}>
        <Icon name="exit" /> Sign out
      </button>
      {error && <ErrorBlock error={error} />}
    </>
  );
}

function RailList({ pages, here }: { pages: Page[]; here: Page | undefined }) {
  return (
    <ul>
      {pages.map((page) => (
        <li key={page.path}>
          <RailLink page={page} isHere={page === here || (here?.path.startsWith(`${page.path}/`) ?? false)}>
            {page.title}
          </RailLink>
        </li>
      ))}
    </ul>
  );
}

function RailLink({ page, isHere, children }: { page: Page; isHere: boolean; children: ReactNode }) {
  // What fails here fails again at the click, where it is told.
  const preload = () => void loadPage(page).catch(() => {});
  return (
    <Link
      href={page.path.replace("/*?", "")}
      className="frame-item"
      aria-current={isHere ? "page" : undefined}
      onPointerEnter={preload}
      onFocus={preload}
    >
      {page.icon && <Icon name={page.icon} />}
      {children}
    </Link>
  );
}

function VisitorLinks() {
  const { server } = useSession();
  return (
    <nav className="frame-links" aria-label="Site">
      <Link href="/docs">Docs</Link>
      {!server.setup && (
        <Link href="/registration/login" className="button">
          Sign in
        </Link>
      )}
    </nav>
  );
}

function VisitorMenu() {
  const { server } = useSession();
  return (
    <ul>
      <li>
        <Link href="/docs" className="frame-item">
          <Icon name="book" /> Docs
        </Link>
      </li>
      {!server.setup && (
        <li>
          <Link href="/registration/login" className="frame-item">
            <Icon name="person" /> Sign in
          </Link>
        </li>
      )}
    </ul>
  );
}

function ServerUpdated() {
  return (
    <div role="status">
      {useServerUpdated() && (
        <p className="frame-notice">
          The server was updated.
          <button type="button" className="button" onClick={() => location.reload()}>
            Reload
          </button>
        </p>
      )}
    </div>
  );
}
