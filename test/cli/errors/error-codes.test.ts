import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES, meaningOf } from '../../../src/cli/errors/error-codes.ts'
import { EXIT_CODES } from '../../../src/cli/errors/exit-codes.ts'
import { exitCodes } from '../../../src/cli/failure/exit-code-help.ts'
import { hintedFor } from '../../../src/cli/text/hint.ts'
import { REFUSAL_CODES } from '../../../src/protocol/message/messages.ts'

const SOURCES = new URL('../../../src/', import.meta.url).pathname

/** Never leave the process: somebody inside decides by them, or they are defects and told as such. */
const INWARD = new Set([
  'answer_invalid',
  'aside_timeout',
  'database_conflict',
  'databases_full',
  'dial_attempt_failed',
  'draft_malformed',
  'hook_answer',
  'json_malformed',
  'malformed',
  'message_too_large',
  'not_json',
  'not_registered',
  // A dial tells it on as unreachable, with the problem of each address.
  'race_lost',
  // The same: the problem of the relay's address.
  'relay_gone',
  'relay_token_refused',
  'relay_unreachable',
  'step_over',
  'token_exists',
  // The exchange answers it by its cause, and the tally keeps that.
  'tally_refused',
])

/** Every `code` that an error class of ours declares. */
function declaredCodes(): readonly string[] {
  const files = globSync('**/*.ts', { cwd: SOURCES })
  return files.flatMap((file) => {
    const declarations = readFileSync(SOURCES + file, 'utf8').matchAll(
      / readonly code(?: =|:) ([^\n]*)/g,
    )
    return [...declarations].flatMap(([, rest]) => rest?.match(/(?<=')[a-z_]+(?=')/g) ?? [])
  })
}

describe('the table of causes', () => {
  it('knows every code that an inviter refuses with', () => {
    expect(REFUSAL_CODES.filter((code) => meaningOf(code) === undefined)).toEqual([])
  })

  it('knows every code of every error class that can get out', () => {
    const codes = declaredCodes()
    expect(codes).toContain('unreachable')
    expect(codes.filter((code) => meaningOf(code) === undefined && !INWARD.has(code))).toEqual([])
  })

  it('does not know what only an object has', () => {
    expect(meaningOf('toString')).toBeUndefined()
    expect(meaningOf('__proto__')).toBeUndefined()
  })

  it('says a whole sentence and a next step for each, and no two sentences alike by mistake', () => {
    for (const { sentence, nextStep } of Object.values(ERROR_CODES)) {
      expect(sentence).toMatch(/^[A-Z].*\.$/)
      expect(nextStep).toMatch(/^[A-Z].*\.$/)
    }
  })

  it('sends a node for no command of the party’s, which would name the node’s directory', () => {
    const { nextStep } = ERROR_CODES.node_certificate_malformed
    expect(hintedFor({ dataDirectory: 'here' })(nextStep)).toBe(nextStep)
  })

  it('has a cause for every exit code but success', () => {
    const shown = exitCodes()
    expect(shown.map(({ exitCode }) => exitCode)).toEqual(Object.keys(EXIT_CODES).map(Number))
    expect(shown.filter(({ causes }) => causes.length === 0).map((code) => code.exitCode)).toEqual([
      0,
    ])
  })

  it.each([
    ['link_newer', 3],
    ['expired', 4],
    ['invalid_token', 4],
    ['used', 5],
    ['revoked', 5],
    ['unreachable', 6],
    ['wrong_peer', 7],
    ['declined', 7],
    ['identity_required', 7],
    ['timed_out', 8],
    ['busy', 9],
    ['draining', 9],
    ['key_file', 10],
    ['audit_broken', 11],
    ['receipt_broken', 11],
    ['receipt_one_sided', 12],
    ['unknown_command', 127],
    ['interrupted', 130],
    ['terminated', 143],
  ] as const)('%s ends with %d', (code, exitCode) => {
    expect(ERROR_CODES[code].exitCode).toBe(exitCode)
  })
})
