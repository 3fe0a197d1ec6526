import { TaskError, type Retry } from '@offload/contracts/errors';
import { OutboundError } from './outbound-error.js';

/** How far an exchange had come when it failed: the same broken connection means different things. */
export type Phase = 'before-response' | 'in-body';

const NOT_FOUND = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NODATA', 'EAI_NONAME']);
/** Codes of Node's TLS: certificates' faults are words, the protocol's begin with ERR_ or are EPROTO. */
const TLS =
  /^(ERR_TLS_|ERR_SSL_|CERT_|EPROTO$|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;
const UNREACHABLE =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|EACCES|EMFILE|ENFILE|ENETDOWN|EHOSTDOWN|EINVAL)$/;
const DNS = /^(EAI_|ESERVFAIL|EREFUSED|ETIMEOUT|EBADRESP|EBADNAME|ECANCELLED|EFORMERR|ENOTIMP|EBADQUERY)/;
const CODING = /^(Z_DATA_ERROR|Z_NEED_DICT|Z_STREAM_ERROR|ERR_BROTLI|ERR__ERROR|ZSTD_error)/;

/**
 * What a failed exchange means for the task: a TaskError whose message names the host as it was asked for,
 * never an address behind it.
 */
export function failureOf(error: unknown, host: string, phase: Phase): TaskError {
  if (error instanceof TaskError) return error;
  const code = codeOf(error);
  const failure = (name: string, message: string, retry: Retry): TaskError =>
    new OutboundError(name, message, { retry, cause: error });

  if (code === 'UND_ERR_INVALID_ARG')
    return failure('invalid-request', `The request cannot be sent: ${(error as Error).message}.`, 'no');
  if (NOT_FOUND.has(code))
    return failure('host-not-found', `There is no host named ${host}. Check the spelling of the URL.`, 'yes');
  if (DNS.test(code))
    return failure('dns-failed', `The name ${host} could not be looked up just now.`, 'yes');
  if (isTlsFault(code))
    return failure('tls-failed', `No secure connection to ${host}: ${tlsReason(code)}.`, 'no');
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return failure('timeout', `${host} did not accept a connection in time.`, 'yes');
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return failure('timeout', `${host} did not begin its answer in time.`, 'yes');
  if (code === 'UND_ERR_BODY_TIMEOUT')
    return failure('timeout', `${host} stopped sending in the middle of its answer.`, 'yes');
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH')
    return failure('invalid-request', "The request's body is not as long as its Content-Length says.", 'no');
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW')
    return failure('headers-too-large', `${host} answered with more header bytes than are accepted.`, 'no');
  if (CODING.test(code))
    return failure('bad-encoding', `${host} sent a body that is not in its stated Content-Encoding.`, 'no');
  if (phase === 'in-body')
    return failure(
      'truncated-body',
      `The connection to ${host} broke before the whole body had come.`,
      'yes',
    );
  if (UNREACHABLE.test(code))
    return failure('connect-failed', `No connection to ${host} could be made.`, 'yes');
  if (code.startsWith('HPE_') || (error as Error).name === 'HTTPParserError')
    return failure('bad-response', `${host} answered with something that is not HTTP.`, 'yes');
  return failure('connection-lost', `The connection to ${host} broke before it answered.`, 'yes');
}

/** Whether an error's code says that no secure connection could be made. */
export const isTlsFault = (code: string): boolean => TLS.test(code);

export function tooLarge(host: string, maxBytes: number): TaskError {
  return new OutboundError(
    'too-large',
    `The body from ${host} is larger than the ${maxBytes} bytes that are accepted here.`,
    { retry: 'no' },
  );
}

export function deadlineOver(host: string, deadlineMs: number): TaskError {
  return new OutboundError(
    'timeout',
    `${host} did not deliver its answer within ${Number((deadlineMs / 1000).toFixed(1))} seconds.`,
    { retry: 'yes' },
  );
}

/** The caller's signal. A TaskError as its reason is passed on as it is. */
export function givenUp(reason: unknown): TaskError {
  if (reason instanceof TaskError) return reason;
  return new OutboundError('aborted', 'The request was given up by the worker.', {
    retry: 'yes',
    cause: reason,
  });
}

/** The codes of a certificate's faults are words (CERT_HAS_EXPIRED); they say what to repair. */
function tlsReason(code: string): string {
  return code.startsWith('ERR_') || code === 'EPROTO'
    ? code === 'ERR_TLS_CERT_ALTNAME_INVALID'
      ? 'its certificate is for another name'
      : 'the two sides could not agree'
    : `its certificate is not accepted (${code.toLowerCase().replaceAll('_', ' ')})`;
}

function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: unknown[] };
  if (typeof code === 'string') return code;
  return errors?.[0] === undefined ? '' : codeOf(errors[0]);
}
