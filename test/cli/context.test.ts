import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { isParty, withContext } from '../../src/cli/context.ts'
import type { Locations } from '../../src/cli/locations.ts'
import { temporaryDirectory } from '../support/cli/temporary-directory.ts'

let directory: string
let locations: Locations

beforeEach(async () => {
  directory = join(await temporaryDirectory(), 'alice')
  locations = { dataDirectory: directory, settingsDirectory: directory }
})

const NO_PARTY = expect.objectContaining({ code: 'no_party', path: expect.any(String) })

describe('a command that is for a party that there is', () => {
  it('fails before it does anything where there is no directory, and makes none', async () => {
    await expect(withContext(locations, () => 'done')).rejects.toEqual(NO_PARTY)
    expect(existsSync(directory)).toBe(false)
    expect(isParty(locations)).toBe(false)
  })

  it('fails in a directory that holds no party, and puts nothing there', async () => {
    await mkdir(directory, { mode: 0o700 })
    await expect(withContext(locations, () => 'done')).rejects.toEqual(NO_PARTY)
    expect(await readdir(directory)).toEqual([])
    expect(isParty(locations)).toBe(false)
  })

  it('names the key, not a missing party, where a store has lost its key', async () => {
    await withContext(
      locations,
      (context) => context.store(),
      () => undefined,
    )
    await rm(join(directory, 'identity.key'))
    const reading = withContext(locations, (context) => context.store())
    await expect(reading).rejects.toMatchObject({ code: 'key_file', problem: 'missing' })
  })
})

describe('a command that makes a party', () => {
  it('tells it once, and not again of one that there is', async () => {
    const told: unknown[] = []
    const work = () =>
      withContext(
        locations,
        (context) => context.peerId(),
        (party) => told.push(party),
      )
    const peerId = await work()
    expect(await work()).toBe(peerId)
    expect(told).toEqual([{ peerId, directory }])
    expect(isParty(locations)).toBe(true)
  })

  it('makes none before it needs one', async () => {
    const told: unknown[] = []
    await withContext(
      locations,
      () => undefined,
      (party) => told.push(party),
    )
    expect(told).toEqual([])
    expect(await readdir(directory)).toEqual([])
  })
})
