import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { onTerminal } from '../support/terminal.ts'

/** A shop with a standing invitation, whose terms are in a file. */
async function shop() {
  const alice = await dataDirectory()
  const file = join(alice, 'terms.txt')
  const priced = async (terms: string): Promise<string> => {
    await writeFile(file, terms)
    return file
  }
  const listening = await listener(alice, ['--listen', '/ip4/127.0.0.1/tcp/0'])
  const make = ['token', 'create', '--unlimited', '--terms', await priced('bread 1 EUR')]
  const { json: token } = await taleusJson(alice, make)
  const [id, link] = [String(token['id']), String(token['link'])]
  const update = async (terms: string, ...more: readonly string[]) =>
    await taleusJson(alice, ['token', 'update', id, '--terms', await priced(terms), ...more])
  return { alice, listening, id, link, update }
}

async function termsOf(directory: string, tallyId: string): Promise<unknown> {
  const { json } = await taleusJson(directory, ['tally', 'show', tallyId])
  return Object(Object(json['document'])['draft'])['terms']
}

test('whoever comes after an update gets the new terms, whoever came before keeps the old', async () => {
  const { alice, id, link, update } = await shop()
  const [bob, carol] = [await dataDirectory(), await dataDirectory()]
  const redeem = ['bootstrap', link, '--yes']
  const { json: first } = await taleusJson(bob, redeem)
  const updated = await update('bread 2 EUR', '--require', 'name', '--reason', 'flour')
  expect(updated).toMatchObject({
    code: 0,
    json: { id, status: 'open', revision: 1, changed: ['terms'], required: ['name'], used: 1 },
  })
  const { stdout: told } = await taleus(alice, ['audit', 'query', '--token', id, '--json'])
  expect(told).toContain('updated')
  expect(told).not.toContain('bread')
  const { json: second } = await taleusJson(carol, [...redeem, '--disclose', 'name=Carol'])
  expect(await termsOf(carol, String(second['tallyId']))).toBe('bread 2 EUR')
  const { json: again } = await taleusJson(bob, redeem)
  expect(again['tallyId']).toBe(first['tallyId'])
  expect(await termsOf(bob, String(first['tallyId']))).toBe('bread 1 EUR')
  expect(await termsOf(alice, String(first['tallyId']))).toBe('bread 1 EUR')
  const shown = await taleus(alice, ['token', 'show', id])
  expect(shown.stdout).toMatch(/terms +bread 2 EUR/)
  expect(shown.stdout).toContain('updated')
})

test('a person who thinks it over while the terms are changed is asked again', async () => {
  const { link, update } = await shop()
  const bob = await dataDirectory()
  const terminal = onTerminal(bob, ['bootstrap', link])
  await terminal.shows('bread 1 EUR')
  await terminal.shows('[y/N]')
  await update('bread 2 EUR')
  terminal.type('y\r')
  await terminal.shows('has changed its offer')
  await terminal.until('the new question', (screen) => screen.split('[y/N]').length === 3)
  expect(terminal.screen.join('\n')).toContain('bread 2 EUR')
  terminal.type('y\r')
  expect(await terminal.exited).toBe(0)
  const { json } = await taleusJson(bob, ['tally', 'list'])
  const [tally] = Object(json)['tallies']
  expect(await termsOf(bob, String(Object(tally).tallyId))).toBe('bread 2 EUR')
})

test('an invitation is updated without a listener too, and not when nothing is left of it', async () => {
  const { alice, listening, id, update } = await shop()
  expect(await listening.stop()).toBe(0)
  expect(await update('bread 3 EUR')).toMatchObject({ code: 0, json: { changed: ['terms'] } })
  expect(await update('bread 3 EUR')).toMatchObject({ code: 0, json: { changed: [] } })
  const cleared = await taleusJson(alice, ['token', 'update', id, '--no-terms', '--label', 'till'])
  expect(cleared).toMatchObject({ code: 0, json: { changed: ['label', 'terms'], label: 'till' } })
  const nothing = await taleusJson(alice, ['token', 'update', id])
  expect(nothing).toMatchObject({ code: 2, json: { error: { code: 'usage' } } })
  await taleus(alice, ['token', 'revoke', id])
  expect(await update('bread 4 EUR')).toMatchObject({ code: 2, json: { error: { code: 'usage' } } })
})
