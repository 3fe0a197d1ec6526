import { signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
const NAME = 'offload-theme';

const kept = localStorage.getItem(NAME);
export const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : 'auto');

/** Sets it before anything is shown, and whenever it changes. */
theme.subscribe((now) => {
  if (now === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = now;
});

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  if (chosen === 'auto') localStorage.removeItem(NAME);
  else localStorage.setItem(NAME, chosen);
}
