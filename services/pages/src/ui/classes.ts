/** `classes('row', selected && 'selected')` → the names that are true, for a `class` attribute. */
export const classes = (...names: (string | false | null | undefined)[]): string =>
  names.filter(Boolean).join(' ');
