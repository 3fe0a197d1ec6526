import { useState } from 'preact/hooks';
import { Button } from '../ui/button.js';
import { Field, Select } from '../ui/field.js';
import { STATES } from '../ui/state-badge.js';
import type { TaskFilter } from './task-filter.js';
import { SUBMITTED_TYPES } from './types.js';

interface FilterBarProps {
  filter: TaskFilter;
  /** Types that the list has at the moment: the system makes some that nobody submits. */
  types: readonly string[];
  onChange: (filter: TaskFilter) => void;
}

/** State and type at once, the tag on Enter; batch and schedule come from links and can be taken away. */
export function FilterBar({ filter, types, onChange }: FilterBarProps) {
  const [tag, setTag] = useState(filter.tag);
  const all = [...new Set([...SUBMITTED_TYPES, ...types, ...(filter.type ? [filter.type] : [])])].sort();
  return (
    <form
      class="tasks-filter"
      role="search"
      aria-label="Filter tasks"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ ...filter, tag: tag.trim() });
      }}
    >
      <Select
        label="State"
        value={filter.state}
        options={[['', 'any'], ...STATES.map((state) => [state, state] as const)]}
        onChange={(state) => onChange({ ...filter, state })}
      />
      <Select
        label="Type"
        value={filter.type}
        options={[['', 'any'], ...all.map((type) => [type, type] as const)]}
        onChange={(type) => onChange({ ...filter, type })}
      />
      <Field label="Tag" type="search" value={tag} onInput={setTag} maxLength={64} placeholder="any" />
      <Button type="submit">Filter</Button>
      {(['batch', 'schedule'] as const).map(
        (name) =>
          filter[name] && (
            <Button key={name} kind="quiet" onClick={() => onChange({ ...filter, [name]: '' })}>
              {name} …{filter[name].slice(-6)} <span aria-hidden="true">×</span>
              <span class="unseen">(remove)</span>
            </Button>
          ),
      )}
    </form>
  );
}
