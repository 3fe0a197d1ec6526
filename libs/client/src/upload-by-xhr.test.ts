import { afterEach, expect, test } from '@jest/globals';
import { createTransport } from './transport.js';
import { uploadByXhr } from './upload-by-xhr.js';

/** What a server or proxy answers. */
interface Answer {
  status: number;
  type: string | null;
  text: string;
}

/** As much of a browser's XMLHttpRequest as an upload uses. */
function browserAnswers({ status, type, text }: Answer): void {
  class Xhr {
    upload = {};
    status = status;
    statusText = '';
    responseText = text;
    onload: () => void = () => {};
    onloadend: () => void = () => {};
    open(): void {}
    setRequestHeader(): void {}
    getResponseHeader = (name: string): string | null => (name === 'content-type' ? type : null);
    send(): void {
      this.onload();
      this.onloadend();
    }
  }
  Object.assign(globalThis, { XMLHttpRequest: Xhr });
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'XMLHttpRequest');
});

const upload = () =>
  uploadByXhr(createTransport({ baseUrl: 'http://api.test' }), new Blob(['x']), {
    url: 'http://api.test/v1/files',
    type: 'text/plain',
  });

test('a stored file is what the upload resolves with', async () => {
  browserAnswers({ status: 201, type: 'application/json; charset=utf-8', text: '{"id":"1"}' });
  expect(await upload()).toEqual({ id: '1' });
});

test('a refusal is a ProblemError with its code', async () => {
  const text = '{"code":"too-large","detail":"A file may have 5 bytes.","status":413}';
  browserAnswers({ status: 413, type: 'application/problem+json', text });
  await expect(upload()).rejects.toMatchObject({ name: 'ProblemError', code: 'too-large', status: 413 });
});

test.each([
  ['a proxy answers with a page', 502, 'text/html', '<html>Bad Gateway</html>'],
  ['a proxy says success with a page', 201, 'text/html', '<html>Log in</html>'],
  ['the answer claims to be JSON', 500, 'application/json', '{"code":'],
  ['there is no body', 204, null, ''],
])('the upload is refused where %s', async (_what, status, type, text) => {
  browserAnswers({ status, type, text });
  await expect(upload()).rejects.toMatchObject({ name: 'ProblemError', code: 'http-error', status });
});
