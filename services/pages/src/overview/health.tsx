import { useResource } from '../data/use-resource.js';
import { Badge } from '../ui/state-badge.js';
import { loadWorkers } from './workers.js';

const EVERY_MS = 3_000;

interface Readiness {
  checks: { database: boolean; broker: boolean };
}

/** The probe answers 503 with the same body when something is away: no error for this page. */
async function loadReadiness(signal: AbortSignal): Promise<Readiness> {
  const response = await fetch('/readyz', { signal });
  return (await response.json()) as Readiness;
}

/** Broker, database and object store: whether they are there, and what it means when one is not. */
export function Health() {
  const readiness = useResource(loadReadiness, [], { everyMs: EVERY_MS });
  const workers = useResource(loadWorkers, [], { everyMs: EVERY_MS * 2 });
  const checks = readiness.error === undefined ? readiness.data?.checks : undefined;
  const uploaders = workers.data?.filter(({ process }) => process === 's3-uploader');
  const isUp = uploaders?.some(({ state }) => state === 'running');
  return (
    <ul class="health" aria-label="Health">
      <Part
        name="Broker"
        up={checks?.broker}
        good="Tasks reach their workers."
        bad="Tasks are accepted and stored; they reach workers when it is back."
      />
      <Part
        name="Database"
        up={checks?.database}
        good="Tasks are stored."
        bad="Nothing is accepted until it is back; clients are told to come again."
      />
      <Part
        name="Object store"
        up={isUp}
        good="An uploader is connected to it."
        bad="No uploader runs: uploads to S3 wait."
      />
    </ul>
  );
}

function Part({ name, up, good, bad }: { name: string; up: boolean | undefined; good: string; bad: string }) {
  return (
    <li class="card">
      <span class="health-head">
        <strong>{name}</strong>
        {up === undefined ? (
          <Badge>? not known</Badge>
        ) : (
          <Badge tone={up ? 'good' : 'bad'}>{up ? '✓ up' : '✕ away'}</Badge>
        )}
      </span>
      <small class="soft">{up === undefined ? 'Asking …' : up ? good : bad}</small>
    </li>
  );
}
