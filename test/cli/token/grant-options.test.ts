import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseGrantFlags, parseLifetime } from '../../../src/cli/token/grant-options.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

async function termsFile(content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryDirectory(), 'terms')
  await writeFile(path, content)
  return path
}

describe('what an invitation shall grant', () => {
  it('is only what was said', async () => {
    expect(await parseGrantFlags({})).toEqual({})
    expect(
      await parseGrantFlags({
        role: 'foil',
        uses: 3,
        label: ' bike ',
        require: 'name, email,name',
        optional: 'phone',
      }),
    ).toEqual({
      role: 'foil',
      uses: 3,
      label: 'bike',
      required: ['name', 'email'],
      optional: ['phone'],
    })
  })

  it('is unlimited only if no number is named', async () => {
    expect(await parseGrantFlags({ unlimited: true })).toEqual({ uses: null })
    await expect(parseGrantFlags({ unlimited: true, uses: 2 })).rejects.toMatchObject({
      code: 'usage',
    })
  })

  it.each([
    { role: 'owner' },
    { require: 'Name' },
    { require: 'name email' },
    { optional: 'Phone' },
    { optional: 'toString' },
    { require: 'toString' },
    { require: '__proto__' },
    { require: Array.from({ length: 17 }, (_, at) => `field${at}`).join(',') },
    { label: 'two\nlines' },
    { label: 'x'.repeat(121) },
    { expires: 'soon' },
    { expires: '0s' },
    { expires: '400d' },
  ])('can not be %j', async (flags) => {
    await expect(parseGrantFlags(flags)).rejects.toMatchObject({ code: 'usage' })
  })

  it.each(['constructor', 'prototype'])('can not require a field called %s', async (name) => {
    await expect(parseGrantFlags({ require: `email,${name}` })).rejects.toMatchObject({
      code: 'usage',
      message: `--require: a field can’t be called ${name}: choose another name, like company`,
    })
  })

  it('takes its length of life in the units that people use', () => {
    expect(parseLifetime('1d')).toBe(86_400_000)
    expect(parseLifetime('1h30m')).toBe(5_400_000)
  })
})

describe('terms', () => {
  it.each([
    ['{"b": 1, "a": [true, null]}', { b: 1, a: [true, null] }],
    ['"quoted"', 'quoted'],
    ['42', 42],
    ['Lunch, Tuesday.\nYou pay.\n', 'Lunch, Tuesday.\nYou pay.'],
  ])('%j are read as what they are', async (content, terms) => {
    expect(await parseGrantFlags({ terms: await termsFile(content) })).toEqual({ terms })
  })

  it.each([
    ['', 'empty'],
    ['{"a": 1', 'not valid JSON'],
    ['{"a": 1, "a": 2}', 'two members of the same name'],
    ['{"__proto__": 1}', 'not allowed'],
    ['[1e400]', 'out of range'],
    [`${'['.repeat(40)}${']'.repeat(40)}`, 'nested too deep'],
    [JSON.stringify('x'.repeat(8_192)), 'more than 8192 bytes'],
    [`[${'1,'.repeat(3_000)}1]`, 'too many values'],
    [Uint8Array.of(0xff, 0xfe), 'not UTF-8'],
    ['x'.repeat(70_000), 'larger than'],
  ])('%j are refused with the reason', async (content, reason) => {
    const path = await termsFile(content)
    await expect(parseGrantFlags({ terms: path })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(reason),
    })
  })

  it('that are not there, or are a directory, are named', async () => {
    const directory = join(await temporaryDirectory(), 'd')
    await mkdir(directory)
    for (const terms of [directory, join(directory, 'none')]) {
      await expect(parseGrantFlags({ terms })).rejects.toThrow(terms)
    }
  })
})
