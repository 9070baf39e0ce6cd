import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'

/** Runs in a process of its own: this one has loaded Automerge for other tests. */
function modulesLoaded(statement: string): string {
  const script = `
    globalThis.fetch = () => { throw new Error('fetched') }
    const library = await import('./src/tally/document.ts')
    ${statement}
    const { createRequire } = await import('node:module')
    const loaded = Object.keys(createRequire('${import.meta.url}').cache)
    process.stdout.write(String(loaded.some((file) => file.includes('automerge'))))
  `
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
}

it('Automerge is loaded at first use, in plain Node, without fetching anything', () => {
  expect(modulesLoaded('')).toBe('false')
  expect(modulesLoaded(`library.deriveDocument('t', '{}')`)).toBe('true')
})
