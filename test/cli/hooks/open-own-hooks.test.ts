import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openOwnHooks } from '../../../src/cli/hooks/open-own-hooks.ts'
import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import { HookCommandRefusedError, HookTwiceError } from '../../../src/hooks/own/errors.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

async function openedOf({ module, command }: { module?: string; command?: string }) {
  const dataDirectory = await temporaryDirectory()
  const paths = {
    module: join(dataDirectory, 'hooks.mjs'),
    command: join(dataDirectory, 'hooks.sh'),
  }
  if (module !== undefined) writeFileSync(paths.module, module)
  if (command !== undefined) {
    writeFileSync(paths.command, `#!/bin/sh\n${command}`)
    chmodSync(paths.command, 0o755)
  }
  return await openOwnHooks({
    ...(module === undefined ? {} : { module: paths.module }),
    ...(command === undefined ? {} : { command: [paths.command] }),
    dataDirectory,
    environment: { PATH: process.env['PATH'], SECRET: 'of ours' },
    usual: createMemoryHooks(),
  })
}

const IDENTITY = 'export default { identity: { validate: async () => true } }'

it('a module and a command bring different hooks together', async () => {
  const command = `echo '{"v":1,"answer":["token.markUsed"]}'`
  const { own } = await openedOf({ module: IDENTITY, command })
  expect(own).toMatchObject({
    identity: { validate: expect.any(Function) },
    token: { markUsed: expect.any(Function) },
  })
})

it('the same hook from both is refused by its name', async () => {
  const command = `echo '{"v":1,"answer":["identity.validate"]}'`
  const opened = openedOf({ module: IDENTITY, command })
  await expect(opened).rejects.toThrow(HookTwiceError)
  await expect(opened).rejects.toThrow('`identity.validate`')
})

it.each([
  ['exit 4', 'exit code 4'],
  ['echo nonsense', 'no JSON'],
  [':', 'it answered nothing'],
  [`echo '{"v":2,"answer":[]}'`, 'its answer must be'],
  [`echo '{"v":1,"answer":["token.validat"]}'`, 'with some of: token.validate'],
  [`echo '{"v":1,"answer":["database.deprovision"]}'`, '`database.deprovision` is about what'],
  [`echo '{"v":1,"error":"out of order"}'`, 'out of order'],
])('a command that does `%s` is refused at the start', async (command, words) => {
  const opened = openedOf({ command })
  await expect(opened).rejects.toThrow(HookCommandRefusedError)
  await expect(opened).rejects.toThrow(words)
})

it('hooks hear that the process ends, once, and one that hangs or throws holds nobody up', async () => {
  const noting = (close: string) => `
    globalThis.ownHooksClosed = []
    export default ({ signal }) => ({
      identity: { validate: async () => true },
      async close() { globalThis.ownHooksClosed.push(signal.aborted); ${close} },
    })`
  for (const close of ['', 'throw new Error("late")']) {
    const opened = await openedOf({ module: noting(close) })
    await Promise.all([opened.close(), opened.close()])
    expect(Reflect.get(globalThis, 'ownHooksClosed')).toEqual([true])
  }
  Reflect.deleteProperty(globalThis, 'ownHooksClosed')
})

it('a database without a way to remove it is told of', async () => {
  const module = 'export default { database: { provision: async () => undefined } }'
  const { notes } = await openedOf({ module })
  const heard: string[] = []
  notes.onSaid((note) => heard.push(note))
  expect(heard).toEqual([expect.stringContaining('database.deprovision')])
})
