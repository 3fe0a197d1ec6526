import type { z } from 'zod';
import { Problem, type Fault, type ProblemCode } from './problem.js';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A body of 64 KiB could have thousands of them. */
const MOST_FAULTS = 100;

/** The Problem of a body with these faults, of which its detail names the first. */
export function invalid(code: ProblemCode, errors: Fault[]): Problem {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const where = first?.pointer ? first.pointer : 'The body';
  return new Problem(code, `${where}: ${first?.detail ?? 'is not valid'}${more}.`, {
    errors: errors.slice(0, MOST_FAULTS),
  });
}

/** RFC 6901 sections 3 and 4. */
export const pointerOf = (path: Path): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/**
 * What is wrong, one entry per fault, each at its own place. An unknown field is reported at itself, not at its
 * parent. Where a value fits none of several forms, the form that it comes closest to is the one that is explained.
 * @param value what was checked
 * @param base where the value stands in the body
 */
export function faultsOf(error: Pick<z.ZodError, 'issues'>, value: unknown, base: Path = []): Fault[] {
  return located(error.issues, value)
    .slice(0, MOST_FAULTS)
    .map(({ path, detail }) => ({ pointer: pointerOf([...base, ...path]), detail }));
}

interface Located {
  path: Path;
  detail: string;
  /** How far the value is from what was expected; decides between the forms of a union. */
  weight: number;
}

/** A field too many or too few tells forms apart; a wrong value in a known field hardly does. */
const WRONG_FIELD = 10;
const WRONG_VALUE = 1;
const UNKNOWN_FIELD = 'is not a known field';

function located(issues: readonly Issue[], value: unknown): Located[] {
  return issues.flatMap((issue): Located[] => {
    const { path } = issue;
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: [...path, key], detail: UNKNOWN_FIELD, weight: WRONG_FIELD }));
    const here = at(value, path);
    if (issue.code === 'invalid_union')
      return ofUnion(issue.errors, here).map((fault) => ({ ...fault, path: [...path, ...fault.path] }));
    if (here === undefined && issue.code !== 'custom')
      return [{ path, detail: 'is required', weight: WRONG_FIELD }];
    return [{ path, detail: detailOf(issue), weight: WRONG_VALUE }];
  });
}

/** zod's message without what the pointer says already: `expected string, received number`. */
export function detailOf({ message }: Pick<Issue, 'message'>): string {
  const detail = message.replace(/^Invalid (input|option): /, '');
  return detail.charAt(0).toLowerCase() + detail.slice(1);
}

function ofUnion(forms: readonly (readonly Issue[])[], value: unknown): Located[] {
  const weighed = forms
    .map((issues) => {
      const faults = located(issues, value);
      return { faults, weight: faults.reduce((sum, fault) => sum + fault.weight, 0) };
    })
    .sort((a, b) => a.weight - b.weight);
  const [best, next] = weighed;
  if (best && best.weight !== next?.weight) return best.faults;
  // Nothing says which form was meant.
  const forEach = forms.map((issues) =>
    located(issues, value)
      .filter(({ detail }) => detail !== UNKNOWN_FIELD)
      .map(({ path, detail }) => `${path.length > 0 ? `${path.join('.')} ` : ''}${detail}`)
      .join(' and '),
  );
  const distinct = [...new Set(forEach)];
  const detail =
    distinct.length === 1
      ? String(distinct[0])
      : `fits none of the possible forms: ${distinct.join(', or ')}`;
  return [{ path: [], detail, weight: WRONG_FIELD }];
}

function at(value: unknown, path: Path): unknown {
  let here = value;
  for (const part of path) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, part)) return undefined;
    here = (here as Record<PropertyKey, unknown>)[part];
  }
  return here;
}
