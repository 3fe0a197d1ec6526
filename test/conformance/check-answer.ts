import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { problemType, type ProblemCode } from '../../services/api/src/problem.js';
import type { OpenApi, Operation } from './document.js';
import type { Answer, Sent } from './send.js';

/** What belongs to the inside: places in the code, stacks, and the programs that the API is made of. */
const INSIDE =
  /node_modules|\bat [\w.<>]+ \(|file:\/\/\/|\.[jt]s:\d+|mongo|ferret|postgres|amqp|rabbit|BSON|ECONN|Cannot read prop|is not a function/i;

/** A JSON pointer (RFC 6901, section 6) without its first slash, as it stands in a URL's fragment. */
const pointerOf = (...parts: string[]): string =>
  parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');

/** Compares answers with what the document says of them. */
export class AnswerChecker {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: OpenApi) {
    formats.default(this.#ajv);
    // Names of image formats, which describe and do not check.
    for (const name of ['jpeg', 'webp']) this.#ajv.addFormat(name, true);
    this.#ajv.addSchema({ $id: 'doc', ...document });
  }

  /** What is wrong with an answer, one line each. @param operation undefined for an address of none */
  faults(operation: Operation | undefined, sent: Sent, answer: Answer): string[] {
    const { status, headers } = answer;
    const faults: string[] = [];
    if (status >= 500) faults.push(`status ${status}`);
    if (!headers['x-request-id']) faults.push('no X-Request-Id');
    if (headers['x-content-type-options'] !== 'nosniff') faults.push('no nosniff');
    const problem = headers['content-type']?.startsWith('application/problem+json') ?? false;
    if (status >= 400 && !problem && sent.method !== 'HEAD' && operation?.id !== 'getReadiness')
      faults.push(`status ${status} without a problem`);
    // A file may be of that type, too.
    if (problem && status >= 400 && sent.method !== 'HEAD') faults.push(...this.#problemFaults(sent, answer));
    if (operation) faults.push(...this.#operationFaults(operation, sent, answer));
    return faults;
  }

  #problemFaults(sent: Sent, { status, headers, body }: Answer): string[] {
    const text = body.toString();
    const faults = this.#schemaFaults('#/components/schemas/Problem', parsed(text));
    const problem = (parsed(text) ?? {}) as Record<string, unknown>;
    const expected = {
      status,
      instance: sent.address.split('?', 1)[0],
      requestId: headers['x-request-id'],
      type: problemType(problem.code as ProblemCode),
    };
    for (const [name, value] of Object.entries(expected))
      if (problem[name] !== value)
        faults.push(`${name} is ${JSON.stringify(problem[name])}, not ${JSON.stringify(value)}`);
    const found = INSIDE.exec(text.replaceAll(JSON.stringify(sent.address).slice(1, -1), ''));
    if (found && !sentText(sent).includes(found[0])) faults.push(`shows the inside: ${found[0]}`);
    return faults;
  }

  #operationFaults(operation: Operation, sent: Sent, answer: Answer): string[] {
    const { method } = sent;
    if (method === 'OPTIONS' && answer.status === 204)
      return allows(answer, operation.methods) ? [] : [`Allow is ${answer.headers.allow}`];
    const asked = method === 'HEAD' && operation.methods.includes('GET') ? 'GET' : method;
    // Another method of the same address is another operation's matter, or is refused.
    if (asked !== operation.method) {
      if (operation.methods.includes(asked) || answer.status === 401 || answer.status === 403) return [];
      if (answer.status === 421 || answer.status === 400) return [];
      return answer.status === 405 && allows(answer, operation.methods)
        ? []
        : [`${method} is answered ${answer.status} with Allow ${answer.headers.allow}`];
    }
    const documented = operation.answers[String(answer.status)];
    if (!documented) return [`status ${answer.status} is not in the document`];
    const missing = Object.entries(documented.headers ?? {})
      .filter(([name, { required }]) => required && answer.headers[name.toLowerCase()] === undefined)
      .map(([name]) => `the header ${name} is missing`);
    return [...missing, ...(method === 'HEAD' ? [] : this.#contentFaults(operation, sent, answer))];
  }

  #contentFaults(operation: Operation, sent: Sent, answer: Answer): string[] {
    const { status, headers, body } = answer;
    const content = operation.answers[String(status)]?.content;
    if (!content) return body.length === 0 ? [] : ['a body, where the document has none'];
    const type = headers['content-type']?.split(';', 1)[0] ?? '';
    const documented = content[type] ? type : content['*/*'] ? '*/*' : undefined;
    if (documented === undefined) return [`content type ${type} is not in the document`];
    if (!content[documented]?.schema || !type.endsWith('json')) return [];
    // Not whole, on demand.
    if (/[?&]fields=/.test(sent.address) && status < 300)
      return parsed(body.toString()) === undefined ? ['no JSON'] : [];
    const place = pointerOf(
      'paths',
      operation.path,
      operation.method.toLowerCase(),
      'responses',
      String(status),
    );
    return this.#schemaFaults(
      `#/${place}/${pointerOf('content', documented, 'schema')}`,
      parsed(body.toString()),
    );
  }

  #schemaFaults(pointer: string, value: unknown): string[] {
    const check = this.#compiled.get(pointer) ?? this.#ajv.compile({ $ref: `doc${pointer}` });
    this.#compiled.set(pointer, check);
    if (check(value)) return [];
    return [`does not fit its schema: ${this.#ajv.errorsText(check.errors)}`];
  }
}

const allows = ({ headers }: Answer, methods: string[]): boolean =>
  methods.every((method) => (headers.allow ?? '').split(', ').includes(method));

const sentText = ({ address, body, headers }: Sent): string =>
  `${decoded(address)} ${body?.toString() ?? ''} ${Object.values(headers).join(' ')}`;

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
