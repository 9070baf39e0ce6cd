import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createHost, type Host } from './quick-start.ts'

let host: Host
beforeAll(() => {
  host = createHost('src')
})
afterAll(() => {
  host.remove()
})

describe('beside another copy of libp2p, a host', () => {
  let other: Host
  beforeAll(() => {
    other = createHost('src', 'own')
  })
  afterAll(() => {
    other.remove()
  })

  it.each(['own-node.ts', 'quick-start.ts'] as const)('runs %s to its end', async (program) => {
    const { code, stdout, stderr } = await other.run(program)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Alice: COMPLETED, tally [a-z2-7]{26}$/m)
  })
})

it('beside another version of libp2p a host compiles, too, and runs', async () => {
  const other = createHost('src', 'other')
  onTestFinished(() => other.remove())
  expect(await other.compile()).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await other.run('own-node.ts')).toMatchObject({ code: 0, stderr: '' })
})

describe('the examples in the docs', () => {
  it('compile in a program of somebody else’s', async () => {
    expect(await host.compile()).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('the quick start runs to its end, and both sides name the same tally', async () => {
    const { code, stdout, stderr } = await host.run()
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const tallyId = /^Alice: COMPLETED, tally ([a-z2-7]{26})$/m.exec(stdout)?.[1]
    expect(tallyId).toBeDefined()
    expect(stdout).toContain(`Bob: tally ${tallyId}, holds the foil`)
    const draft: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    expect(draft).toMatchObject({
      tallyId,
      createdBy: 'stock',
      stock: { identity: { name: 'Alice' } },
      foil: { identity: { name: 'Bob' } },
      terms: { note: 'lunch on Tuesday' },
    })
  })

  it('the program with hooks of one’s own runs to its end, and its database is the tally’s', async () => {
    const { code, stdout, stderr } = await host.run('own-hooks.ts')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const tallyId = /^building (\S+) for /m.exec(stdout)?.[1]
    expect(stdout).toContain(`inviter: COMPLETED, ${tallyId}\n`)
    expect(stdout).toContain(`invitee: ${tallyId}\n`)
    expect(stdout).toMatch(/^[a-z2-7]{16} is used by /m)
  })
})
