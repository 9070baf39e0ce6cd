import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Role } from '../../../src/protocol/base/role.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { invite } from '../support/invite.ts'
import { madeOnce } from '../support/made-once.ts'
import { alterStore } from '../support/open-store.ts'

/** A command alone takes seconds on a busy machine. */
const PATIENCE = { timeout: 60_000 }

/** Nobody's data directory, and it stays so. */
let elsewhere: string

beforeEach(async () => {
  elsewhere = join(await dataDirectory(), 'nobody')
})

/** Alice and Bob have made a tally, and nobody runs. */
async function bootstrapped(role: Role) {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice)
  const { link, id: tokenId } = await invite(alice, listening.addresses, { role })
  const bootstrap = ['bootstrap', link, '--yes', '--disclose', 'name=Bob']
  const { code, json } = await taleusJson(bob, bootstrap)
  expect(code).toBe(0)
  expect(await listening.stop()).toBe(0)
  const { addresses } = listening
  return { alice, bob, addresses, tallyId: String(json['tallyId']), tokenId, bootstrap }
}

const pairs = {
  stock: madeOnce(() => bootstrapped('stock')),
  foil: madeOnce(() => bootstrapped('foil')),
}

/** Past the program, which does not run. */
function alter(directory: string, sql: string, ...values: readonly Uint8Array[]): Promise<void> {
  return alterStore(directory, [sql], ...values)
}

function verify(args: readonly string[], input?: string) {
  const options = input === undefined ? {} : { input }
  return taleus(elsewhere, ['audit', 'verify-receipt', ...args], options)
}

test.each(['stock', 'foil'] as const)(
  'both machines print the same receipt (%s), and who has neither can check it',
  async (role) => {
    const { alice, bob, tallyId, tokenId } = await pairs[role]()
    const [file, draft] = [join(bob, 'r'), join(bob, 'd')]
    const printed = await taleus(alice, ['tally', 'receipt', tallyId.slice(0, 6)])
    expect(printed).toMatchObject({ code: 0, stderr: '' })
    expect(printed.stdout.split('\n')).toHaveLength(2)
    const written = await taleus(bob, [
      'tally',
      'receipt',
      tallyId,
      '--out',
      file,
      '--draft-out',
      draft,
    ])
    expect(written).toMatchObject({ code: 0, stdout: '' })
    expect(readFileSync(file, 'utf8')).toBe(printed.stdout)
    const { json: document } = await taleusJson(bob, ['tally', 'receipt', tallyId])
    expect(document).toEqual(JSON.parse(printed.stdout))

    const verified = await verify([file, '--draft', draft])
    expect(verified).toMatchObject({ code: 0, stderr: '' })
    expect(verified.stdout).toMatch(/^Signed by both\.\n/)
    for (const part of [tallyId, tokenId, role]) expect(verified.stdout).toContain(part)
    expect(await verify(['-', '--json'], printed.stdout)).toMatchObject({ code: 0 })
    expect(existsSync(elsewhere)).toBe(false)
  },
)

test('a receipt that was tampered with, or is signed by one side only, or is none, is told apart', async () => {
  const { alice, tallyId } = await pairs.stock()
  const { stdout } = await taleus(alice, ['tally', 'receipt', tallyId])
  const receipt = JSON.parse(stdout)
  const forged = { ...receipt, receipt: { ...receipt.receipt, draft: '0'.repeat(64) } }
  expect(await verify(['-'], JSON.stringify(forged))).toMatchObject({ code: 11, stdout: '' })
  const told = JSON.parse((await verify(['-', '--json'], JSON.stringify(forged))).stdout)
  expect(told).toMatchObject({
    ok: false,
    signatures: { inviter: 'bad', invitee: 'bad' },
    error: { code: 'receipt_broken', exitCode: 11 },
  })

  const half = { ...receipt, signatures: { inviter: receipt.signatures.inviter } }
  const one = await verify(['-'], JSON.stringify(half))
  expect(one).toMatchObject({ code: 12 })
  expect(one.stdout).toMatch(/^Signed by the inviter only\.\n/)
  expect(one.stderr).toMatch(/not signed by both sides \(the invitee did not sign\)/)

  const other = join(alice, 'other')
  writeFileSync(other, 'another draft')
  writeFileSync(join(alice, 'receipt'), stdout)
  expect(await verify([join(alice, 'receipt'), '--draft', other])).toMatchObject({ code: 11 })

  for (const junk of ['', '{}', 'hello\u001b[31m', stdout + stdout, 'x'.repeat(100_000)]) {
    const { code, stdout: answer, stderr } = await verify(['-'], junk)
    expect([code, answer]).toEqual([2, ''])
    expect(stderr).not.toContain('\u001b')
  }
})

