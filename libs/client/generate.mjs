import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

/** Part of `npm run gen`: writes what the client knows of docs/openapi.json; with --check it only compares. */
const NOTE = '// Written by `npm run gen` from docs/openapi.json.\n\n';
const check = process.argv.includes('--check');
const openApi = JSON.parse(await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));

const files = {
  'api-document.ts': NOTE + (await documentTypes(openApi)),
  'task-methods.ts': NOTE + taskMethods(openApi),
};
const stale = [];
for (const [name, source] of Object.entries(files)) {
  const file = new URL(`src/${name}`, import.meta.url);
  const text = await format(source, { ...(await resolveConfig(file)), parser: 'typescript' });
  if ((await readFile(file, 'utf8').catch(() => '')) === text) continue;
  stale.push(`libs/client/src/${name}`);
  if (!check) await writeFile(file, text);
}
if (stale.length === 0) process.stdout.write("The client's generated files are up to date.\n");
else if (!check) process.stdout.write(`Written: ${stale.join(', ')}\n`);
else {
  process.stderr.write(`Out of date: ${stale.join(', ')}. Run: npm run gen\n`);
  process.exitCode = 1;
}

/** What has a default may be left out. Every answer that is no success is a Problem, said once and not for each status. */
async function documentTypes(document) {
  const problem = { schema: { $ref: '#/components/schemas/Problem' } };
  for (const operation of Object.values(document.paths).flatMap(Object.values)) {
    const good = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
    const bad = { description: 'A problem', content: { 'application/problem+json': problem } };
    operation.responses = { ...Object.fromEntries(good), default: bad };
  }
  return astToString(await openapiTS(document, { defaultNonNullable: false }));
}

/** A method for each type that may be submitted: `image.resize` → `imageResize`. */
function taskMethods({ components: { schemas } }) {
  const types = Object.entries(schemas.NewTask.discriminator.mapping).map(([type, reference]) => {
    const method = type.replace(/[^a-zA-Z0-9]+(.)/g, (_, letter) => letter.toUpperCase());
    return { type, method, summary: schemas[reference.split('/').at(-1)].description };
  });
  return `import type { Submit } from './submission.js';

/** Every task type that may be submitted, and its method. */
export const taskMethods = {
${types.map(({ type, method }) => `${method}: '${type}',`).join('\n')}
} as const;

/** One method per task type. Input, options and result: docs/tasks.md. */
export interface TaskMethods {
${types.map(({ type, method, summary }) => `/** ${summary} */\n${method}: Submit<'${type}'>;`).join('\n')}
}
`;
}
