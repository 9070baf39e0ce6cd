import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../docs/quick-start.ts'

let host: Host
beforeAll(() => {
  host = createHost('dist')
})
afterAll(() => {
  host.remove()
})

describe('the package as it is shipped', () => {
  it('gives a strict host the types that the docs use', async () => {
    expect(await host.compile()).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('runs the quick start of the library page', async () => {
    const { code, stdout, stderr } = await host.run()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Alice: COMPLETED, tally [a-z2-7]{26}$/m)
  })
})
