import { spawnSync } from 'node:child_process'

/** A metric, as its text tells it. */
export interface MetricFamily {
  readonly name: string
  readonly type: string
  readonly help: string
  /** The labels of its samples. */
  readonly labels: ReadonlySet<string>
}

/** Reads the metrics out of a page in Prometheus' text format. */
export function familiesIn(text: string): readonly MetricFamily[] {
  return [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)\n((?:(?!#).*\n?)*)/gm)].map(
    ([, name = '', help = '', type = '', samples = '']) => {
      const labels = [...samples.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label)
      return { name, type, help, labels: new Set(labels) }
    },
  )
}

/** A unit that is not the base one, or a type in the name. */
const BAD_NAME =
  /_(?:ms|millis|seconds_\w+|minutes|hours|kb|mb|kib|mib|percent|gauge|counter|histogram)$/

const SAMPLE = /^taleus_\w+(?:\{(?:\w+="[^"\\]*",?)+\})? (?:-?[\d.]+(?:e[+-]?\d+)?|Nan)$/i

/** Says which rules of the format a page breaks: lines, names, units, help, labels. */
export function metricsFaults(text: string): readonly string[] {
  const families = familiesIn(text)
  const names = families.map(({ name }) => name)
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('# '))
  return [
    ...lines.filter((line) => !SAMPLE.test(line)),
    ...names.filter((name, at) => names.indexOf(name) < at).map((name) => `${name} comes twice`),
    ...families.flatMap(faultsOf),
  ]
}

function faultsOf({ name, type, help, labels }: MetricFamily): readonly string[] {
  const rules: readonly (readonly [string, boolean])[] = [
    ['name', /^taleus(?:_[a-z0-9]+)+$/.test(name) && !BAD_NAME.test(name)],
    ['type', ['counter', 'gauge', 'histogram'].includes(type)],
    ['end', name.endsWith('_total') === (type === 'counter')],
    ['end that is kept for parts', !/_(?:count|sum|bucket|info)$/.test(name)],
    ['help', /^[A-Z0-9].*\.$/.test(help)],
    ['label `le`', type === 'histogram' || !labels.has('le')],
    // Of a summary, and we have none.
    ['label `quantile`', !labels.has('quantile')],
    ['labels', [...labels].every((label) => /^[a-z]+$/.test(label))],
  ]
  return rules.flatMap(([rule, holds]) => (holds ? [] : [`${name}: ${rule}`]))
}

/** True where Prometheus' own tool is installed. */
export const hasPromtool = spawnSync('promtool', ['--version']).error === undefined

/** What Prometheus' own tool finds wrong with a page; nothing if it is right. */
export function saidByPromtool(input: string): string {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input })
  const said = `${stdout}${stderr}`
  return status === 0 || said !== '' ? said : `it ended with ${status}`
}
