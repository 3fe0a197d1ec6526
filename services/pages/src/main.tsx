import { render } from 'preact';
import { App } from './app.js';
import { followBrowser } from './data/live.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/components.css';
import './styles/content.css';
import './theme.js';

/** After an update of the server, the names of a page's files are new: the page is loaded anew, once. */
addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem('offload-reloaded') ?? 0);
  if (Date.now() - last < 10_000) return;
  sessionStorage.setItem('offload-reloaded', String(Date.now()));
  location.reload();
});

followBrowser();
render(<App />, document.getElementById('app')!);
