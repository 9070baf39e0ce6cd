import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../docs/quick-start.ts'

let tarball: `/${string}`
let packed: string
beforeAll(() => {
  packed = mkdtempSync(join(tmpdir(), 'taleus-packed-'))
  // What is built is there already.
  const options = ['--ignore-scripts', '--silent', '--pack-destination', packed]
  const root = join(import.meta.dirname, '..', '..', '..')
  const name = execFileSync('npm', ['pack', ...options], { cwd: root, encoding: 'utf8' }).trim()
  tarball = `/${join(packed, name).slice(1)}`
})
afterAll(() => {
  rmSync(packed, { recursive: true, force: true })
})

describe.each([
  ['the packed tarball', 'quick-start.ts', () => createHost(tarball)],
  ['the packed tarball beside another libp2p', 'own-node.ts', () => createHost(tarball, 'own')],
  ['a link to the checkout beside another libp2p', 'own-node.ts', () => createHost('dist', 'own')],
] as const)('%s', (_name, program, create) => {
  let host: Host
  beforeAll(() => {
    host = create()
  })
  afterAll(() => {
    host.remove()
  })

  it('gives a strict host the types that the docs use', async () => {
    expect(await host.compile()).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it(`runs ${program} to its end`, async () => {
    const { code, stdout, stderr } = await host.run(program)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Alice: COMPLETED, tally [a-z2-7]{26}$/m)
  })
})
