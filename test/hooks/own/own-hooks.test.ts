import { fileHooksUnderTest } from '../../contract/file-hooks.ts'
import { describeHooks, type OptionalHook } from '../../contract/hooks-contract.ts'
import { ownHooksIn, writeCommand, writeModule } from '../../contract/own-hooks.ts'

const ALL: readonly OptionalHook[] = ['reserve', 'release', 'deprovision', 'status', 'verify']

describeHooks('module', ALL, () =>
  fileHooksUnderTest((usual, directory) => ownHooksIn(directory, usual, writeModule)),
)

/** Each is a process of its own: one bit of most bytes, each time another one. */
const EVERY_BIT = 9

describeHooks(
  'command',
  ALL,
  () => fileHooksUnderTest((usual, directory) => ownHooksIn(directory, usual, writeCommand)),
  EVERY_BIT,
)
