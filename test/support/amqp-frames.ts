/** A method frame on channel 0 (AMQP 0-9-1, section 4.2.3): to be injected into an idle link by a TcpProxy. */
const methodFrame = (...payload: number[]): Buffer =>
  Buffer.from([1, 0, 0, 0, 0, 0, payload.length, ...payload, 0xce]);

/** What RabbitMQ sends when memory or disk is short (RabbitMQ guide "Blocked connection notifications"). */
export const CONNECTION_BLOCKED = methodFrame(0, 10, 0, 60, 3, ...Buffer.from('low'));
export const CONNECTION_UNBLOCKED = methodFrame(0, 10, 0, 61);
