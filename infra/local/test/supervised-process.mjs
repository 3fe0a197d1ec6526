// @ts-check
// Run by managed-process.test.ts: says when it is up and, after SIGTERM, that it has done what it had to do.

const keep = setInterval(() => undefined, 1_000);
process.on('SIGTERM', () => {
  clearInterval(keep);
  process.stdout.write('done\n');
});
process.stdout.write('up\n');
