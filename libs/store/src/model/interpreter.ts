import type { Move } from '../move.js';

/**
 * Just as much of MongoDB as the guard table uses, for the model. An operator that it does not know is an error, so
 * that a new kind of guard cannot be misread in silence; moves.integration.test.ts compares it with the real database.
 */
export type Document = Record<string, unknown>;

/** Whether `document` matches `guard`. */
export function matches(document: Document, guard: Document): boolean {
  for (const path in guard) {
    if (!holds(valueAt(document, path), guard[path])) return false;
  }
  return true;
}

/** The document after the update; the one given stays as it is. */
export function applied(document: Document, update: Move['update']): Document {
  const after = { ...document };
  for (const operator in update) {
    if (!OPERATORS.has(operator)) throw new Error(`The model does not know the update operator ${operator}`);
  }
  for (const path in update.$set) write(after, path, update.$set[path]);
  for (const path in update.$inc) {
    const before = valueAt(after, path) ?? 0;
    write(after, path, (before as number) + (update.$inc[path] ?? 0));
  }
  for (const path in update.$unset) erase(after, path);
  for (const path in update.$pullAll) {
    const list = valueAt(after, path);
    if (list === undefined) continue;
    const pulled = update.$pullAll[path] ?? [];
    write(
      after,
      path,
      (list as unknown[]).filter((item) => !pulled.some((each) => same(item, each))),
    );
  }
  for (const path in update.$max) {
    const before = valueAt(after, path);
    const value = update.$max[path] as Date;
    if (!(before instanceof Date) || before.getTime() < value.getTime()) write(after, path, value);
  }
  if (update.$push) {
    const { history, effects } = update.$push;
    if (history) {
      const before = (valueAt(after, 'history') ?? []) as unknown[];
      write(after, 'history', [...before, ...history.$each].slice(history.$slice));
    }
    if (effects !== undefined)
      write(after, 'effects', [...((valueAt(after, 'effects') ?? []) as unknown[]), effects]);
  }
  return after;
}

/** The same without the history: no guard reads it, and a model that kept it would tell states apart by it. */
export function appliedForModel(document: Document, update: Move['update']): Document {
  const { $push, ...rest } = update;
  if ($push?.effects === undefined) return applied(document, rest);
  return applied(document, { ...rest, $push: { effects: $push.effects } as never });
}

/** Paths that two operators of one update touch; MongoDB refuses such an update as a whole. */
export function conflicts(update: Move['update']): string[] {
  const paths = Object.values(update).flatMap((fields: Document) => Object.keys(fields));
  return paths.filter((path, i) =>
    paths.some((other, j) => i !== j && (other === path || other.startsWith(`${path}.`))),
  );
}

const OPERATORS = new Set(['$set', '$inc', '$unset', '$pullAll', '$push', '$max']);

function holds(value: unknown, condition: unknown): boolean {
  if (isOperators(condition)) {
    return Object.entries(condition).every(([operator, operand]) => compare(value, operator, operand));
  }
  if (Array.isArray(value) && !Array.isArray(condition)) return value.some((item) => same(item, condition));
  if (Array.isArray(value) && Array.isArray(condition))
    return value.length === condition.length && value.every((item, i) => same(item, condition[i]));
  return same(value, condition);
}

function isOperators(condition: unknown): condition is Document {
  if (typeof condition !== 'object' || condition === null || condition instanceof Date) return false;
  return Object.keys(condition).some((key) => key.startsWith('$'));
}

function compare(value: unknown, operator: string, operand: unknown): boolean {
  switch (operator) {
    case '$in':
      return (operand as unknown[]).some((item) => holds(value, item));
    case '$size':
      return Array.isArray(value) && value.length === operand;
    case '$ne':
    case '$not':
      return !holds(value, operand);
    case '$lte':
      // Only values of one type are comparable; a field that is missing is not below anything.
      return value instanceof Date && operand instanceof Date && value.getTime() <= operand.getTime();
    default:
      throw new Error(`The model does not know the operator ${operator}`);
  }
}

function same(a: unknown, b: unknown): boolean {
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  return a === b;
}

function valueAt(document: Document, path: string): unknown {
  if (!path.includes('.')) return document[path];
  let value: unknown = document;
  for (const field of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Document)[field];
  }
  return value;
}

function write(document: Document, path: string, value: unknown): void {
  if (value === undefined) throw new Error(`A move sets ${path} to undefined`);
  const dot = path.indexOf('.');
  if (dot < 0) {
    document[path] = value;
    return;
  }
  const field = path.slice(0, dot);
  const inner = { ...(document[field] as Document | undefined) };
  write(inner, path.slice(dot + 1), value);
  document[field] = inner;
}

function erase(document: Document, path: string): void {
  if (path.includes('.')) throw new Error(`The model does not know how to unset ${path} inside a field`);
  delete document[path];
}
