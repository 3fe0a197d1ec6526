import parser from '@asyncapi/parser';
import spectral, { type RulesetDefinition } from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';
import { expect, test } from '@jest/globals';
import { asyncApiDocument } from './asyncapi.js';
import { openApiDocument } from './openapi.js';

/** What a linter says of a document, one line each. */
const linesOf = (results: { code: string | number; path: (string | number)[]; message: string }[]) =>
  results.map(({ code, path, message }) => `${code} at ${path.join('.')}: ${message}`);

/** Rules of the set that are not meant for this document, each with the reason. */
const NOT_MEANT: Record<string, string> = {
  'info-contact': 'Whoever runs the system is to be asked, and the project does not know him.',
  'license-url': 'OpenAPI 3.1 has an SPDX identifier instead; both together are not allowed.',
  'openapi-tags-alphabetical': 'The order is that of a reader: what is used most comes first.',
  'operation-description': 'A summary that says it all is not said again.',
};

test('every rule that Spectral has for OpenAPI holds, but for those that are not meant', async () => {
  const linter = new spectral.Spectral();
  const off = Object.fromEntries(Object.keys(NOT_MEANT).map((rule) => [rule, 'off' as const]));
  linter.setRuleset({ extends: [[rulesets.oas as RulesetDefinition, 'all']], rules: off });
  expect(linesOf(await linter.run(openApiDocument() as unknown as Record<string, unknown>))).toEqual([]);
}, 60_000);

test("the AsyncAPI document is valid, also by its authors' own linter", async () => {
  const { document, diagnostics } = await new parser.Parser().parse(JSON.stringify(asyncApiDocument()));
  expect(linesOf(diagnostics)).toEqual([]);
  expect(document?.operations().all().length).toBeGreaterThan(10);
}, 60_000);
