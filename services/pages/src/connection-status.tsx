import { connection, type Connection } from './data/live.js';

const TEXTS: Record<Connection, string> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost, trying again',
  offline: 'You are offline',
};

/** Always in the frame, so that nothing moves; also told to screen readers when it changes. */
export function ConnectionStatus() {
  const now = connection.value;
  return (
    <p class={`connection ${now}`} role="status" aria-label="Connection">
      <span aria-hidden="true">{now === 'live' ? '●' : now === 'connecting' ? '○' : '▲'}</span> {TEXTS[now]}
    </p>
  );
}

/** Over the foot of the page while what is shown may be old. */
export function ConnectionNotice() {
  const now = connection.value;
  if (now !== 'lost' && now !== 'offline') return null;
  return (
    <p class="connection-notice">
      <strong>{TEXTS[now]}.</strong> What you see may be old; it is brought up to date by itself.
    </p>
  );
}
