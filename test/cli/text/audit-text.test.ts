import { describe, expect, it } from 'vitest'
import { auditDocument, auditText } from '../../../src/cli/text/audit-text.ts'

const STYLE = { now: 0, relative: false }

function textOf(data: Parameters<typeof auditDocument>[0]['data']): string {
  const entry = {
    v: 2,
    seq: 7,
    at: 0,
    monotonic: 1,
    type: 'token',
    severity: 'info',
    data,
  } as const
  return auditText([auditDocument(entry)], { ...STYLE, width: 200 }).split('\n')[1] ?? ''
}

describe('an audit record on one line', () => {
  it('begins with its event', () => {
    expect(textOf({ use: 1, event: 'reserved' })).toBe(
      '  7  1970-01-01T00:00:00.000Z  info      token  reserved use=1',
    )
  })

  it('tells moments as such, and other numbers as they are', () => {
    const data = {
      event: 'issued',
      expiresAt: 1_795_417_005_000,
      fence: 1_795_417_005_000,
      seenAt: 1e17,
    }
    expect(textOf(data)).toContain(
      'issued expiresAt=2026-11-23T06:56:45.000Z fence=1795417005000 seenAt=100000000000000000',
    )
  })

  it('of a command begins with the command', () => {
    expect(textOf({ command: 'token create', user: 'alice' })).toContain('token create user=alice')
  })

  it('of a session is its path', () => {
    expect(textOf({ path: ['CREATED', 'FAILED'], ms: [1], side: 'dialer' })).toContain(
      'CREATED → FAILED',
    )
  })

  it('shows what a peer put into it as harmless text', () => {
    const line = textOf({ event: 'declined', reason: '\u001b[2Jgone\n\u202e' })
    expect(line).toContain('reason=\\x1b[2Jgone\\n\\u202e')
  })
})
