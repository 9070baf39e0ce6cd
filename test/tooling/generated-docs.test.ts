import { describe, expect, it } from 'vitest'
import { markdownTable } from '../../scripts/docs/markdown-table.ts'
import { withSection } from '../../scripts/docs/marked-section.ts'
import { quantity } from '../../scripts/docs/quantity.ts'
import { boundsIn } from '../../scripts/docs/source-bounds.ts'
import { docsOf } from '../../scripts/docs/source-docs.ts'
import { generate as generateCommands } from '../../scripts/pages/commands.ts'
import { generate as generateExitCodes } from '../../scripts/pages/exit-codes.ts'
import { generate as generateLimits } from '../../scripts/pages/limits.ts'
import { generate as generateMessageOrder } from '../../scripts/pages/message-order.ts'
import { generate as generateMessages } from '../../scripts/pages/messages.ts'
import { generate as generateRefusals } from '../../scripts/pages/refusals.ts'
import { generate as generateWorkedExample } from '../../scripts/pages/worked-example.ts'
import { EXIT_CODES } from '../../src/cli/errors/exit-codes.ts'
import { CHECKPOINT_BEFORE, MESSAGE_ORDER } from '../../src/protocol/message/message-order.ts'
import { REFUSAL_CODES } from '../../src/protocol/message/messages.ts'

function rows(table: string): string[] {
  return table.split('\n').filter((line) => line.startsWith('| '))
}

describe('a section of a page', () => {
  const page = 'before\n<!-- generated: a -->\nold\n<!-- end: a -->\nafter\n'

  it('is replaced, and nothing else is', () => {
    const once = withSection(page, 'a', '\nnew\n')
    expect(once).toBe('before\n<!-- generated: a -->\n\nnew\n\n<!-- end: a -->\nafter\n')
    expect(withSection(once, 'a', 'new')).toBe(once)
  })

  it.each(['', 'before', '<!-- end: a --><!-- generated: a -->', page + page])(
    'is refused without its marks, once and in order: %j',
    (text) => {
      expect(() => withSection(text, 'a', 'new')).toThrow(RangeError)
    },
  )
})

describe('what the sources tell', () => {
  const source = [
    '/** Things at once. */',
    'export const MAX_THINGS = 1_000',
    '',
    '/**',
    ' * How long.',
    ' * @throws nothing',
    ' */',
    'const WAIT_MS: number = 2 * 30_000',
    'const MAX_BARE = 3',
    'const MINUTE_MS = 60_000',
    'const MAX_OTHER = 4 * MAX_BARE',
    'const values = {',
    '  // Two lines',
    '  // of reason.',
    '  depth: 4,',
    '  plain: 5,',
    '}',
  ].join('\n')

  it('is every bound with its value and its reason', () => {
    expect(boundsIn('a.ts', source)).toEqual([
      { name: 'MAX_THINGS', value: 1_000, why: 'Things at once.', file: 'a.ts' },
      { name: 'WAIT_MS', value: 60_000, why: 'How long.', file: 'a.ts' },
      { name: 'MAX_BARE', value: 3, why: '', file: 'a.ts' },
    ])
  })

  it('is the comment right before a member, and none where there is none', () => {
    const docs = docsOf(source)
    expect(docs.get('depth')).toBe('Two lines of reason.')
    expect(docs.has('plain')).toBe(false)
  })
})

it.each([
  ['stepTimeoutMs', 5_000, '5 s'],
  ['WAIT_MS', 250, '250 ms'],
  ['WAIT_MS', 0, '0 ms'],
  ['expiresMs', 86_400_000, '1 d'],
  ['MAX_FRAME_BYTES', 65_536, '64 KiB'],
  ['MAX_BYTES', 1_048_576, '1 MiB'],
  ['MAX_PREFIX_BYTES', 3, '3 B'],
  ['MAX_THINGS', 10_000, '10,000'],
])('%s of %i is shown as %s', (name, value, text) => {
  expect(quantity(name, value)).toBe(text)
})

it('a bar or a line break in a cell does not break the table', () => {
  expect(markdownTable(['a'], [['x|y\nz']])).toBe('| a |\n|---|\n| x\\|y z |')
})

describe('the generated parts', () => {
  it('name every exit code, refusal, and row of the message order', () => {
    expect(rows(generateExitCodes())).toHaveLength(Object.keys(EXIT_CODES).length + 1)
    expect(rows(generateRefusals())).toHaveLength(REFUSAL_CODES.length + 1)
    expect(rows(generateMessageOrder())).toHaveLength(
      MESSAGE_ORDER.length + Object.keys(CHECKPOINT_BEFORE).length + 1,
    )
  })

  it('describe every message, and each command by its summary', () => {
    const messages = rows(generateMessages()).slice(1)
    expect(messages).toHaveLength(10)
    for (const message of messages) expect(message).toMatch(/\| \S.* → .* \| `/)
    expect(generateCommands()).toContain('| `taleus listen` | Answer invitations until stopped. |')
  })

  it('hold the bounds of the wire, of the network, of sessions and of settings', () => {
    const limits = generateLimits()
    for (const name of [
      'MAX_FRAME_BYTES',
      'maxStreamsPerConnection',
      'rateLimitPerPeer',
      'expires',
    ])
      expect(limits).toContain(`| \`${name}\` |`)
  })

  it('show the link that the tests pin', () => {
    expect(generateWorkedExample()).toContain('taleus:baiaacaqdaqcqmbyibefawdanbyhwwsosad7757p4')
  })
})
