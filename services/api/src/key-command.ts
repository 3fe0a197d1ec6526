import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { ApiKeyRecord, ApiKeyStore, CreatedApiKey } from '@offload/store/api-keys';
import { keyName, keyRoles, ownerName } from './keys.js';

export const KEY_USAGE = `Keys for the API, made beside the database: the first one cannot be made through the API.

  create --owner NAME --name TEXT --roles submit,read,operate,admin [--days N]
  list [--owner NAME]
  rotate ID [--hours N]     another key; the old one stays valid for so long (24)
  revoke ID
`;

/** The arguments are wrong; its message says how they should be. */
export class WrongArguments extends Error {
  override readonly name = 'WrongArguments';
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const LONGEST_LIST = 1_000;

const created = z.object({
  owner: ownerName.default('local'),
  name: keyName.default('made by the key command'),
  roles: z
    .string({ error: 'is missing, e.g. --roles submit,read' })
    .transform((text) => text.split(','))
    .pipe(keyRoles),
  days: z.coerce.number().positive().max(36_500).optional(),
});
const hours = z.coerce.number().min(0).max(720).default(24);
const id = z.uuid({ error: 'is not the id of a key; `list` shows them' });

/**
 * Runs one command and answers the lines to print. Throws WrongArguments; rejects with the driver's error when the
 * database is away.
 */
export async function runKeyCommand(
  args: string[],
  { keys, now }: { keys: ApiKeyStore; now: () => Date },
): Promise<string[]> {
  const { values, positionals } = parsed(args);
  const [command, given, ...more] = positionals;
  if (more.length > 0) throw new WrongArguments(`${more.join(' ')} is one word too many.`);
  switch (command) {
    case 'create': {
      const { days, ...key } = check(created, values);
      const expiresAt = days === undefined ? undefined : new Date(now().getTime() + days * DAY_MS);
      return shown(await keys.create({ ...key, ...(expiresAt && { expiresAt }) }));
    }
    case 'list': {
      const owner = values.owner === undefined ? {} : { owner: check(ownerName, values.owner) };
      const found = await keys.list({ limit: LONGEST_LIST, ...owner });
      return found.length === 0 ? ['There are no keys.'] : found.map(lineOf);
    }
    case 'rotate': {
      const until = new Date(now().getTime() + check(hours, values.hours) * HOUR_MS);
      return shown(await keys.rotate(await keyAt(given, keys), until));
    }
    case 'revoke': {
      await keys.revoke((await keyAt(given, keys))._id);
      return ['It is revoked; running API processes refuse it within five seconds.'];
    }
    case undefined:
    default:
      throw new WrongArguments(command === undefined ? 'Say what to do.' : `There is no command ${command}.`);
  }
}

function parsed(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { owner: text, name: text, roles: text, days: text, hours: text },
    });
  } catch (error) {
    throw new WrongArguments((error as Error).message, { cause: error });
  }
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => {
    const [option] = path;
    return option === undefined ? message : `--${String(option)} ${message}`;
  });
  throw new WrongArguments(faults.join('; '));
}

async function keyAt(given: string | undefined, keys: ApiKeyStore): Promise<ApiKeyRecord> {
  const record = await keys.get(check(id, given).toLowerCase());
  if (!record) throw new WrongArguments(`There is no key ${given}.`);
  return record;
}

const shown = ({ record, key }: CreatedApiKey): string[] => [
  lineOf(record),
  '',
  `  ${key}`,
  '',
  'It is shown this once. Send it as: Authorization: Bearer ofl_…',
];

function lineOf({ _id, owner, name, roles, ending, expiresAt, lastUsedAt }: ApiKeyRecord): string {
  const until = expiresAt ? `until ${expiresAt.toISOString()}` : 'until revoked';
  const used = lastUsedAt ? `last used ${lastUsedAt.toISOString()}` : 'never used';
  return `${_id}  …${ending}  ${owner}  ${roles.join(',')}  ${until}  ${used}  ${name}`;
}
