import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

interface PageProps {
  /** The heading, and the title of the browser's tab. */
  title: string;
  /** One sentence under the heading. */
  lead?: ComponentChildren;
  /** Buttons and links at the right of the heading. */
  actions?: ComponentChildren;
  /** For pages that need the whole width. */
  wide?: boolean;
  children: ComponentChildren;
}

/** The frame of each page. */
export function Page({ title, lead, actions, wide, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Offload`;
  }, [title]);
  return (
    <div class={wide ? 'page wide' : 'page'}>
      <header class="page-head">
        <div>
          <h1>{title}</h1>
          {lead && <p class="soft">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A titled part of a page. */
export function Section({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="section" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
