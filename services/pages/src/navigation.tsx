import { useLocation } from 'preact-iso/router';
import { useEffect, useState } from 'preact/hooks';
import { ConnectionStatus } from './connection-status.js';
import { apiKey, forgetKey, openKeyDialog } from './data/key.js';
import { NAVIGATION } from './routes.js';
import { chooseTheme, theme, type Theme } from './theme.js';

/** At the side of a wide window; behind a button at the top of a narrow one. */
export function Navigation() {
  const { path } = useLocation();
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  return (
    <header class="side">
      <div class="side-bar">
        <a class="brand" href="/">
          Offload
        </a>
        <ConnectionStatus />
        <button
          type="button"
          class="button quiet menu"
          aria-expanded={open}
          aria-controls="navigation"
          onClick={() => setOpen(!open)}
        >
          {open ? 'Close' : 'Menu'}
        </button>
      </div>
      <div id="navigation" class={open ? 'drawer open' : 'drawer'}>
        <nav aria-label="Pages of Offload">
          {NAVIGATION.map(({ title, links }) => (
            <div key={title} class="nav-group">
              <h2 class="nav-title">{title}</h2>
              <ul>
                {links.map(([href, text]) => (
                  <li key={href}>
                    <a href={href} aria-current={isAt(path, href) ? 'page' : undefined}>
                      {text}
                    </a>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
        <div class="nav-foot">
          <a href="/docs" target="_self" data-native>
            API documents
          </a>
          {apiKey.value === null ? (
            <button type="button" class="link" onClick={() => void openKeyDialog()}>
              Enter a key
            </button>
          ) : (
            <button type="button" class="link" onClick={forgetKey}>
              Forget the key …{apiKey.value.slice(-4)}
            </button>
          )}
          <label class="theme">
            Colours{' '}
            <select value={theme.value} onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}>
              <option value="auto">as the system</option>
              <option value="light">light</option>
              <option value="dark">dark</option>
            </select>
          </label>
        </div>
      </div>
    </header>
  );
}

const isAt = (path: string, href: string): boolean =>
  href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
