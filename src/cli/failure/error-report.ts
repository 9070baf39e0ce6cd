import { compact } from '../../protocol/base/compact.ts'
import { ERROR_CODES, meaningOf } from '../errors/error-codes.ts'
import type { ErrorMeaning } from '../errors/error-meaning.ts'
import type { ExitCode } from '../errors/exit-codes.ts'
import { harmless } from '../text/harmless.ts'
import { lines, type ScreenText } from '../text/screen-text.ts'
import { scrub } from '../text/scrub.ts'
import { isoTime } from '../text/time-text.ts'
import { NOT_THE_FILES_FAULT, systemErrorCode } from './system-error-codes.ts'

/** A failure as it leaves the process. Free of links, secrets, arguments and stack traces. */
export interface ErrorReport {
  readonly code: string
  readonly message: string
  readonly exitCode: ExitCode
  readonly nextStep: string
  readonly retryAfterMs?: number
  /** `pending`: until when the place is kept. */
  readonly pendingUntil?: string
  readonly fields?: readonly string[]
  /** Names of the fields that the inviter was told. */
  readonly disclosed?: readonly string[]
  /** The side that has found out a `mismatch`. */
  readonly foundBy?: string
  /** `unreachable`: each address that was tried, and its problem in words. */
  readonly attempts?: readonly { readonly address: string; readonly problem: string }[]
}

/** A failure for people; of what only waits for a person's yes nothing has failed. */
export function errorText({ code, message, nextStep }: ErrorReport): ScreenText {
  const said = code === 'pending' ? message : `Error: ${message}`
  return lines([...said.split('\n'), nextStep])
}

/** Errors of ours about a file. */
const ABOUT_FILES: readonly string[] = ['store', 'settings_file', 'key_file', 'data_directory']

/** Addresses that are named: a link has at most 16. */
const MAX_ATTEMPTS = 16

/** The longest message that is shown, in characters; ours are far shorter. */
const MAX_MESSAGE = 2_000

/**
 * Makes the report of anything that was thrown. Decides by code, never by message.
 * @param help the command that explains the usage of what was run
 */
export function reportOf(error: unknown, help?: string): ErrorReport {
  const code = codeOf(error)
  const foundBy = textIn(error, 'foundBy')
  const meaning: ErrorMeaning = meaningOf(code, foundBy === 'invitee') ?? ERROR_CODES.unexpected
  const retryAfterMs = numberIn(error, 'retryAfterMs')
  const pendingUntil = numberIn(error, 'pendingUntil')
  const fields = namesIn(error, 'fields')
  const disclosed = namesIn(error, 'disclosed')
  const told = disclosed && disclosureText(disclosed, valueIn(error, 'wasBegun') === true)
  const attempts = attemptsIn(error)
  const sentences = [messageOf(error, meaning), ...(told === undefined ? [] : [told])].join(' ')
  return compact({
    code,
    message: [cleanLines(sentences, isFromParser(error)), ...attempts.map(attemptText)].join('\n'),
    exitCode: meaning.exitCode,
    nextStep: clean(nextStepOf(error, { meaning, help, retryAfterMs, fields })),
    retryAfterMs,
    pendingUntil: pendingUntil === undefined ? undefined : isoTime(pendingUntil),
    fields: fields?.map(clean),
    disclosed: disclosed?.map(clean),
    foundBy,
    attempts: attempts.length === 0 ? undefined : attempts,
  })
}

type Attempts = NonNullable<ErrorReport['attempts']>

function attemptText({ address, problem }: Attempts[number]): string {
  return `  ${address}: ${problem}`
}

/** The addresses that an error names, with their problems. */
function attemptsIn(error: unknown): Attempts {
  const attempts = valueIn(error, 'attempts')
  if (!Array.isArray(attempts)) return []
  return attempts.slice(0, MAX_ATTEMPTS).map((each: unknown) => ({
    address: clean(textIn(each, 'address') ?? ''),
    problem: clean(textIn(each, 'problem') ?? ''),
  }))
}

function disclosureText(fields: readonly string[], wasBegun: boolean): string {
  if (fields.length > 0) return `The inviter was told: ${fields.join(', ')}.`
  return wasBegun ? 'Nothing was disclosed this time.' : 'Nothing was disclosed.'
}

function codeOf(error: unknown): string {
  // Flags and arguments that oclif's parser refuses.
  if (isFromParser(error)) return 'usage'
  const code = textIn(error, 'code')
  if (code !== undefined && meaningOf(code) !== undefined) return diskCodeOf(error, code) ?? code
  return systemCodeOf(error) ?? 'unexpected'
}

