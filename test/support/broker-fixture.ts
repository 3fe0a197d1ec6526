import { connectBroker, type BrokerConnection, type ConnectOptions } from '@offload/broker/connect';
import { createTestVhost, type TestVhost } from './rabbitmq.js';
import { RecordedLog } from './recorded-log.js';
import { when } from './signals.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

/** A vhost with connections that are closed after each test. */
export interface BrokerFixture {
  readonly vhost: TestVhost;
  readonly log: RecordedLog;
  /** Connected when it resolves. */
  connect(name: string, options?: Partial<ConnectOptions>): Promise<BrokerConnection>;
  /** A link to the broker that can be broken; connect through `vhost.urlAt(proxy.port)`. */
  proxy(): Promise<TcpProxy>;
  /** Closes it after the test, too. */
  track<T extends { close(): Promise<void> }>(resource: T): T;
  /** Closes what the test opened, the last first. */
  closeAll(): Promise<void>;
  remove(): Promise<void>;
}

export async function brokerFixture(label: string): Promise<BrokerFixture> {
  const vhost = await createTestVhost(label);
  const log = new RecordedLog();
  const open: { close(): Promise<void> }[] = [];
  const fixture: BrokerFixture = {
    vhost,
    log,
    async connect(name, options = {}) {
      const connection = await connectBroker({ url: vhost.url, name, log, ...options });
      fixture.track(connection);
      await when(connection, () => connection.connected, `${name} to connect`);
      return connection;
    },
    async proxy() {
      return fixture.track(await startTcpProxy({ host: vhost.host, port: vhost.port }));
    },
    track(resource) {
      open.push(resource);
      return resource;
    },
    async closeAll() {
      for (const each of open.splice(0).reverse()) await each.close();
    },
    async remove() {
      await fixture.closeAll();
      await vhost.remove();
    },
  };
  return fixture;
}
