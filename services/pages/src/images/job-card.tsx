import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Task } from '../data/client.js';
import { hasEnded, useTask } from '../data/use-task.js';
import { Button } from '../ui/button.js';
import { bytesText } from '../ui/bytes.js';
import { ErrorState } from '../ui/error-state.js';
import { Progress } from '../ui/progress.js';
import { Loaded } from '../ui/states.js';
import { announce } from '../ui/toast.js';
import { StateBadge } from '../ui/state-badge.js';
import { removeJob, startAgain, type Job } from './jobs.js';
import { SendToS3 } from './send-to-s3.js';
import { SourceTile } from './source-tile.js';
import { chosenVariants } from './variant-choice.js';
import { VariantTile } from './variant-tile.js';

/** One picture: its upload, its task, then source and variants side by side. */
export function JobCard({ job }: { job: Job }): JSX.Element {
  const phase = job.phase.value;
  const again = (): void => {
    const variants = chosenVariants();
    if (variants) startAgain(job, variants);
  };
  return (
    <article class="card job" aria-label={job.name}>
      <header class="job-head">
        <h3>{job.name}</h3>
        <div class="actions">
          {job.source && (
            <Button small onClick={again}>
              Make the chosen variants of it
            </Button>
          )}
          <Button small kind="quiet" aria-label={`Remove ${job.name}`} onClick={() => removeJob(job)}>
            Remove
          </Button>
        </div>
      </header>
      {phase.is === 'waiting' && (
        <Progress done={0} label={`Upload of ${job.name}`} note="Waits for its turn" />
      )}
      {phase.is === 'uploading' && (
        <Progress
          done={phase.sent}
          total={phase.total}
          label={`Upload of ${job.name}`}
          note={`${bytesText(phase.sent)} of ${bytesText(phase.total)} uploaded`}
        />
      )}
      {phase.is === 'submitting' && (
        <Progress done={1} label={`Submission of ${job.name}`} note="Handing over" />
      )}
      {phase.is === 'failed' && <ErrorState error={phase.error} />}
      {phase.is === 'task' && <ResizeTask job={job} id={phase.id} />}
    </article>
  );
}

type ResizeTaskShown = Extract<Task, { type: 'image.resize' }>;

function ResizeTask({ job, id }: { job: Job; id: string }): JSX.Element {
  const resource = useTask(id);
  const ended = resource.data !== undefined && hasEnded(resource.data);
  const told = useRef(false);
  useEffect(() => {
    if (!ended || told.current) return;
    told.current = true;
    announce(`${job.name}: ${resource.data?.state}.`);
  }, [ended]);
  const waiting = <Progress done={0} label={`Variants of ${job.name}`} note="Handing over" />;
  return (
    <Loaded resource={resource} loading={waiting}>
      {(task) => <Resized job={job} task={task as ResizeTaskShown} />}
    </Loaded>
  );
}

function Resized({ job, task }: { job: Job; task: ResizeTaskShown }): JSX.Element {
  const { result, state, progress, error } = task;
  return (
    <>
      <p class="row">
        <StateBadge state={state} />
        <a href={`/tasks/${task.id}`}>Its task</a>
      </p>
      {!hasEnded(task) && (
        <Progress
          done={progress?.done ?? 0}
          total={progress?.total}
          label={`Variants of ${job.name}`}
          note={progress?.note ?? (state === 'running' ? 'Making the variants' : 'Waits for a worker')}
        />
      )}
      {error && (
        <div class={state === 'failed' ? 'notice danger' : 'notice warn'} role="alert">
          <p>
            <code>{error.code}</code> {error.message}
          </p>
        </div>
      )}
      {result && (
        <div class="tiles">
          <SourceTile job={job} source={result.source} />
          {result.variants.map((variant) => (
            <VariantTile
              key={variant.file}
              variant={variant}
              sourceBytes={result.source.bytes}
              colour={result.source.dominantColour}
              url={task.files.find(({ name }) => name === variant.file)?.url}
            />
          ))}
        </div>
      )}
      {state !== 'failed' && state !== 'cancelled' && <SendToS3 task={task.id} name={job.name} />}
    </>
  );
}
