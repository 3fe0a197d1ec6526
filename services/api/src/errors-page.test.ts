import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { taskErrors } from '@offload/contracts/error-codes';
import { errorsHtml, errorsPage } from './errors-page.js';
import { problems, problemType, type ProblemCode } from './problem.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const NOT_TASKS = /(^|\/)(node_modules|dist|model|client|cli|api|pages)(\/|$)/;

/** The sources of everything that tasks can fail in. */
const sources = ['libs', 'services'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !NOT_TASKS.test(name))
    .map((name) => readFileSync(join(root, folder, name), 'utf8')),
);

/** Where a code is given: to an error, to one of the functions that make one, or as a member. */
const GIVEN = [
  /\b(?:TaskError|OutboundError|Snooze|failure|refused|refusal|permanent|fail)\(\s*'([a-z][a-z0-9-]*)'/g,
  /\bdead\(deps, delivery, '([a-z][a-z0-9-]*)'/g,
  /\bcode: '([a-z][a-z0-9-]*)'/g,
  /\breadonly code(?:: [^=;]*)? = '([a-z][a-z0-9-]*)'/g,
];
/** Of zod's issues, of moves that others name, and of errors that no task sees. */
const OTHERS = new Set([
  'custom',
  'broker-closed',
  'broker-not-connected',
  'storage-full',
  'topology-conflict',
]);
/** Made of RabbitMQ's own words. */
const OF_BROKER = new Set(['delivery-limit']);

const inCode = new Set(
  sources
    .flatMap((text) => GIVEN.flatMap((form) => [...text.matchAll(form)].map(([, code]) => String(code))))
    .filter((code) => !OTHERS.has(code)),
);
const documented = new Set(Object.values(taskErrors).flatMap((errors) => Object.keys(errors)));

describe('the codes of failed tasks', () => {
  test('that the code gives are all in libs/contracts/src/error-codes.ts', () => {
    expect(inCode.size).toBeGreaterThan(80);
    expect([...inCode].filter((code) => !documented.has(code)).sort()).toEqual([]);
  });

  test('that stand there are all given somewhere', () => {
    const text = sources
      .filter((source) => !/^\s*export const (taskErrors|uploads) /m.test(source))
      .join('\n');
    const given = (code: string) =>
      code.includes('<') ? text.includes(`\`${code.replace(/<.*/, '')}\${`) : text.includes(`'${code}'`);
    expect([...documented].filter((code) => !OF_BROKER.has(code) && !given(code)).sort()).toEqual([]);
  });

  test('are of one place each', () => {
    const all = Object.values(taskErrors).flatMap((errors) => Object.keys(errors));
    expect(all).toHaveLength(documented.size);
  });
});

/** As GitHub makes them from headings. */
const anchors = [...errorsPage().matchAll(/^### (.*)$/gm)].map(([, heading]) =>
  String(heading)
    .toLowerCase()
    .replaceAll(/[^a-z0-9_ -]/g, '')
    .replaceAll(' ', '-'),
);

describe('docs/errors.md', () => {
  test('has a section for each code, and no other', () => {
    const tasks = [...documented].map((code) => `task-${code.replaceAll(/[<>]/g, '')}`);
    expect(anchors.toSorted()).toEqual([...Object.keys(problems), ...tasks].sort());
  });

  test('is where the type of each problem leads, on the page that the API serves, too', () => {
    const html = errorsHtml();
    for (const code of Object.keys(problems) as ProblemCode[]) {
      expect(problemType(code)).toBe(`/docs/errors#${code}`);
      expect(anchors).toContain(code);
      expect(html).toContain(`id="${code}"`);
    }
  });

  test('says of each when it happens, what to do and whether to try again', () => {
    for (const section of errorsPage().split('\n### ').slice(1)) {
      expect(section).toMatch(/\n- What to do: .{5,}/);
      expect(section).toMatch(/\n- (The same request again|Tried again by itself): .{2,}/);
    }
  });
});
