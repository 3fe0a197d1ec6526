import type { JSX } from 'preact';
import { Page, Section } from '../ui/page.js';
import { EmptyState } from '../ui/states.js';
import { JobCard } from './job-card.js';
import { jobs } from './jobs.js';
import { PictureInput } from './picture-input.js';
import { VariantChoice } from './variant-choice.js';
import './images.css';

export default function ImagesPage(): JSX.Element {
  return (
    <Page title="Images" lead="Makes several variants of a picture in one go, and compares them." wide>
      <div class="images-top">
        <PictureInput />
        <Section title="Variants">
          <VariantChoice />
        </Section>
      </div>
      <Section title="Your pictures">
        {jobs.value.length === 0 ? (
          <EmptyState title="No picture yet">
            <p class="soft">Drop one on this page: its variants appear here, side by side.</p>
          </EmptyState>
        ) : (
          <div class="stack">
            {jobs.value.map((job) => (
              <JobCard key={job.id} job={job} />
            ))}
          </div>
        )}
      </Section>
    </Page>
  );
}
