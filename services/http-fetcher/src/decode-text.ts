import { TaskError } from '@offload/contracts/errors';

const BOMS: [Buffer, string][] = [
  [Buffer.from([0xef, 0xbb, 0xbf]), 'utf-8'],
  [Buffer.from([0xff, 0xfe]), 'utf-16le'],
  [Buffer.from([0xfe, 0xff]), 'utf-16be'],
];

/**
 * Bytes as text: by BOM, else by the charset of the Content-Type, else as UTF-8. Throws TaskError `bad-text`
 * (permanent) when they are not in that encoding: a replaced character would be a wrong one.
 */
export function decodeText(bytes: Buffer, contentType: string | undefined): string {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1];
  const label = BOMS.find(([bom]) => bytes.subarray(0, bom.length).equals(bom))?.[1] ?? charset ?? 'utf-8';
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new TaskError(
      'bad-text',
      `The answer cannot be read as text in ${JSON.stringify(label.slice(0, 40))}. Take it as a file.`,
      { retry: 'no', cause: error },
    );
  }
}
