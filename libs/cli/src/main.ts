import { createClient } from '@offload/client';
import { EXIT } from './exit-codes.js';
import { run } from './program.js';

const url = process.env['OFFLOAD_URL'] || 'http://localhost:3000';
const key = process.env['OFFLOAD_KEY'] || undefined;

/** `offload list | head`: who reads no further has seen enough. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
  process.stderr.write('offload: OFFLOAD_URL has to be an address such as http://localhost:3000.\n');
  process.exitCode = EXIT.wrongUsage;
} else {
  const { stdin, stdout, stderr } = process;
  const client = () => createClient({ baseUrl: url, key });
  process.exitCode = await run(process.argv.slice(2), { stdin, stdout, stderr }, client);
}
