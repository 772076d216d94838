/** The site: what surrounds all pages, and which page a path leads to. */
import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { Redirect, Route, Router, Switch, useLocation, useSearch } from "wouter";
import type { Session } from "../api/siteCalls";
import { MenuHost } from "../components/Menu";
import { ToastHost } from "../components/Toast";
import { NotFound } from "../pages/notfound/NotFound";
import { accessTo } from "./access";
import { routeBase } from "./basePath";
import { Frame } from "./Frame";
import { PAGES, type Page } from "./pages";
import { PageView } from "./PageView";
import { queryClient } from "./queryClient";
import { SessionProvider, useSession } from "./session";
import { SignInAgain } from "./SignInAgain";

export function App({ session }: { session: Session }) {
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <Router base={routeBase}>
          <SessionProvider first={session}>
            <ToastHost>
              <MenuHost>
                <Frame>
                  <Pages />
                </Frame>
                <SignInAgain />
              </MenuHost>
            </ToastHost>
          </SessionProvider>
        </Router>
      </QueryClientProvider>
    </CSPProvider>
  );
}

function Pages() {
  return (
    <Switch>
      {PAGES.map((page) => (
        <Route key={page.path} path={page.path}>
          <Guarded page={page} />
        </Route>
      ))}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}

function Guarded({ page }: { page: Page }) {
  const session = useSession();
  const [path] = useLocation();
  const search = useSearch();
  const access = accessTo(page, session, path, search);
  if (access === "absent") {
    return <NotFound />;
  }
  return access === "show" ? <PageView page={page} /> : <Redirect to={access.redirect} replace />;
}
