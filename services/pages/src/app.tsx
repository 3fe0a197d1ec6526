import lazy from 'preact-iso/lazy';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso/router';
import { useRef } from 'preact/hooks';
import { ConnectionNotice } from './connection-status.js';
import { ErrorBoundary } from './error-boundary.js';
import { Navigation } from './navigation.js';
import { ROUTES } from './routes.js';
import { Confirmation } from './ui/dialog.js';
import { EmptyState } from './ui/states.js';
import { KeyDialog } from './ui/key-dialog.js';
import { Page } from './ui/page.js';
import { Toasts } from './ui/toast.js';

const pages = ROUTES.map(({ path, load }) => ({ path, component: lazy(load) }));
const firstParts = new Set(ROUTES.map(({ path }) => path.split('/')[1]));
/** Links to these are the app's; all others (/docs, files) are the browser's. */
const OWN = new RegExp(`^/(${[...firstParts].join('|')})(/|\\?|$)`);

export function App() {
  return (
    <LocationProvider scope={OWN}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <div class="frame">
        <Navigation />
        <Main />
      </div>
      <ConnectionNotice />
      <Toasts />
      <Confirmation />
      <KeyDialog />
    </LocationProvider>
  );
}

function Main() {
  const { path } = useLocation();
  const main = useRef<HTMLElement>(null);
  /** A screen reader goes on at the new page, and the keyboard with it. */
  const arrived = (): void => main.current?.focus({ preventScroll: true });
  return (
    <main id="main" ref={main} tabIndex={-1}>
      <ErrorBoundary at={path}>
        <Router onRouteChange={arrived}>
          {pages.map(({ path: at, component }) => (
            <Route key={at} path={at} component={component} />
          ))}
          <Route default component={NoSuchPage} />
        </Router>
      </ErrorBoundary>
    </main>
  );
}

function NoSuchPage() {
  return (
    <Page title="There is no such page">
      <EmptyState title="Nothing is here">
        <p>
          The address may be mistyped. The <a href="/">overview</a> leads everywhere.
        </p>
      </EmptyState>
    </Page>
  );
}
