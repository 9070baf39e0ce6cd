import { globSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { brokenWall, folderCircles } from '../../scripts/walls/broken-walls.ts'
import { importsOf } from '../../scripts/walls/imports.ts'
import { WALLS } from '../../scripts/walls/walls.ts'
import type { Finding } from './biome.ts'
import { lintTree } from './biome.ts'

/** A file, and one line in it. */
type Case = readonly [file: string, line: string]

const REFUSED: readonly Case[] = [
  ['src/protocol/a.ts', `import type { A } from '../session/a.ts'`],
  ['src/protocol/deep/a.ts', `import { a } from '../../hooks/a.ts'`],
  ['src/session/machine/a.ts', `import { a } from '../../protocol/a.ts'`],
  ['src/session/machine/a.ts', `import { type A } from '../../protocol/a.ts'`],
  ['src/session/machine/a.ts', `export { a } from '../../protocol/a.ts'`],
  ['src/session/machine/a.ts', `import type { A } from '../ports/a.ts'`],
  ['src/session/machine/a.ts', `import type { A } from '../../hooks/a.ts'`],
  ['src/session/machine/a.ts', `import { z } from 'zod'`],
  ['src/session/machine/a.ts', `import { randomBytes } from 'node:crypto'`],
  ['src/session/machine/a.ts', `const a = await import('../../network/a.ts')`],
  ['src/session/machine/deep/a.ts', `import type { A } from '../../ports/a.ts'`],
  ['src/session/run/a.ts', `import type { A } from '../admission/a.ts'`],
  ['src/session/run/a.ts', `import { a } from '../reaper/a.ts'`],
  ['src/store/ledger/a.ts', `import { a } from '../audit/a.ts'`],
  ['src/session/a.ts', `import { a } from '../hooks/a.ts'`],
  ['src/session/a.ts', `import type { A } from '../hooks/memory/a.ts'`],
  ['src/session/a.ts', `import { a } from '../audit/record/record.ts'`],
  ['src/session/a.ts', `import type { A } from '../audit/chain.ts'`],
  ['src/session/a.ts', `import type { A } from '../store/a.ts'`],
  ['src/session/ports/a.ts', `import type { A } from '../../network/a.ts'`],
  ['src/hooks/a.ts', `import type { A } from '../session/a.ts'`],
  ['src/hooks/a.ts', `import { a } from '../tally/a.ts'`],
  ['src/hooks/memory/a.ts', `import { a } from '../../store/a.ts'`],
  ['src/hooks/file/a.ts', `import { a } from '../../session/a.ts'`],
  ['src/network/a.ts', `import { a } from '../session/a.ts'`],
  ['src/network/a.ts', `import type { A } from '../session/machine/a.ts'`],
  ['src/network/a.ts', `import { a } from '../store/a.ts'`],
  ['src/store/a.ts', `import { a } from '../session/machine/a.ts'`],
  ['src/store/a.ts', `import type { A } from '../session/a.ts'`],
  ['src/store/a.ts', `import type { A } from '../hooks/file/a.ts'`],
  ['src/store/a.ts', `import type { A } from '../network/a.ts'`],
  ['src/audit/a.ts', `import type { A } from '../store/a.ts'`],
  ['src/tally/a.ts', `import type { A } from '../hooks/a.ts'`],
  ['src/service/a.ts', `import type { A } from '../cli/a.ts'`],
  ['src/service/a.ts', `import { a } from '../dashboard/a.tsx'`],
  ['src/dashboard/a.tsx', `import { a } from '../service/feed/event-feed.ts'`],
  ['src/dashboard/a.tsx', `import type { A } from '../service/a.ts'`],
  ['src/dashboard/a.tsx', `import type { A } from '../session/a.ts'`],
  ['src/cli/a.ts', `import { a } from '../store/a.ts'`],
  ['src/cli/a.ts', `import type { A } from '../hooks/a.ts'`],
  ['src/cli/context.ts', `import { a } from '../commands/a.ts'`],
  ['src/commands/a.ts', `import { a } from '../service/a.ts'`],
  ['src/commands/token/a.ts', `import { a } from '../../session/a.ts'`],
  ['src/commands/token/a.ts', `import { a } from '../../commands/a.ts'`],
  ['src/index.ts', `export { a } from './tally/a.ts'`],
  ['src/index.ts', `export { a } from './cli/a.ts'`],
  ['src/session/a.ts', `import { a } from '../index.ts'`],
  ['src/session/a.ts', `import { a } from './index.ts'`],
  ['src/cli/a.ts', `import { a } from 'taleus/bootstrap'`],
  ['src/hooks/a.ts', `import type { PeerId } from '@libp2p/interface'`],
  ['src/session/a.ts', `import { createLibp2p } from 'libp2p'`],
  ['src/cli/context.ts', `import { noise } from '@chainsafe/libp2p-noise'`],
  ['src/cli/a.ts', `import { render } from 'ink'`],
  ['src/commands/a.ts', `import { useState } from 'react'`],
  ['src/service/a.ts', `import { Command } from '@oclif/core'`],
  ['src/hooks/file/a.ts', `import { DatabaseSync } from 'node:sqlite'`],
  ['src/session/a.ts', `type A = import('./a.ts').A`],
  ['src/session/a.ts', 'const a = await import(`../store/a.ts`)'],
  ['src/session/a.ts', 'const a = await import(name)'],
  ['src/session/a.ts', `import { a } from '../store/a.ts'`],
  ['src/session/a.ts', `import { a } from '../store/a.ts'`],
]

const LET_THROUGH: readonly Case[] = [
  ['src/session/run/a.ts', `import { a } from '../ports/a.ts'`],
  ['src/store/audit/a.ts', `import { a } from '../ledger/a.ts'`],
  ['src/protocol/a.ts', `import { z } from 'zod'`],
  ['src/session/machine/a.ts', `import type { A } from '../../protocol/a.ts'`],
  ['src/session/machine/a.ts', `import { a } from './b.ts'`],
  ['src/session/machine/deep/a.ts', `import { a } from '../b.ts'`],
  ['src/session/machine/deep/a.ts', `import type { A } from '../../../protocol/a.ts'`],
  ['src/session/a.ts', `import { a } from '../protocol/a.ts'`],
  ['src/session/a.ts', `import type { A } from '../hooks/session-hooks.ts'`],
  ['src/session/a.ts', `import type { A } from '../audit/record/record.ts'`],
  ['src/session/ports/a.ts', `import type { A } from '../machine/a.ts'`],
  ['src/session/a.ts', `import { a } from './store/a.ts'`],
  ['src/hooks/a.ts', `import type { A } from '../protocol/a.ts'`],
  ['src/hooks/memory/a.ts', `import { a } from '../../tally/a.ts'`],
  ['src/hooks/file/a.ts', `import { a } from '../../store/a.ts'`],
  ['src/network/a.ts', `import { createLibp2p } from 'libp2p'`],
  ['src/network/a.ts', `import { noise } from '@chainsafe/libp2p-noise'`],
  ['src/network/a.ts', `import { A } from '../session/errors.ts'`],
  ['src/store/a.ts', `import { DatabaseSync } from 'node:sqlite'`],
  ['src/store/a.ts', `import { a } from '../audit/a.ts'`],
  ['src/store/a.ts', `import type { A } from '../session/machine/a.ts'`],
  ['src/store/a.ts', `import type { A } from '../hooks/session-hooks.ts'`],
  ['src/audit/a.ts', `import type { A } from '../protocol/a.ts'`],
  ['src/tally/a.ts', `import { a } from '../protocol/a.ts'`],
  ['src/service/a.ts', `import { a } from '../network/a.ts'`],
  ['src/service/a.ts', `import { a } from '../protocol/a.ts'`],
  ['src/dashboard/a.tsx', `import { Box } from 'ink'`],
  ['src/dashboard/a.tsx', `import type { A } from '../service/feed/event-feed.ts'`],
  ['src/cli/a.ts', `import { a } from '../service/a.ts'`],
  ['src/cli/context.ts', `import { a } from '../store/a.ts'`],
  ['src/commands/token/a.ts', `import { a } from '../../cli/a.ts'`],
  ['src/commands/token/a.ts', `import { Command } from '@oclif/core'`],
  ['src/index.ts', `export { a } from './session/a.ts'`],
  ['src/index.ts', `export { a } from './network/a.ts'`],
  ['test/a.test.ts', `import { a } from '../src/network/a.ts'`],
]

/** Every case in a house of its own, so that one run of the linter judges them all. */
function house(kind: string, index: number, file: string): string {
  return `${kind}-${index}/${file}`
}

describe('import walls', () => {
  let findings: readonly Finding[] = []

  beforeAll(() => {
    const trees = Object.entries({ refused: REFUSED, through: LET_THROUGH })
    findings = lintTree(
      Object.fromEntries(
        trees.flatMap(([kind, cases]) =>
          cases.map(([file, line], index) => [house(kind, index, file), `${line}\n`]),
        ),
      ),
    )
  })

  /** Each word against the line, of the linter or of the table of walls. */
  function against(kind: string, index: number, [file, line]: Case): string[] {
    const path = house(kind, index, file)
    const linted = findings.filter((found) => found.rule === 'plugin' && found.path === path)
    const inner = /^src\/(.*)/.exec(file)?.[1]
    const imports = inner === undefined ? [] : importsOf(inner, line)
    return [
      ...linted.map(({ message }) => message),
      ...imports.flatMap((found) => brokenWall(found, WALLS) ?? []),
    ]
  }

  for (const [index, each] of REFUSED.entries()) {
    test(`${each[0]} is refused: ${each[1]}`, () => {
      expect(against('refused', index, each)).not.toEqual([])
    })
  }

  for (const [index, each] of LET_THROUGH.entries()) {
    test(`${each[0]} may: ${each[1]}`, () => {
      expect(against('through', index, each)).toEqual([])
    })
  }

  test('every room of the house is known to the walls', () => {
    const src = join(import.meta.dirname, '..', '..', 'src')
    const rooms = readdirSync(src, { withFileTypes: true }).map((entry) =>
      entry.isDirectory() ? `${entry.name}/` : entry.name,
    )
    expect(WALLS.map(({ room }) => room)).toEqual(expect.arrayContaining(rooms))
  })

  test('every place that the walls speak of is there', () => {
    const src = join(import.meta.dirname, '..', '..', 'src')
    const places = WALLS.flatMap(({ room, may, types = [], never = [] }) => [
      room,
      ...may,
      ...types,
      ...never,
    ])
    for (const place of places) expect(globSync(place, { cwd: src }), place).not.toEqual([])
  })
})

describe('folders', () => {
  test('that import each other are a circle, over however many others', () => {
    const to = (from: string, target: string) => ({ from, to: target, isType: true })
    const chain = [to('a/1.ts', 'b/1.ts'), to('b/2.ts', 'b/deep/1.ts')]
    expect(folderCircles(chain)).toEqual([])
    expect(folderCircles([...chain, to('b/deep/2.ts', 'a/2.ts')])).toEqual([['a', 'b', 'b/deep']])
  })

  test('are left alone by imports within them', () => {
    expect(folderCircles([{ from: 'a/1.ts', to: 'a/2.ts', isType: false }])).toEqual([])
  })
})
