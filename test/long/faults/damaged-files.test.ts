import { expect, test } from 'vitest'
import { DAMAGES, FILES } from '../../faults/directory/damage.ts'
import { aLife, COMMANDS, inDamaged } from '../../faults/directory/damaged-directory.ts'
import { pooled } from '../../faults/pooled.ts'

const SEED = Number(process.env['DAMAGE_SEED'] ?? Math.floor(Math.random() * 5))

/** Every file with every damage, each with one command; with each seed it is another one. */
const ALL = FILES.flatMap((file, row) =>
  DAMAGES.flatMap((kind, column) => {
    const command = COMMANDS[(row + column + SEED) % COMMANDS.length]
    return command === undefined ? [] : [{ file, kind, command }]
  }),
)

/** The other half is another seed's; the long tests try all of them with all commands. */
const CELLS = ALL.filter((_, nth) => nth % 2 === SEED % 2)

test(`a damaged file is named, or made anew if nothing is lost with it; never is there a new identity or an empty store (DAMAGE_SEED=${SEED})`, async () => {
  const life = await aLife()
  expect(await pooled(CELLS, 3, (cell) => inDamaged(life, cell))).toEqual([])
})
