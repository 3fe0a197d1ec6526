/** A broker's URL as amqplib takes it, and the parts that messages may show. */
export interface BrokerUrl {
  href: string;
  /** `host:port/vhost`, without user and password: for logs. */
  shown: string;
  host: string;
  user: string;
  vhost: string;
}

/**
 * Checks the URL and sets the heartbeat (seconds) unless the URL says one.
 * Throws an Error that says what a URL looks like, and never shows the password.
 */
export function brokerUrl(text: string, heartbeatSeconds: number): BrokerUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^amqps?:$/.test(url.protocol) || url.hostname === '')
    throw new Error('The broker URL must look like amqp://user:password@host:5672/vhost (or amqps://…).');
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', String(heartbeatSeconds));
  const vhost = decodeURIComponent(url.pathname.slice(1)) || '/';
  const host = `${url.hostname}:${url.port || (url.protocol === 'amqp:' ? 5672 : 5671)}`;
  return {
    href: url.href,
    shown: vhost === '/' ? host : `${host}/${vhost}`,
    host,
    user: decodeURIComponent(url.username) || 'guest',
    vhost,
  };
}

/** Why a connection failed and what to do, in words. amqplib has no codes for refusals during the handshake. */
export function explainConnectFailure(error: Error, { host, user, vhost }: BrokerUrl): string {
  const code = (error as { code?: unknown }).code;
  const { message } = error;
  if (/ACCESS_REFUSED|ACCESS-REFUSED/.test(message))
    return `RabbitMQ at ${host} refuses user '${user}': check the user and password in the broker URL (guest may only come from the same host).`;
  // amqplib drops the broker's words here; they are 530 NOT_ALLOWED for a vhost that is unknown, forbidden or full.
  if (/ConnectionOpenOk; got <ConnectionClose/.test(message))
    return `RabbitMQ at ${host} does not let user '${user}' into vhost '${vhost}': create it (rabbitmqctl add_vhost), give access (rabbitmqctl set_permissions), raise its connection limit, or change the broker URL. RabbitMQ's log has the reason.`;
  if (code === 'ECONNREFUSED')
    return `No broker listens at ${host}: start RabbitMQ or change the broker URL.`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `The broker's host name in ${host} is not known: check the broker URL and the DNS.`;
  if (/during opening handshake/.test(message))
    return `${host} ended the connection before it was open: it is starting or stopping, or it is not an AMQP port.`;
  if (/ETIMEDOUT/.test(message))
    return `${host} does not answer: check the network between here and the broker.`;
  return `Cannot connect to the broker at ${host}: ${message}.`;
}
