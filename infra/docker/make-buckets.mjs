// Makes the buckets of S3_BUCKETS (names separated by commas) in the data folder of versitygw, whose posix backend
// shows every folder in it as a bucket: node make-buckets.mjs FOLDER. Those that are there stay as they are.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const [folder = ''] = process.argv.slice(2);
const names = (process.env.S3_BUCKETS ?? '')
  .split(',')
  .map((name) => name.trim())
  .filter(Boolean);

/** The rules for names of general purpose buckets (Amazon S3 User Guide) that keep a name inside the folder. */
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** @param {string} fault */
function fail(fault) {
  console.error(fault);
  process.exit(1);
}

if (names.length === 0) fail('S3_BUCKETS is empty: set it to the names of the buckets, separated by commas.');
for (const name of names) {
  if (!bucketName.test(name))
    fail(`S3_BUCKETS: '${name}' cannot be a bucket: 3 to 63 lower case letters, digits, dots and hyphens.`);
  try {
    mkdirSync(join(folder, name), { recursive: true });
  } catch (error) {
    fail(
      `Bucket '${name}' cannot be made: ${error.message}.\n` +
        `The volume at ${folder} must belong to user ${process.getuid?.()}; see docs/docker.md.`,
    );
  }
  console.log(`bucket ${name} is there`);
}
