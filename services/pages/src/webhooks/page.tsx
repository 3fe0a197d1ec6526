import { useLocation } from 'preact-iso/router';
import type { JSX } from 'preact';
import { Page } from '../ui/page.js';
import { Deliveries } from './deliveries.js';
import { DeliveryPage } from './delivery-page.js';
import { Endpoints } from './endpoints.js';
import { Secrets } from './secrets.js';
import './webhooks.css';

/** /webhooks, /webhooks/{delivery} */
export default function WebhooksPage(): JSX.Element {
  const { path } = useLocation();
  const id = path.split('/')[2];
  if (id) return <DeliveryPage key={id} id={id} />;
  return (
    <Page
      title="Webhooks"
      lead="What was sent to the callbacks of tasks and batches, and what the receivers answered."
      wide
    >
      <Deliveries />
      <Endpoints />
      <Secrets />
    </Page>
  );
}
