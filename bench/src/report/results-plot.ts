import type { SuiteRounds } from '../run-suite.js';
import { barPlot, type Panel } from './bar-plot.js';
import { describeRatio, ratiosOf } from './ratios.js';
import type { Figure, Result } from './results.js';

interface PanelOf {
  readonly suite: string;
  readonly figure: Figure;
  readonly title: string;
}

const panels: readonly PanelOf[] = [
  {
    suite: 'dashboard',
    figure: 'requestsPerCpuSecond',
    title: 'A dashboard of three calls: requests per CPU-second (more is better)',
  },
  { suite: 'dashboard', figure: 'p99Ms', title: 'The same: p99 of the latency in ms (less is better)' },
  { suite: 'dashboard', figure: 'peakRssMb', title: 'The same: peak memory in MB (less is better)' },
  {
    suite: 'proxy-idle',
    figure: 'peakRssMb',
    title: '5,000 idle connections beside 32 that are asked for 5 KB: peak memory in MB (less is better)',
  },
  {
    suite: 'hedging',
    figure: 'p99Ms',
    title: '2 % of the calls to one service take 1 s: p99 of the latency in ms (less is better)',
  },
];

/** The results as a picture that can be read alone. `setting` says where and how they were measured. */
export function resultsPlot(
  all: readonly SuiteRounds[],
  results: readonly Result[],
  setting: string,
): string {
  const drawn = panels.map((panel) => toPanel(panel, all, results)).filter(({ bars }) => bars.length > 0);
  const subtitles = [
    setting,
    `Upstream: ${describeUpstreams(all)}.`,
    'Bars are medians of the rounds, thin lines reach from the lowest to the highest.',
  ];
  return barPlot('One gateway process, the same work', subtitles, drawn);
}

/** Of the suites that are drawn, each upstream once: a line of the picture holds no more. */
function describeUpstreams(all: readonly SuiteRounds[]): string {
  const drawn = all.filter(({ suite }) => panels.some((panel) => panel.suite === suite.name));
  return [...Map.groupBy(drawn, ({ upstream }) => upstream)]
    .map(([upstream, suites]) => `${upstream} (${suites.map(({ suite }) => suite.name).join(', ')})`)
    .join(', ');
}

function toPanel(
  { suite, figure, title }: PanelOf,
  all: readonly SuiteRounds[],
  results: readonly Result[],
): Panel {
  const ratios = all
    .filter((one) => one.suite.name === suite)
    .flatMap((one) => ratiosOf(one.suite, results))
    .filter(({ target }) => target.figure === figure);
  const bars = results
    .filter((result) => result.suite === suite)
    .map((result) => ({
      label: result.contender,
      value: result[figure],
      ...result.spread[figure],
      isOurs: result.contender.startsWith('web-bff') || result.contender === 'gateway',
    }));
  return { title, bars, notes: ratios.map(describeRatio) };
}
