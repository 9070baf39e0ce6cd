import { isAbsolute, resolve } from 'node:path'
import { commandWords } from '../../protocol/base/command-words.ts'
import { formatPostgresUrl, parsePostgresUrl } from '../../protocol/database/postgres-url.ts'
import { PostgresUrlError } from '../../protocol/errors.ts'
import type { SettingChange } from '../../service/status/listener-settings.ts'
import { SettingValueError } from '../errors/errors.ts'
import { meantPath } from '../paths/meant-path.ts'
import { formatBytes, parseBytes } from '../text/byte-size.ts'
import { formatDuration, parseDuration } from '../text/duration.ts'
import { parseBaseUrl } from './base-url.ts'
import { parseEndpoint } from './endpoint.ts'
import type { SettingDefinition, SettingKind } from './setting-definition.ts'
import { definitionOf, isSettingKey, type SettingKey, type SettingValue } from './settings-table.ts'

/** Longest item of a list, in characters. */
const MAX_ITEM = 512

type Bounds = Pick<SettingDefinition, 'min' | 'max' | 'choices' | 'passwordSetting'> & {
  /** The setting's name, for errors. */
  readonly of: string
}

/** The way the values of one kind are checked, read and shown. */
interface ValueKind {
  /** Returns true for a value that the settings file may keep. */
  accepts(value: unknown, bounds: Bounds): boolean
  /** Reads what somebody typed. @throws SettingValueError, UsageError */
  parse(texts: readonly string[], bounds: Bounds): SettingValue
  /** Writes a number as `parse` takes it back. */
  format(value: number): string
  /** The unit and the bounds, for people. */
  bounds(bounds: Bounds): string
}

const VALUE_KINDS: Readonly<Record<SettingKind, ValueKind>> = {
  duration: numeric(parseDuration, formatDuration),
  bytes: numeric(parseBytes, exactBytes),
  integer: numeric(parseInteger, String),
  endpoint: {
    accepts: (value) => typeof value === 'string' && parseEndpoint(value) !== undefined,
    parse: (texts, { of }) => checkedEndpoint(onlyOne(texts, of), of),
    format: String,
    bounds: () => 'HOST:PORT',
  },
  page: {
    accepts: (value) => typeof value === 'string' && parseBaseUrl(value) === value,
    parse: (texts, { of }) => checkedBaseUrl(onlyOne(texts, of), of),
    format: String,
    bounds: () => 'https://…',
  },
  path: {
    accepts: (value, { max }) => typeof value === 'string' && isPathText(value, max),
    parse: (texts, bounds) => checkedPath(onlyOne(texts, bounds.of), bounds),
    format: String,
    bounds: () => 'a path',
  },
  command: {
    accepts: (value, { max }) => typeof value === 'string' && isCommand(value, max),
    parse: (texts, bounds) => checkedCommand(onlyOne(texts, bounds.of), bounds),
    format: String,
    bounds: () => 'a program and its arguments',
  },
  database: {
    accepts: (value, bounds) => typeof value === 'string' && isDatabase(value, bounds),
    parse: (texts, bounds) => checkedDatabase(onlyOne(texts, bounds.of), bounds),
    format: String,
    bounds: ({ choices = [] }) => [...choices, 'postgres://USER@HOST:PORT/DATABASE'].join(' or '),
  },
  choice: {
    accepts: (value, { choices = [] }) => typeof value === 'string' && choices.includes(value),
    parse: (texts, bounds) => checkedChoice(onlyOne(texts, bounds.of), bounds),
    format: String,
    bounds: orOf,
  },
  choices: {
    accepts: (value, bounds) => Array.isArray(value) && areChoices(value, bounds),
    parse: (texts, bounds) => checkedChoices(itemsOf(texts), bounds),
    format: String,
    bounds: ({ choices = [] }) => `of ${choices.join(', ')}`,
  },
  list: {
    accepts: (value, { min, max }) =>
      Array.isArray(value) &&
      value.length >= min &&
      value.length <= max &&
      value.every((item) => typeof item === 'string' && isAddressText(item)),
    parse: (texts, bounds) => checkedList(itemsOf(texts), bounds),
    format: String,
    bounds: ({ min, max }) => `${min} to ${max} items`,
  },
}

function numeric(
  parse: (text: string, bounds: Bounds) => number,
  format: (value: number) => string,
): ValueKind {
  return {
    accepts: (value, { min, max }) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max,
    parse: (texts, bounds) => parse(onlyOne(texts, bounds.of), bounds),
    format,
    bounds: ({ min, max }) => `${format(min)} to ${format(max)}`,
  }
}

/** Returns true for a value that the settings file may keep under this name. */
export function acceptsSetting(key: SettingKey, value: unknown): boolean {
  return VALUE_KINDS[definitionOf(key).kind].accepts(value, boundsOf(key))
}

/**
 * Reads a setting's value from what somebody typed: `5s`, `2000`, one text, or the items of a list, which may also come
 * as one text with commas.
 * @throws SettingValueError, UsageError
 */
export function parseSetting(key: SettingKey, texts: readonly string[]): SettingValue {
  return VALUE_KINDS[definitionOf(key).kind].parse(texts, boundsOf(key))
}

/** Writes a setting's value as `parseSetting` takes it back. */
export function formatSetting(key: SettingKey, value: SettingValue | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return VALUE_KINDS[definitionOf(key).kind].format(value)
  return typeof value === 'string' ? value : value.join(',')
}

