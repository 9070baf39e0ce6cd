import { existsSync } from 'node:fs'
import { chmod, chown, lstat, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkPrivateFile, openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

async function mode(path: string): Promise<number> {
  return (await lstat(path)).mode & 0o777
}

describe('a data directory', () => {
  it('that is not there is made for this user only, and its parents too', async () => {
    const parent = join(await temporaryDirectory(), 'a')
    const directory = openDataDirectory(join(parent, 'b', 'c'))
    expect(await mode(directory.path)).toBe(0o700)
    expect(await mode(parent)).toBe(0o700)
  })

  it('names the places in it', async () => {
    const path = await temporaryDirectory()
    expect(openDataDirectory(path)).toEqual({
      path,
      keyFile: join(path, 'identity.key'),
      certificateFile: join(path, 'node.certificate'),
      storeFile: join(path, 'taleus.db'),
      lockFile: join(path, 'listener.lock'),
      controlSocket: join(path, 'control.sock'),
    })
  })

  it('may be opened again and again', async () => {
    const path = await temporaryDirectory()
    for (const name of ['identity.key', 'taleus.db', 'taleus.db-wal', 'listener.lock']) {
      await writeFile(join(path, name), 'x', { mode: 0o600 })
    }
    expect(openDataDirectory(path)).toEqual(openDataDirectory(path))
  })

  it.each([0o701, 0o750, 0o707, 0o770, 0o777])(
    'of mode %o is refused, with the command that mends it',
    async (loose) => {
      const path = await temporaryDirectory()
      await chmod(path, loose)
      expect(() => openDataDirectory(path)).toThrow(
        expect.objectContaining({ code: 'data_directory', path, fix: `chmod 700 ${path}` }),
      )
    },
  )

  it('of another user is refused', async () => {
    const mine = await temporaryDirectory()
    // Only root can give something away; for everybody else the root directory is another's.
    const root = process.getuid?.() === 0
    if (root) await chown(mine, 12_345, 12_345)
    expect(() => openDataDirectory(root ? mine : '/')).toThrow('belongs to another user')
  })

  it('that is a symbolic link is refused', async () => {
    const parent = await temporaryDirectory()
    await mkdir(join(parent, 'real'), { mode: 0o700 })
    await symlink('real', join(parent, 'link'))
    expect(() => openDataDirectory(join(parent, 'link'))).toThrow('symbolic link')
    await symlink('nowhere', join(parent, 'dangling'))
    expect(() => openDataDirectory(join(parent, 'dangling'))).toThrow('symbolic link')
  })

  it('that is a file, or below a file, is refused', async () => {
    const file = join(await temporaryDirectory(), 'file')
    await writeFile(file, '', { mode: 0o600 })
    expect(() => openDataDirectory(file)).toThrow('is not a directory')
    expect(() => openDataDirectory(join(file, 'below'))).toThrow(
      expect.objectContaining({ code: 'data_directory' }),
    )
  })

  it('that serves something else is not to be closed to others', async () => {
    const path = await temporaryDirectory()
    await writeFile(join(path, 'letter.txt'), '')
    await chmod(path, 0o755)
    const error = expect.objectContaining({ code: 'data_directory', fix: undefined })
    expect(() => openDataDirectory(path)).toThrow(error)
    await writeFile(join(path, 'identity.key'), '', { mode: 0o600 })
    const mendable = expect.objectContaining({ fix: `chmod 700 ${path}` })
    expect(() => openDataDirectory(path)).toThrow(mendable)
  })

  it.runIf(existsSync('/proc/self'))(
    'that can never be made is refused, and not tried for ever',
    () => {
      expect(() => openDataDirectory('/proc/taleus/below')).toThrow(
        expect.objectContaining({ code: 'data_directory' }),
      )
    },
  )

  it.each(['identity.key', 'taleus.db', 'taleus.db-wal', 'taleus.db-shm', 'listener.lock'])(
    'is refused for the file %s that is a link, a directory, or open to others',
    async (name) => {
      const path = await temporaryDirectory()
      const file = join(path, name)
      const refused = (fix: string) =>
        expect.objectContaining({ code: 'data_directory', path: file, fix })
      await symlink('/etc/hostname', file)
      expect(() => openDataDirectory(path)).toThrow(refused(`ls -l ${file}`))
      await rm(file)
      await mkdir(file, { mode: 0o700 })
      expect(() => openDataDirectory(path)).toThrow(refused(`mv ${file} ${file}.old`))
      await rm(file, { recursive: true })
      await writeFile(file, 'x', { mode: 0o640 })
      await chmod(file, 0o640)
      expect(() => openDataDirectory(path)).toThrow(refused(`chmod 600 ${file}`))
    },
  )

  it('quotes an odd name in the command that mends it', async () => {
    const path = join(await temporaryDirectory(), "it's mine; rm -rf")
    await mkdir(path, { mode: 0o755 })
    await chmod(path, 0o755)
    expect(() => openDataDirectory(path)).toThrow(
      expect.objectContaining({ fix: `chmod 700 '${path.replace("'", "'\\''")}'` }),
    )
  })

  it('with a long path is refused if somebody prepared that place for us', async () => {
    const path = join(await temporaryDirectory(), 'y'.repeat(100))
    const place = dirname(openDataDirectory(path).controlSocket)
    onTestFinished(() => rm(place, { recursive: true, force: true }))
    await chmod(place, 0o777)
    expect(() => openDataDirectory(path)).toThrow(expect.objectContaining({ path: place }))
  })
})

describe('a private file', () => {
  it('may be missing', async () => {
    checkPrivateFile(join(await temporaryDirectory(), 'none'))
  })

  it('may be read-only', async () => {
    const path = join(await temporaryDirectory(), 'file')
    await writeFile(path, '', { mode: 0o400 })
    checkPrivateFile(path)
  })
})
