import { updateDocuments } from './generated-documents.js';

/** `npm run gen` writes the documents that are made from the contracts; with --check it only compares. */
const check = process.argv.includes('--check');
const stale = await updateDocuments(new URL('../../../docs/', import.meta.url), { check });
const names = stale.map((name) => `docs/${name}`).join(', ');

if (stale.length === 0) process.stdout.write('The generated documents are up to date.\n');
else if (check) {
  process.stderr.write(`Out of date: ${names}. Run: npm run gen\n`);
  process.exitCode = 1;
} else process.stdout.write(`Written: ${names}\n`);
