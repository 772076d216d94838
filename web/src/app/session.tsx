/** Whose page this is, and what the server is like: GET /session, asked once before the first picture. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { call, onUnauthorized } from "../api/call";
import type { Session } from "../api/siteCalls";
import { basePath } from "./basePath";

interface SessionState extends Session {
  /** True while the page shows what an account saw whose session has ended meanwhile. */
  isLost: boolean;
  /** Takes the answer of a call that has signed somebody in. */
  signedIn: (session: Session) => void;
}

const SessionContext = createContext<SessionState | undefined>(undefined);

export function useSession(): SessionState {
  const state = useContext(SessionContext);
  if (state === undefined) {
    throw new Error("useSession outside of SessionProvider");
  }
  return state;
}

export function SessionProvider({ first, children }: { first: Session; children: ReactNode }) {
  const [session, setSession] = useState(first);
  const [isLost, setIsLost] = useState(false);
  const queries = useQueryClient();

  useEffect(() => {
    onUnauthorized(() => {
      // A 401 may be about a password in the call: the server says whether the session is over.
      void call("GET /session").then(
        ({ account }) => setIsLost(account === null && session.account !== null),
        () => {},
      );
    });
  }, [session]);

  const state = useMemo(() => {
    const signedIn = (next: Session) => {
      if (isLost && next.account?.id !== session.account?.id) {
        location.assign(basePath);
        return;
      }
      setSession(next);
      setIsLost(false);
      void queries.invalidateQueries();
    };
    return { ...session, isLost, signedIn };
  }, [session, isLost, queries]);
  return <SessionContext value={state}>{children}</SessionContext>;
}

/** Ends the session; the page is loaded anew, so that nothing of the account stays in its memory. */
export async function signOut(): Promise<void> {
  await call("DELETE /session");
  location.assign(basePath);
}
