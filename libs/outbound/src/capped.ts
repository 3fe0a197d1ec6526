import { Transform } from 'node:stream';
import type { TaskError } from '@offload/contracts/errors';

/** Passes bytes on; ends with `tooLarge()` once there are more than `maxBytes`. */
export function capped(maxBytes: number, tooLarge: () => TaskError): Transform {
  let count = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      count += chunk.length;
      if (count > maxBytes) done(tooLarge());
      else done(null, chunk);
    },
  });
}
