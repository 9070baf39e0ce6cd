import { expect, test } from 'vitest'
import { canMakeMachines, followPage } from '../support/machine/follow-page.ts'

test.skipIf(!canMakeMachines)(
  'the service page leads from a fresh clone and the registry to a service',
  async () => {
    const { stdout } = await followPage('docs/service.md', { isOffline: false })
    expect(stdout).toMatch(/^taleus:[a-z2-7]+$/m)
  },
)
