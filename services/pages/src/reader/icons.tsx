/** Signs of the reader. Their buttons and links have names of their own. */
const PATHS = {
  star: 'M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L3.6 9.7l5.8-.8z',
  back: 'M14.5 5.5L8 12l6.5 6.5',
  up: 'M5.5 14.5L12 8l6.5 6.5',
  down: 'M5.5 9.5L12 16l6.5-6.5',
  out: 'M13 5h6v6M19 5l-9 9M17 14v5H5V7h5',
  refresh: 'M19 12a7 7 0 1 1-2.1-5M19 4v4h-4',
  check: 'M4 12.5l4.5 4.5L18 7.5M12.5 16.5l.5.5 8-8',
  plus: 'M12 5v14M5 12h14',
  gear: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5',
  read: 'M12 7.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z',
  keys: 'M4 7h16v10H4zM8 14h8M7.5 10.5h.01M11 10.5h.01M14.5 10.5h.01',
  files: 'M8 4v11M4.5 8L8 4l3.5 4M16 20V9M12.5 16l3.5 4 3.5-4',
  list: 'M4 6h16M4 12h16M4 18h10',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, filled }: { name: IconName; filled?: boolean }) {
  return (
    <svg class={filled ? 'icon filled' : 'icon'} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
