/** Shows what a query is: on its way, failed, or its data. Data that is there stays while a later try fails, with a
 * line about that. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorBlock } from "./ErrorBlock";
import { Loading } from "./Loading";

interface Props<Data> {
  query: UseQueryResult<Data>;
  /** How many grey rows stand there at first; without it, a grey card. */
  rows?: number;
  children: (data: Data) => ReactNode;
}

export function QueryView<Data>({ query, rows, children }: Props<Data>) {
  return (
    <>
      {query.error && <ErrorBlock error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined ? children(query.data) : query.error ? null : <Loading rows={rows} />}
    </>
  );
}