describe('what one side lacks', () => {
  test('comes with the next contact: an acknowledgment that was lost', async () => {
    const { alice, bob, tallyId, addresses: before, bootstrap } = await pairs.stock()
    // As if it had died between the answer and the acknowledgment.
    await alter(alice, "UPDATE redemptions SET delivery = 'offered'")
    await alter(alice, "UPDATE tallies SET status = 'offered', invitee_signature = NULL")
    const half = await taleus(alice, ['tally', 'receipt', tallyId])
    expect(half).toMatchObject({ code: 0, stderr: 'Signed by the inviter only.\n' })
    expect(Object.keys(JSON.parse(half.stdout).signatures)).toEqual(['inviter'])
    const { addresses } = await listener(
      alice,
      before.flatMap((each) => ['--listen', each]),
    )
    expect(addresses).toEqual(before)
    expect((await taleusJson(bob, bootstrap)).code).toBe(0)
    await expect
      .poll(async () => (await taleus(alice, ['tally', 'receipt', tallyId])).stderr, PATIENCE)
      .toBe('')
  })

  test('is nothing at all where nobody signed: exit code 2 says so', async () => {
    const { alice, tallyId } = await pairs.stock()
    await alter(alice, 'UPDATE tallies SET token_id = NULL')
    const none = await taleusJson(alice, ['tally', 'receipt', tallyId])
    expect(none).toMatchObject({ code: 2, json: { error: { code: 'no_receipt' } } })
    await alter(
      alice,
      "UPDATE tallies SET token_id = 't', invitee_signature = NULL, inviter_signature = NULL",
    )
    const unsigned = await taleusJson(alice, ['tally', 'receipt', tallyId])
    expect(unsigned).toMatchObject({ code: 2, json: { error: { code: 'no_receipt' } } })
  })

  test('is not made up: what was changed in the store is not handed out', async () => {
    const { alice, tallyId } = await pairs.foil()
    await alter(alice, 'UPDATE tallies SET response_hash = ?1', new Uint8Array([0]))
    const changed = await taleusJson(alice, ['tally', 'receipt', tallyId])
    expect(changed).toMatchObject({ code: 11, json: { error: { code: 'receipt_broken' } } })
  })

  test('is not covered up: a draft that was changed in the store is not handed out as the one that was signed', async () => {
    const { alice, tallyId } = await pairs.foil()
    await alter(alice, "UPDATE tallies SET draft = replace(draft, 'Bob', 'Bub')")
    const draft = join(alice, 'draft')
    const changed = await taleusJson(alice, ['tally', 'receipt', tallyId, '--draft-out', draft])
    expect(changed).toMatchObject({ code: 11, json: { error: { code: 'receipt_broken' } } })
    expect(existsSync(draft)).toBe(false)
  })

  test('is not shown as signed either: lists, pages and the audit say that it does not verify', async () => {
    const { alice, tallyId } = await pairs.stock()
    await alter(alice, "UPDATE tallies SET draft = replace(draft, 'Bob', 'Bub')")
    const shown = await taleus(alice, ['tally', 'show', tallyId])
    expect(shown).toMatchObject({ code: 11 })
    expect(shown.stdout).not.toContain('signed by')
    const broken = { tallyId, verified: false, faults: ['draft_hash', 'partner'] }
    const error = { code: 'tally_broken' }
    const listed = await taleusJson(alice, ['tally', 'list'])
    expect(listed).toMatchObject({ code: 11, json: { tallies: [broken], error } })
    const verified = await taleusJson(alice, ['audit', 'verify'])
    expect(verified).toMatchObject({ code: 11, json: { ok: false, tallies: { broken: 1 }, error } })
    const set = await taleusJson(alice, ['tally', 'set', tallyId, 'note=x'])
    expect(set).toMatchObject({ code: 11, json: { error } })
  })
})
