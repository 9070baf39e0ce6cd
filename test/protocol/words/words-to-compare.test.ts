import { describe, expect, it } from 'vitest'
import type { ReceiptBody } from '../../../src/protocol/receipt/receipt.ts'
import { commitmentTo } from '../../../src/protocol/words/commitment.ts'
import { WORDS_COUNT, wordsToCompare } from '../../../src/protocol/words/words-to-compare.ts'

const BODY: ReceiptBody = {
  v: 1,
  redemptionId: 'redemption-1',
  tokenId: 'w556hbr6ssjk67uc',
  inviter: '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5',
  invitee: '12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq',
  role: 'stock',
  tallyId: 'mf3wcy3bnrwca5dfnz2gk43jnu',
  draft: '1'.repeat(64),
  request: '2'.repeat(64),
  response: '3'.repeat(64),
  approvedAt: 1_790_000_000_000,
}
/** An invitee that builds chooses the tally's id, and with it the draft, when it knows the answer and its own number. */
const CHOSEN_LAST = ['tallyId', 'draft'] as const
const OPENING = 'abcdefghijklmnopqrstuvwxyz'

describe('the words to compare', () => {
  it('are four of the list, the same for the same receipt and number', () => {
    const words = wordsToCompare(BODY, OPENING)
    expect(words).toHaveLength(WORDS_COUNT)
    expect(words.every((word) => /^[a-z]{3,8}$/.test(word))).toBe(true)
    expect(wordsToCompare({ ...BODY }, OPENING)).toEqual(words)
  })

  it('are others if any member of the receipt that is fixed before the number is told is another one, or the number', () => {
    const others = Object.entries(BODY)
      .filter(([name]) => !['v', ...CHOSEN_LAST].some((each) => each === name))
      .map(([name, value]) =>
        wordsToCompare(
          { ...BODY, [name]: typeof value === 'number' ? value + 1 : `${value}x` },
          OPENING,
        ).join(' '),
      )
    const all = [...others, wordsToCompare(BODY, `${OPENING}x`).join(' ')]
    expect(new Set([...all, wordsToCompare(BODY, OPENING).join(' ')]).size).toBe(all.length + 1)
  })

  it('can not be aimed at by an invitee that builds: what it chooses last is no part of them', () => {
    const words = wordsToCompare(BODY, OPENING)
    for (const name of CHOSEN_LAST)
      expect(wordsToCompare({ ...BODY, [name]: `${BODY[name]}x` }, OPENING)).toEqual(words)
  })

  it('take each place from the whole list', () => {
    const seen = Array.from({ length: WORDS_COUNT }, () => new Set<string>())
    for (let n = 0; n < 4_000; n += 1)
      for (const [place, word] of wordsToCompare(BODY, String(n)).entries()) seen[place]?.add(word)
    // 2,048 words, each missed by 4,000 draws with probability 0.14.
    for (const words of seen) expect(words.size).toBeGreaterThan(1_700)
  })
})

describe('a commitment', () => {
  it('is an id of the protocol that says nothing of the number', () => {
    expect(commitmentTo(OPENING)).toMatch(/^[a-z2-7]{26}$/)
    expect(commitmentTo(OPENING)).toBe(commitmentTo(OPENING))
    expect(commitmentTo(OPENING)).not.toBe(commitmentTo(`${OPENING}a`))
  })
})
