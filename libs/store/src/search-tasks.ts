import type { StoreConnection } from './connect.js';
import type { ListPage } from './list-page.js';
import { listTasks, type ListedTask, type TaskFilter } from './task-list.js';

/** Tasks looked at in one search: past them its page ends, short or empty, and the next one goes on. */
const MOST_SCANNED = 5_000;
const CHUNK = 1_000;
/** What is looked at of a task. */
const LOOKED_AT = ['type', 'tags', 'error'];

/** Enough of an id to look from there on: the time in it, to about a minute (RFC 9562, section 5.7). */
const ID_START = /^[0-9a-f]{8}[0-9a-f-]{0,28}$/;
const WHOLE_ID = 36;

/**
 * A page of the tasks that a filter lets through and whose id (from its beginning), type, tags, error code or error
 * message has each of these words, in any order and case. No index knows what a text has in it, and the local default
 * has none for texts: tasks are looked at in the order of their ids, as many as {@link MOST_SCANNED}. The filter's own
 * conditions are by index. One word that is the beginning of an id is looked for at its place.
 * @param page.limit one more than is wanted, as for a list
 * @returns `resume`: the id from which the next page goes on although this one is not full; undefined: all were seen
 */
export async function searchTasks(
  connection: StoreConnection,
  filter: TaskFilter,
  { limit, order, from, fields }: ListPage & { fields?: readonly string[] | undefined },
  text: string,
): Promise<{ found: ListedTask[]; resume?: string }> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const start = words.length === 1 && words[0] && ID_START.test(words[0]) ? words[0] : undefined;
  if (start?.length === WHOLE_ID) {
    const page = { limit, fields, ...(order && { order }), ...(from !== undefined && { from }) };
    return { found: await listTasks(connection, { ...filter, ids: [start] }, page) };
  }
  const hits: string[] = [];
  let last = start === undefined ? from : placeOf(start, order, from);
  let resume: string | undefined;
  for (let scanned = 0; hits.length < limit;) {
    const page = {
      limit: CHUNK,
      fields: LOOKED_AT,
      ...(order && { order }),
      ...(last !== undefined && { from: last }),
    };
    const tasks = await listTasks(connection, filter, page);
    for (const task of tasks) if (hits.length < limit && hasWords(task, words)) hits.push(task._id);
    last = tasks.at(-1)?._id;
    scanned += tasks.length;
    // Sorted by id: behind the last that begins so, none does.
    if (tasks.length < CHUNK || (start !== undefined && !last?.startsWith(start))) break;
    if (scanned < MOST_SCANNED || hits.length >= limit) continue;
    resume = last;
    break;
  }
  if (hits.length === 0) return { found: [], ...(resume !== undefined && { resume }) };
  const found = await listTasks(
    connection,
    { owner: filter.owner, ids: hits },
    { limit: hits.length, ...(order && { order }), fields },
  );
  return { found, ...(resume !== undefined && { resume }) };
}

/** Before the first id that begins so, in the order of the list; further on when the page before ended there. */
function placeOf(start: string, order: ListPage['order'], from: string | undefined): string {
  if (order === 'asc') return from !== undefined && from > start ? from : start;
  // Above every id that begins so: no id has a letter after f.
  const place = `${start}g`;
  return from !== undefined && from < place ? from : place;
}

function hasWords({ _id, type, tags = [], error }: ListedTask, words: string[]): boolean {
  const text = [type, ...tags, error?.code ?? '', error?.message ?? ''].join('\n').toLowerCase();
  return words.every((word) => _id.startsWith(word) || text.includes(word));
}
