import amqp from 'amqplib';
import { signalServer, untilWorks } from './server-processes.js';

/** Ends the tests' own broker as a power cut would; the runner of the tests starts it again by itself. */
export function killBroker(): void {
  signalServer('rabbitmq', 'SIGKILL');
}

/** Resolves with the milliseconds until the broker takes connections again; rejects after a minute. */
export function brokerBack(url: string): Promise<number> {
  return untilWorks('The broker', async () => {
    const connection = await amqp.connect(url);
    await connection.close();
  });
}
