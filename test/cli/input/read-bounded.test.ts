import { spawn, spawnSync } from 'node:child_process'
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readBounded, readFileBounded, readLines } from '../../../src/cli/input/read-bounded.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

async function fileOf(content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryDirectory(), 'file')
  writeFileSync(path, content)
  return path
}

async function pipe(): Promise<string> {
  const path = join(await temporaryDirectory(), 'pipe')
  expect(spawnSync('mkfifo', [path]).status).toBe(0)
  return path
}

async function linesIn(path: string, bounds = { maxLine: 10, maxBytes: 100 }) {
  const lines: string[] = []
  for await (const line of readLines(path, bounds)) lines.push(line)
  return lines
}

describe('a file that is read', () => {
  it('is taken up to its bound, and not a byte more', async () => {
    const path = await fileOf('12345678')
    expect(String(await readFileBounded(path, 8))).toBe('12345678')
    await expect(readFileBounded(path, 7)).rejects.toMatchObject({ code: 'usage' })
  })

  it('that is none is told as what it is', async () => {
    const directory = await temporaryDirectory()
    await expect(readFileBounded(directory, 8)).rejects.toThrow('is a directory')
    await expect(readFileBounded(join(directory, 'x'), 8)).rejects.toThrow('there is no such file')
    await expect(readFileBounded('/dev/zero', 8)).rejects.toThrow('is larger than')
  })

  it('that is a pipe is read to its end, whenever its writer comes', async () => {
    const path = await pipe()
    const read = readFileBounded(path, 100)
    const writer = spawn('sh', ['-c', 'sleep 0.2; printf "first "; sleep 0.1; printf second'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    writer.stdout.pipe(createWriteStream(path))
    expect(String(await read)).toBe('first second')
  })

  it('that is a pipe without a writer, or with one that says nothing more, is not waited for without end', async () => {
    await expect(readFileBounded(await pipe(), 100, 50)).rejects.toThrow('does not come to an end')
    const silent = new PassThrough()
    silent.write('first')
    await expect(readBounded(silent, 'standard input', 100, 50)).rejects.toThrow(
      'standard input does not come to an end within 0.05 s',
    )
  })
})

describe('lines of a file', () => {
  it('are those between line ends of either kind', async () => {
    expect(await linesIn(await fileOf('one\r\ntwo\n\nfour'))).toEqual(['one', 'two', '', 'four'])
    expect(await linesIn(await fileOf('ä'.repeat(5)))).toEqual(['äääää'])
  })

  it('are bounded, each and together', async () => {
    await expect(linesIn(await fileOf('12345678901'))).rejects.toThrow('a line that is too long')
    await expect(linesIn(await fileOf('1\n'.repeat(51)))).rejects.toThrow('is larger than')
  })
})
