/** A table, which on a narrow window is a list of cards: another template, as a table that is shown otherwise by CSS is
 * no table any more for some screen readers. For lists of at most some hundred rows that do not move. */
import type { ReactNode } from "react";
import styles from "./DataTable.module.css";
import { useIsNarrow } from "./useIsNarrow";

export interface Column<Row> {
  /** The heading; empty for the column of the row's menu. */
  head: string;
  cell: (row: Row) => ReactNode;
  isFigure?: boolean;
  /** Left out of cards, where there is little room. */
  isMinor?: boolean;
}

interface Props<Row> {
  /** What the table has, for screen readers. */
  caption: string;
  /** The first column names the row. */
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  /** The row's menu or buttons. */
  actions?: (row: Row) => ReactNode;
}

export function DataTable<Row>(props: Props<Row>) {
  return useIsNarrow() ? <Cards {...props} /> : <Table {...props} />;
}

function Table<Row>({ caption, columns, rows, keyOf, actions }: Props<Row>) {
  return (
    <div className={styles.frame}>
      <table className={styles.table}>
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.head} scope="col" className={column.isFigure ? styles.figure : undefined}>
                {column.head}
              </th>
            ))}
            {actions && (
              <th scope="col">
                <span className="hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, at) => {
                const Cell = at === 0 ? "th" : "td";
                return (
                  <Cell
                    key={column.head}
                    scope={at === 0 ? "row" : undefined}
                    className={column.isFigure ? styles.figure : undefined}
                  >
                    {column.cell(row)}
                  </Cell>
                );
              })}
              {actions && <td className={styles.actions}>{actions(row)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cards<Row>({ caption, columns, rows, keyOf, actions }: Props<Row>) {
  const [name, ...others] = columns;
  // In a card an empty cell would be a heading of nothing.
  const factsOf = (row: Row) =>
    others
      .filter(({ isMinor }) => !isMinor)
      .map(({ head, cell }) => ({ head, value: cell(row) }))
      .filter(({ value }) => value !== undefined && value !== null && value !== false && value !== "");
  return (
    <ul className={styles.cards} aria-label={caption}>
      {rows.map((row) => (
        <li key={keyOf(row)} className={styles.card}>
          <div className={styles.top}>
            <strong>{name?.cell(row)}</strong>
            {actions?.(row)}
          </div>
          <dl className={styles.facts}>
            {factsOf(row).map(({ head, value }) => (
              <div key={head}>
                <dt>{head}</dt>
                <dd className="figures">{value}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
