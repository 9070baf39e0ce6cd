import { expect, test } from 'vitest'
import { DAMAGES, FILES } from '../faults/directory/damage.ts'
import { aLife, COMMANDS, inDamaged } from '../faults/directory/damaged-directory.ts'
import { pooled } from '../faults/pooled.ts'

const CELLS = FILES.flatMap((file) =>
  DAMAGES.flatMap((kind) => COMMANDS.map((command) => ({ file, kind, command }))),
)

test('every file with every damage, each with every command', async () => {
  const life = await aLife()
  expect(await pooled(CELLS, 3, (cell) => inDamaged(life, cell))).toEqual([])
})
