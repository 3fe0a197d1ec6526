import type { Client } from '@offload/client';

/** The streams of the process. */
export interface Streams {
  /** Progress is drawn when this is a terminal, else told line by line. */
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stdout: NodeJS.WritableStream & { isTTY?: boolean };
  stdin: NodeJS.ReadableStream;
}

/** What commands work with. */
export interface Context extends Streams {
  client: Client;
  /** `--json`: for programs, not for people. */
  json: boolean;
}