/** The unit and the bounds, for people. */
export function formatBounds(key: SettingKey): string {
  return VALUE_KINDS[definitionOf(key).kind].bounds(boundsOf(key))
}

/** `max-sessions 100 → 5 (file)`, and from when it counts if not from now. */
export function changeText({ key, from, to, source, effect }: SettingChange): string {
  const change = `${key} ${valueText(key, from)} → ${valueText(key, to)} (${source})`
  return effect === 'restart' ? `${change}, when the listener is started again` : change
}

/** A value that came over the control socket, as a person writes it. */
export function valueText(key: string, value: SettingValue | null): string {
  if (value === null) return 'off'
  return isSettingKey(key) ? formatSetting(key, value) : String(value)
}

function boundsOf(key: SettingKey): Bounds {
  return { ...definitionOf(key), of: key }
}

function onlyOne(texts: readonly string[], of: string): string {
  const [text, ...more] = texts
  if (text !== undefined && more.length === 0) return text
  throw new SettingValueError(`\`${of}\` takes one value`)
}

/** As `parseBytes` takes it back: never rounded. */
function exactBytes(value: number): string {
  const shown = formatBytes(value)
  return shown.includes('.') ? String(value) : shown
}

function parseInteger(text: string, { min, max, of }: Bounds): number {
  const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new SettingValueError(`\`${of}\` takes a whole number from ${min} to ${max}`)
}

function checkedEndpoint(text: string, of: string): string {
  if (parseEndpoint(text) !== undefined) return text.trim()
  throw new SettingValueError(`\`${of}\` takes HOST:PORT, like 127.0.0.1:9464 or [::1]:9464`)
}

function checkedBaseUrl(text: string, of: string): string {
  const url = parseBaseUrl(text)
  if (url !== undefined) return url
  throw new SettingValueError(
    `\`${of}\` takes the address of a page, like https://example.org/t, without ? and #`,
  )
}

function checkedChoice(text: string, bounds: Bounds): string {
  const choice = bounds.choices?.find((each) => each === text.trim())
  if (choice !== undefined) return choice
  throw new SettingValueError(`\`${bounds.of}\` takes ${orOf(bounds)}`)
}

function isDatabase(text: string, { choices = [] }: Bounds): boolean {
  if (choices.includes(text)) return true
  try {
    parsePostgresUrl(text)
    return true
  } catch {
    return false
  }
}

/** Reads a choice or a URL. Its error does not repeat what was typed: there may be a password in it. */
function checkedDatabase(text: string, { of, choices = [], passwordSetting }: Bounds): string {
  if (choices.includes(text.trim())) return text.trim()
  try {
    return formatPostgresUrl(parsePostgresUrl(text))
  } catch (cause) {
    if (!(cause instanceof PostgresUrlError)) throw cause
    const advice =
      cause.problem === 'password'
        ? `. Take it out, change it, and put it into a file with mode 600: \`taleus config set ${passwordSetting} FILE\`; or into ~/.pgpass`
        : ''
    throw new SettingValueError(`\`${of}\`: ${cause.message}${advice}`, { cause })
  }
}

/** A listener may be started in another folder: what is kept is the whole path. */
function checkedPath(text: string, { max, of }: Bounds): string {
  const path = resolve(meantPath(text.trim(), process.env))
  if (isPathText(path, max)) return path
  throw new SettingValueError(`\`${of}\` takes a path`)
}

/** Which program it is, is found out when it is started: by PATH, or by the folder that taleus is started in. */
function checkedCommand(text: string, { max, of }: Bounds): string {
  const command = text.trim()
  if (isCommand(command, max)) return command
  throw new SettingValueError(
    `\`${of}\` takes a program and its arguments, like 'python3 /home/me/hooks.py'; '…' or "…" keep spaces together`,
  )
}

function isCommand(text: string, max: number): boolean {
  if (text.length > max || /\p{Cc}/u.test(text)) return false
  const [program = ''] = commandWords(text) ?? []
  return program !== ''
}

function areChoices(items: readonly unknown[], { min, max, choices = [] }: Bounds): boolean {
  const isOne = (item: unknown): boolean => choices.some((choice) => choice === item)
  return items.length >= min && items.length <= max && items.every(isOne)
}

function checkedChoices(items: readonly string[], bounds: Bounds): readonly string[] {
  const chosen = [...new Set(items)]
  if (areChoices(chosen, bounds)) return chosen
  const { of, choices = [] } = bounds
  throw new SettingValueError(`\`${of}\` takes some of ${choices.join(', ')}`)
}

function isPathText(text: string, max: number): boolean {
  return isAbsolute(text) && text.length <= max && !/\p{Cc}/u.test(text)
}

function orOf({ choices = [] }: Bounds): string {
  return choices.join(' or ')
}

/** Whether a text may be a multiaddr, and does nothing to a terminal. */
function isAddressText(item: string): boolean {
  return item.length <= MAX_ITEM && /^\/[\x21-\x7e]+$/.test(item)
}

/** The items of a list, which may come as one text with commas. */
function itemsOf(texts: readonly string[]): readonly string[] {
  return texts
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '')
}

function checkedList(items: readonly string[], { min, max, of }: Bounds): readonly string[] {
  if (items.length < min || items.length > max) {
    throw new SettingValueError(`\`${of}\` takes ${min} to ${max} items`)
  }
  if (items.every(isAddressText)) return items
  throw new SettingValueError(`\`${of}\` takes addresses like /ip4/192.0.2.7/tcp/4710`)
}
