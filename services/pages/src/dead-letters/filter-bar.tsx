import { useLocation } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { useResource } from '../data/use-resource.js';
import { loadSchemas, typesOf } from '../schema-form/kinds.js';
import { Button } from '../ui/button.js';
import { Field, Select } from '../ui/field.js';
import type { Filter } from './act.js';

/** What is shown, as it stands in the address. */
export function FilterBar({ filter }: { filter: Filter }): JSX.Element {
  const { route } = useLocation();
  const [code, setCode] = useState(filter.code ?? '');
  const [tag, setTag] = useState(filter.tag ?? '');
  // Those of `Task`, for also what only the system makes can fail.
  const known = useResource(async () => typesOf(await loadSchemas(), 'Task'), []);
  const types = [...new Set([...(known.data ?? []), ...(filter.type ? [filter.type] : [])])];
  const go = (more: Filter): void => {
    const asked = Object.entries({ ...filter, code: code.trim(), tag: tag.trim(), ...more }).filter(
      ([, value]) => value,
    );
    const query = new URLSearchParams(asked).toString();
    route(`/dead-letters${query && `?${query}`}`);
  };
  return (
    <form
      class="dead-filter"
      role="search"
      aria-label="Filter"
      onSubmit={(event) => {
        event.preventDefault();
        go({});
      }}
    >
      <Select
        label="Type"
        value={filter.type ?? ''}
        options={[['', 'all types'], ...types.map((type): [string, string] => [type, type])]}
        onChange={(type) => go({ type })}
      />
      <Field
        label="Error code"
        value={code}
        onInput={setCode}
        placeholder="e.g. timeout"
        autocomplete="off"
      />
      <Field label="Tag" value={tag} onInput={setTag} autocomplete="off" />
      <Button type="submit">Filter</Button>
      {Object.keys(filter).length > 0 && (
        <a class="button quiet" href="/dead-letters">
          Show all
        </a>
      )}
    </form>
  );
}
