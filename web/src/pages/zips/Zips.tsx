/** The zips of the account, as they go. */
import { useCallback } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { PageHeader } from "../../app/PageHeader";
import { useZipStream } from "../../zips/useZips";
import { FilterBar } from "./FilterBar";
import { type Filters, filtersIn, queryOf } from "./filters";
import { words } from "./words";
import { ZipList } from "./ZipList";

export default function Zips() {
  const [, navigate] = useLocation();
  const filters = filtersIn(useSearch());
  const query = queryOf(filters);
  // With another filter there is another list, but the same stream.
  useZipStream();
  const setFilters = useCallback(
    (next: Filters) => {
      const nextQuery = queryOf(next);
      navigate(nextQuery === "" ? "/zips" : `/zips?${nextQuery}`, { replace: true });
    },
    [navigate],
  );
  return (
    <>
      <PageHeader
        title={words.title}
        actions={
          <Link href="/new" className="button primary">
            {words.newZip}
          </Link>
        }
      />
      <div className="stack">
        <FilterBar filters={filters} onChange={setFilters} />
        <ZipList key={query} filters={filters} onClear={() => setFilters(filtersIn(""))} />
      </div>
    </>
  );
}
