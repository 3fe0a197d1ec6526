import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { axeFindings, overflow, WINDOWS } from './browser.js';

const SCREENSHOTS = fileURLToPath(new URL('../../.local/screenshots/', import.meta.url));

/** For people to look at. @param name of the file, without its ending */
export async function takePicture(page: Page, name: string, { fullPage = false } = {}): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage });
}

/**
 * What is wrong with a page as it stands, in the narrowest and in the widest window, light and dark: what axe-core
 * finds, and what is wider than the window. Leaves a screenshot of each, named after the page.
 */
export async function faultsOfLooks(page: Page, name: string): Promise<string[]> {
  const before = page.viewportSize();
  const faults: string[] = [];
  for (const window of ['phone', 'wide'] as const)
    for (const colorScheme of ['light', 'dark'] as const) {
      const { viewport } = WINDOWS[window];
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      const look = `${name}-${window}-${colorScheme}`;
      faults.push(...(await axeFindings(page)).map((finding) => `${look}: ${finding}`));
      const wider = await overflow(page);
      if (wider > 0) faults.push(`${look}: ${wider} pixels wider than the window`);
      await takePicture(page, look, { fullPage: true });
    }
  if (before) await page.setViewportSize(before);
  return faults;
}
