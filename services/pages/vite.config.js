// The web app as static files: hashed names under assets/, nothing inline, so that the API's CSP can be strict.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The test of the budget reads which files a page needs.
    manifest: true,
    reportCompressedSize: false,
  },
});
