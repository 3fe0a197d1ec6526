// Docker's healthcheck of our processes: ends with 0 if /readyz says that this one can do its work, else with 1.
// What it prints is shown by `docker inspect`.

const port = process.env.HEALTH_PORT || process.env.PORT;
const url = `http://127.0.0.1:${port}/readyz`;

try {
  const response = await fetch(url, { signal: AbortSignal.timeout(4_000) });
  console.log(`${response.status} ${await response.text()}`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.error(`${url} does not answer: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
