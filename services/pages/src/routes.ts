import type { ComponentType } from 'preact';

export interface PageRoute {
  /** As preact-iso writes it: `:id` is a part, `:rest*` any number of them. Served by the API: services/api/src/pages.ts. */
  path: string;
  load: () => Promise<{ default: ComponentType }>;
}

export const ROUTES: readonly PageRoute[] = [
  { path: '/', load: () => import('./overview/page.js') },
  { path: '/reader/:rest*', load: () => import('./reader/page.js') },
  { path: '/images/:rest*', load: () => import('./images/page.js') },
  { path: '/new-task', load: () => import('./new-task/page.js') },
  { path: '/tasks', load: () => import('./tasks/page.js') },
  { path: '/tasks/:id', load: () => import('./tasks/task-page.js') },
  { path: '/dead-letters', load: () => import('./dead-letters/page.js') },
  { path: '/schedules/:rest*', load: () => import('./schedules/page.js') },
  { path: '/keys', load: () => import('./keys/page.js') },
  { path: '/webhooks/:rest*', load: () => import('./webhooks/page.js') },
];

/** The navigation, in groups. */
export const NAVIGATION: readonly { title: string; links: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Use',
    links: [
      ['/reader', 'Reader'],
      ['/images', 'Images'],
      ['/new-task', 'New task'],
    ],
  },
  {
    title: 'Watch',
    links: [
      ['/', 'Overview'],
      ['/tasks', 'Tasks'],
      ['/dead-letters', 'Dead letters'],
    ],
  },
  {
    title: 'Set up',
    links: [
      ['/schedules', 'Schedules'],
      ['/webhooks', 'Webhooks'],
      ['/keys', 'Keys'],
    ],
  },
];
