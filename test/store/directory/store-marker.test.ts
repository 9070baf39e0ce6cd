import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import {
  hasStore,
  markerOf,
  readMarker,
  writeMarker,
} from '../../../src/store/directory/store-marker.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const ID = 'a'.repeat(32)

describe('a data directory', () => {
  it('remembers its store and where that is, and nothing before', async () => {
    const directory = openDataDirectory(await temporaryDirectory())
    expect([hasStore(directory), readMarker(directory)]).toEqual([false, undefined])
    writeMarker(directory, { id: ID })
    expect([hasStore(directory), readMarker(directory)]).toEqual([true, { id: ID }])
    expect(readFileSync(markerOf(directory), 'utf8')).toBe(`${ID}\n`)
    const place = 'db.example:5432/taleus, schema taleus'
    writeMarker(directory, { id: ID, place })
    expect(readMarker(directory)).toEqual({ id: ID, place })
    expect(statSync(markerOf(directory)).mode & 0o777).toBe(0o600)
  })

  it.each(['', 'a', `${ID}0\n`, `${ID}\nhere\nthere\n`, 'x'.repeat(2_000)])(
    'whose memory of its store is no such thing is damaged (%#)',
    async (text) => {
      const directory = openDataDirectory(await temporaryDirectory())
      writeFileSync(markerOf(directory), text, { mode: 0o600 })
      expect(() => readMarker(directory)).toThrow(/is damaged/)
    },
  )
})