function diskCodeOf(error: unknown, code: string): string | undefined {
  if (!ABOUT_FILES.includes(code)) return undefined
  const system = systemCodeOf(valueIn(error, 'cause'))
  return system !== undefined && NOT_THE_FILES_FAULT.has(system) ? system : undefined
}

function systemCodeOf(error: unknown): string | undefined {
  return systemErrorCode(textIn(error, 'code'), numberIn(error, 'errcode'))
}

function isFromParser(error: unknown): boolean {
  if (valueIn(error, 'parse') !== undefined) return true
  // Plain errors of the parser carry nothing but the exit code that oclif gives to wrong usage.
  const oclif = valueIn(error, 'oclif')
  return textIn(error, 'code') === undefined && valueIn(oclif, 'exit') === 2
}

function messageOf(error: unknown, meaning: ErrorMeaning): string {
  const own = error instanceof Error ? error.message : String(error)
  if (meaning.ownMessage && own !== '') return sentence(withoutParserFrame(own))
  if (meaning === ERROR_CODES.unexpected)
    return own.trim() === '' ? meaning.sentence : `Something unexpected went wrong: ${ended(own)}`
  // The file it was about, or the other side's words.
  const detail = textIn(error, 'detail') ?? textIn(error, 'path')
  return detail === undefined ? meaning.sentence : `${meaning.sentence.slice(0, -1)} (${detail}).`
}

interface Known {
  readonly meaning: ErrorMeaning
  readonly help: string | undefined
  readonly retryAfterMs: number | undefined
  readonly fields: readonly string[] | undefined
}

function nextStepOf(error: unknown, { meaning, help, retryAfterMs, fields }: Known): string {
  const fix = textIn(error, 'fix')
  if (fix !== undefined) return `Run: ${fix}`
  const advice = textIn(error, 'advice')
  if (advice !== undefined) return advice
  if (retryAfterMs !== undefined) {
    return `Run the same command again in ${Math.max(1, Math.ceil(retryAfterMs / 1000))} s.`
  }
  if (meaning === ERROR_CODES.identity_required && fields !== undefined && fields.length > 0) {
    return `Add ${fields.map((field) => `--disclose ${field}=…`).join(' ')}.`
  }
  if (meaning === ERROR_CODES.usage && help !== undefined) return `See: ${help}`
  return meaning.nextStep
}

/** oclif wraps what is wrong in "Parsing --flag … See more help with --help" and suchlike. */
function withoutParserFrame(message: string): string {
  return message
    .replace(/\n*See more help with --help\s*$/, '')
    .replace(/^Parsing (--[\w-]+)\s+(?:\1: )?/, '$1: ')
    .replace(/^The following errors? occurred:\s+/, '')
    .replace(
      /^(--[\w-]+)=\S+ cannot also be provided when using (--[\w-]+)/,
      '$1 and $2 exclude each other',
    )
    .replace(/^All of the following must be provided when using (--[\w-]+): /, '$1 only goes with ')
    .replace(/^Missing \d+ required args?:\n(\w+) +/, 'missing $1: ')
}

function sentence(text: string): string {
  const trimmed = text.trim()
  // A name, a path or a flag at the beginning keeps its own spelling.
  if (!/^[a-z]+[ ,']/.test(trimmed)) return ended(trimmed)
  return ended(trimmed.charAt(0).toUpperCase() + trimmed.slice(1))
}

function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`
}

/** The parser lists what is wrong with the words line by line; nobody else begins a line. */
function cleanLines(text: string, isList: boolean): string {
  return isList ? text.split('\n').map(clean).join('\n').slice(0, MAX_MESSAGE) : clean(text)
}

function clean(text: string): string {
  return harmless(scrub(text.slice(0, 10 * MAX_MESSAGE)).slice(0, MAX_MESSAGE)).trimEnd()
}

function valueIn(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined
}

function textIn(from: unknown, name: string): string | undefined {
  const value = valueIn(from, name)
  return typeof value === 'string' ? value : undefined
}

function numberIn(from: unknown, name: string): number | undefined {
  const value = valueIn(from, name)
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

function namesIn(from: unknown, name: string): readonly string[] | undefined {
  const value = valueIn(from, name)
  if (!Array.isArray(value)) return undefined
  const names = value.filter((item) => typeof item === 'string')
  return names.length === value.length ? names : undefined
}
