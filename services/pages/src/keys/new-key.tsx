import { answerOf, ProblemError, type Schemas } from '@offload/client';
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { api } from '../data/client.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { ErrorState } from '../ui/error-state.js';
import { Checkbox, Field, Select } from '../ui/field.js';
import { useSubmit } from '../ui/use-submit.js';
import { expiryOf, LIFETIMES, type Lifetime } from './key-facts.js';
import { ROLES, type Role } from './roles.js';

interface NewKeyProps {
  onMade: (made: Schemas['CreatedApiKey']) => void;
  onClose: () => void;
}

export function NewKey({ onMade, onClose }: NewKeyProps): JSX.Element {
  const [name, setName] = useState('');
  const [owner, setOwner] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>(['submit', 'read']);
  const [lifetime, setLifetime] = useState<Lifetime>('');
  const { busy, error, onSubmit } = useSubmit(async () => {
    const expiresAt = expiryOf(lifetime, Date.now());
    const body = {
      name: name.trim(),
      owner: owner.trim(),
      roles: [...roles],
      ...(expiresAt && { expiresAt }),
    };
    onMade(await answerOf(api().POST('/v1/keys', { body })));
  });
  const faults = error instanceof ProblemError ? error.errors : [];
  const faultOf = (pointer: string): string | undefined =>
    faults.find((fault) => fault.pointer?.startsWith(pointer))?.detail;
  return (
    <Dialog title="New key" onClose={onClose}>
      <form onSubmit={onSubmit} noValidate>
        <Field
          label="Name"
          hint="For people, e.g. web shop"
          value={name}
          onInput={setName}
          error={faultOf('/name')}
        />
        <Field
          label="Owner"
          hint="Whose tasks and files it sees"
          value={owner}
          onInput={setOwner}
          error={faultOf('/owner')}
          autocomplete="off"
        />
        <fieldset class="key-roles">
          <legend>Roles</legend>
          {ROLES.map(([role, may]) => (
            <Checkbox
              key={role}
              checked={roles.includes(role)}
              onChange={(on) => setRoles(on ? [...roles, role] : roles.filter((each) => each !== role))}
              label={
                <>
                  <strong>{role}</strong> <span class="soft">{may}</span>
                </>
              }
            />
          ))}
          {faultOf('/roles') !== undefined && (
            <p class="fault" role="alert">
              Choose at least one role.
            </p>
          )}
        </fieldset>
        <Select
          label="Works"
          value={lifetime}
          options={LIFETIMES}
          onChange={setLifetime}
          error={faultOf('/expiresAt')}
        />
        {error !== undefined && faults.length === 0 && <ErrorState error={error} />}
        <p class="actions">
          <Button kind="primary" type="submit" busy={busy}>
            Make the key
          </Button>
          <Button onClick={onClose}>Not now</Button>
        </p>
      </form>
    </Dialog>
  );
}
