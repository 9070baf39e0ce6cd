import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SettingDefinition, SettingKind } from '../../src/cli/settings/setting-definition.ts'
import { SETTINGS } from '../../src/cli/settings/settings-table.ts'
import { formatBytes } from '../../src/cli/text/byte-size.ts'
import { DEFAULT_NETWORK_LIMITS } from '../../src/network/base/limits.ts'
import { DEFAULT_RELAY_LIMITS } from '../../src/network/relay-server/relay-limits.ts'
import { DEFAULT_SESSION_CONFIG } from '../../src/session/config/session-config.ts'
import { code, markdownTable } from '../docs/markdown-table.ts'
import { duration, quantity } from '../docs/quantity.ts'
import { type Bound, sourceBounds } from '../docs/source-bounds.ts'
import { docsOf } from '../docs/source-docs.ts'

const SRC = join(import.meta.dirname, '..', '..', 'src')

const ROOMS: readonly (readonly [room: string, heading: string])[] = [
  ['protocol', 'On the wire and in a link'],
  ['session', 'Sessions'],
  ['network', 'Network, fixed'],
  ['store', 'Store'],
  ['audit', 'Audit'],
  ['hooks', 'The hooks that come with it'],
  ['tally', 'The tally’s document'],
  ['service', 'Listener and control socket'],
  ['cli', 'Command line'],
]

const HEAD = `# Limits

Whatever grows or waits has a bound, and the bound is a named constant with its reason beside it. This page is
made from those constants (\`npm run docs\`); \`npm run check\` says when it is not current.`

/** The page of all bounds. */
export function generate(): string {
  const bounds = sourceBounds(SRC)
  const parts = [HEAD, settings(), sessionConfig(), networkLimits()]
  for (const [room, heading] of ROOMS) {
    const own = bounds.filter(({ file }) => file.startsWith(`${room}/`))
    if (own.length > 0) parts.push(`## ${heading}`, boundsTable(own))
  }
  return `${parts.join('\n\n')}\n`
}

/** A bound as it is read. */
function shownBound(kind: SettingKind): (value: number) => string {
  if (kind === 'duration') return duration
  if (kind === 'bytes') return formatBytes
  return (value) => `${value.toLocaleString('en')}${kind === 'list' ? ' items' : ''}`
}

/** The kinds whose bounds are told by a word. */
const WORDS_OF_KIND: Readonly<Partial<Record<SettingKind, string>>> = {
  endpoint: 'HOST:PORT',
  path: 'a path',
  command: 'a program and its arguments',
  choices: 'some of [the kinds](hooks.md#for-what-happens)',
}

function settings(): string {
  const all: readonly (readonly [string, SettingDefinition])[] = Object.entries(SETTINGS)
  const rows = all.map(([name, definition]) => {
    const { kind, min, max, choices, fallback, description } = definition
    const words = WORDS_OF_KIND[kind] ?? choices?.join(' or ')
    const show = shownBound(kind)
    const [least, most] = words === undefined ? [show(min), show(max)] : ['', words]
    return [code(name), shown(fallback, show), least, most, description]
  })
  return [
    '## Settings',
    'Of `taleus config`; the flag of the same name overrides them.',
    markdownTable(['setting', 'default', 'least', 'most', 'what'], rows),
  ].join('\n\n')
}

function shown(fallback: SettingDefinition['fallback'], show: (value: number) => string): string {
  if (fallback === undefined) return 'off'
  if (typeof fallback === 'number') return show(fallback)
  return (typeof fallback === 'string' ? [fallback] : fallback).map(code).join(', ')
}

function sessionConfig(): string {
  const docs = docsOf(readFileSync(join(SRC, 'session', 'config', 'session-config.ts'), 'utf8'))
  const values: readonly (readonly [string, unknown])[] = Object.entries(DEFAULT_SESSION_CONFIG)
  const rows = values.map(([name, value]) => [
    code(name),
    typeof value === 'number' ? quantity(name, value) : code(String(value)),
    (docs.get(name) ?? '').replace(/ ?@default.*$/, ''),
  ])
  return [
    '## Session manager',
    'Of `new SessionManager(hooks, config)`, see [the library](library.md).',
    markdownTable(['option', 'default', 'what'], rows),
  ].join('\n\n')
}

function networkLimits(): string {
  return [
    '## Network',
    'Of the node that `taleus listen` and `taleus bootstrap` run.',
    limitsTable(join('base', 'limits.ts'), DEFAULT_NETWORK_LIMITS),
    '## Relay',
    'Of `taleus relay`, beside those of the network.',
    limitsTable(join('relay-server', 'relay-limits.ts'), DEFAULT_RELAY_LIMITS),
  ].join('\n\n')
}

/** @param file of the network room: first a type with the limits, then its defaults, each with a comment */
function limitsTable(file: string, defaults: object): string {
  const source = readFileSync(join(SRC, 'network', file), 'utf8')
  const [types = '', values = ''] = source.split('export const DEFAULT_')
  const [what, why] = [docsOf(types), docsOf(values)]
  const all: readonly (readonly [string, number])[] = Object.entries(defaults)
  const rows = all.map(([name, value]) => [
    code(name),
    quantity(name, value),
    what.get(name) ?? '',
    why.get(name) ?? '',
  ])
  return markdownTable(['limit', 'value', 'what', 'why'], rows)
}

function boundsTable(bounds: readonly Bound[]): string {
  const rows = bounds.map(({ name, value, why, file }) => [
    code(name),
    quantity(name, value),
    why.replace(/\.? @default [\d_,]+(?: \w+)?, /, ', '),
    `[${file}](../src/${file})`,
  ])
  return markdownTable(['bound', 'value', 'what and why', 'where'], rows)
}
