import { expect, it } from 'vitest'
import { MemoryDatabases } from '../../../src/hooks/memory/memory-databases.ts'
import { hookNames, isOwnHooks, ownHooksProblem } from '../../../src/hooks/own/check-own-hooks.ts'

const work = async () => undefined

it.each([
  [{ identity: { validate: work } }],
  [{ token: { markUsed: work, mustBeTold: false } }],
  [{ database: { verify: work }, close: work }],
  [{ database: { provision: work, deprovision: work, leavesNoTrace: true } }],
  [{ database: new MemoryDatabases() }],
  [{ audit: { logSession: work }, token: undefined }],
])('%o are hooks', (hooks) => {
  expect(ownHooksProblem(hooks)).toBeUndefined()
  expect(isOwnHooks(hooks)).toBe(true)
})

it.each([
  [undefined, 'must be an object of hooks, not nothing'],
  [null, 'not null'],
  [[], 'not a list'],
  ['token', 'not a string'],
  [{}, 'brings no hook: token, identity, database, audit are possible'],
  [{ close: work }, 'brings no hook'],
  [{ tokens: {} }, 'has `tokens`, which is no hook: token, identity, database, audit, close'],
  [{ identity: work }, '`identity` must be an object, not a function'],
  [{ identity: {} }, '`identity` brings nothing: validate'],
  [{ identity: { validate: true } }, '`identity.validate` must be a function, not a boolean'],
  [{ token: { validat: work } }, 'has `token.validat`, which is no hook: token.validate'],
  [{ token: { validate: work, mustBeTold: 'no' } }, '`token.mustBeTold` must be a boolean'],
  [{ audit: { logSession: work }, close: 7 }, '`close` must be a function, not a number'],
  [
    { database: { deprovision: work } },
    '`database.deprovision` is about what `database.provision`',
  ],
  [{ database: { verify: work, status: work } }, '`database.status` is about what'],
])('%o are none, and what is wrong is named', (value, words) => {
  expect(ownHooksProblem(value)).toContain(words)
})

it('the hooks that are brought are named, also those of a class', () => {
  const names = hookNames({ token: { markUsed: work }, database: new MemoryDatabases() })
  expect(names).toEqual([
    'token.markUsed',
    'database.provision',
    'database.deprovision',
    'database.status',
    'database.verify',
  ])
})
