import type { ComponentChildren } from 'preact';
import { classes } from './classes.js';

export interface Column<T> {
  title: string;
  cell: (row: T) => ComponentChildren;
  /** `number` is set to the right in figures of one width. */
  kind?: 'text' | 'number' | 'actions';
  /** The column that names the row; one of them. */
  head?: boolean;
  /** Takes the whole width of a card. */
  wide?: boolean;
}

interface TableProps<T> {
  /** Read out before it; shown only with `shownCaption`. */
  caption: string;
  shownCaption?: boolean;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
}

/** A table that becomes a list of cards in a narrow window; each cell then carries its column's title. */
export function Table<T>({ caption, shownCaption, columns, rows, keyOf }: TableProps<T>) {
  return (
    <div class="table-frame">
      <table class="table">
        <caption class={shownCaption ? undefined : 'unseen'}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, kind }) => (
              <th key={title} scope="col" class={kind}>
                {kind === 'actions' ? <span class="unseen">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell, kind, head, wide }) =>
                head ? (
                  <th key={title} scope="row" class={kind} data-title={title}>
                    {cell(row)}
                  </th>
                ) : (
                  <td
                    key={title}
                    class={classes(kind, wide && 'wide')}
                    data-title={kind === 'actions' ? undefined : title}
                  >
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
