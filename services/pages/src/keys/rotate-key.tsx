import { answerOf, type Schemas } from '@offload/client';
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { api } from '../data/client.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { ErrorState } from '../ui/error-state.js';
import { Select } from '../ui/field.js';
import { OVERLAPS, type Overlap } from './key-facts.js';

interface RotateKeyProps {
  old: Schemas['ApiKey'];
  onMade: (made: Schemas['CreatedApiKey']) => void;
  onClose: () => void;
}

export function RotateKey({ old, onMade, onClose }: RotateKeyProps): JSX.Element {
  const [overlap, setOverlap] = useState<Overlap>('86400000');
  const [error, setError] = useState<unknown>();
  const rotate = async (): Promise<void> => {
    setError(undefined);
    const request = { params: { path: { id: old.id } }, body: { overlapMs: Number(overlap) } };
    await answerOf(api().POST('/v1/keys/{id}/rotate', request)).then(onMade, setError);
  };
  return (
    <Dialog title={`Rotate “${old.name}”`} onClose={onClose}>
      <p>A new key is made for the same owner and roles. The old one, which ends in {old.ending},</p>
      <Select label="Old key" value={overlap} options={OVERLAPS} onChange={setOverlap} />
      {error !== undefined && <ErrorState error={error} />}
      <p class="actions">
        <Button kind="primary" onClick={rotate}>
          Rotate
        </Button>
        <Button onClick={onClose}>Leave it</Button>
      </p>
    </Dialog>
  );
}
