import type { Schemas } from '@offload/client';
import { durationText } from '../ui/time.js';
import { Chart } from './chart.js';
import { failureRate, openOf, pointsOf, RANGES, type Range } from './series.js';

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const average = (value: number): string => (value < 10 ? String(Math.round(value * 10) / 10) : whole(value));
const percent = (value: number): string => `${(value * 100).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`;

/** Throughput, failure rate, time in queue, and what is open, over the range. */
export function Charts({ stats, range }: { stats: Schemas['Stats']; range: Range }) {
  const points = pointsOf(stats);
  const times = points.map(({ at }) => at);
  const from = range === 'hour' ? 'an hour ago' : 'a day ago';
  const unit = range === 'hour' ? 'a minute' : 'an hour';
  const { totals } = stats;
  const rate = failureRate(totals);
  const open = openOf(stats);
  const minutes = RANGES[range].ms / 60_000;
  const common = { times, from };
  return (
    <div class="charts">
      <Chart
        {...common}
        title={`Ended ${unit}`}
        now={`${average((totals.succeeded + totals.failed) / minutes)} a minute`}
        format={whole}
        least={4}
        lines={[
          { name: 'succeeded', look: 'bar', values: points.map(({ succeeded }) => succeeded) },
          { name: 'failed', look: 'bar-hatched', values: points.map(({ failed }) => failed) },
        ]}
      />
      <Chart
        {...common}
        title="Failure rate"
        now={rate === null ? 'nothing ended' : percent(rate)}
        format={percent}
        least={0.1}
        lines={[{ name: 'failed of those that ended', look: 'bar-hatched', values: points.map(failureRate) }]}
      />
      <Chart
        {...common}
        title="Time in queue"
        now={totals.timeInQueue.p95Ms === null ? 'nothing began' : durationText(totals.timeInQueue.p95Ms)}
        format={durationText}
        least={100}
        lines={[
          { name: 'on average', look: 'line', values: points.map(({ queueMeanMs }) => queueMeanMs) },
          {
            name: '95 of 100, at most',
            look: 'line-dashed',
            values: points.map(({ queueP95Ms }) => queueP95Ms),
          },
        ]}
      />
      <Chart
        {...common}
        title="Open tasks"
        now={`${whole(open.waiting)} waiting, ${whole(open.running)} running`}
        format={average}
        least={4}
        lines={[
          { name: 'waiting or running', look: 'line', values: points.map((point) => point.open) },
          { name: 'running, on average', look: 'line-dashed', values: points.map(({ running }) => running) },
        ]}
      />
    </div>
  );
}
