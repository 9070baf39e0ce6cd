import { expect, test } from 'vitest'
import { unboundedReads } from '../../../scripts/walls/readers.ts'

test('a file that is read without a bound is found, the reader itself is not', () => {
  const text = "import { readFile } from 'node:fs/promises'\nconst all = await readFile(path)\n"
  expect(unboundedReads([{ path: 'cli/audit/one.ts', text }])).toEqual([
    expect.stringContaining('src/cli/audit/one.ts:2: readFile( has no bound'),
  ])
  expect(unboundedReads([{ path: 'cli/input/read-bounded.ts', text }])).toEqual([])
})
