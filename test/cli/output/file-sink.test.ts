import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFileSink } from '../../../src/cli/output/file-sink.ts'
import { pour } from '../../../src/cli/output/text-sink.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

function* failing(): Generator<string> {
  yield 'a'.repeat(100_000)
  throw new RangeError('no more')
}

describe('an answer into a file', () => {
  it('is all there, in order, and for its owner alone', async () => {
    const path = join(await temporaryDirectory(), 'out')
    const pieces = Array.from({ length: 50_000 }, (_, n) => `${n}\n`)
    await pour(pieces, await openFileSink(path))
    expect(await readFile(path, 'utf8')).toBe(pieces.join(''))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('that breaks off leaves nothing', async () => {
    const directory = await temporaryDirectory()
    const sink = await openFileSink(join(directory, 'out'))
    await expect(pour(failing(), sink)).rejects.toThrow(RangeError)
    expect(await readdir(directory)).toEqual([])
  })

  it.each([false, true])(
    'never goes over another, nor through a link (dangling: %s)',
    async (isDangling) => {
      const directory = await temporaryDirectory()
      const [path, link] = [join(directory, 'out'), join(directory, 'link')]
      if (!isDangling) await writeFile(path, 'mine')
      await symlink(path, link)
      for (const each of isDangling ? [link] : [path, link]) {
        await expect(openFileSink(each)).rejects.toMatchObject({ code: 'file_exists' })
      }
      if (!isDangling) expect(await readFile(path, 'utf8')).toBe('mine')
    },
  )

  it('that may replace another does so at its end, and not if it breaks off', async () => {
    const directory = await temporaryDirectory()
    const path = join(directory, 'out')
    await writeFile(path, 'mine')
    await expect(pour(failing(), await openFileSink(path, { force: true }))).rejects.toThrow()
    expect(await readFile(path, 'utf8')).toBe('mine')
    await pour(['new'], await openFileSink(path, { force: true }))
    expect(await readFile(path, 'utf8')).toBe('new')
    expect(await readdir(directory)).toEqual(['out'])
  })

  it('where there can be none is named', async () => {
    const directory = await temporaryDirectory()
    const path = join(directory, 'none', 'out')
    await expect(openFileSink(path)).rejects.toMatchObject({ code: 'output_file', path })
    const taken = join(directory, 'taken')
    await mkdir(taken)
    const sink = await openFileSink(taken, { force: true })
    await expect(pour(['x'], sink)).rejects.toMatchObject({ code: 'output_file' })
    expect(await readdir(directory)).toEqual(['taken'])
  })
})
