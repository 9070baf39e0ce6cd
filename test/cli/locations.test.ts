import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { locationsOf } from '../../src/cli/locations.ts'

const ENV = { HOME: '/home/alice' }

describe('where data and settings are kept', () => {
  it('below the home directory, if nothing is named', () => {
    expect(locationsOf(undefined, ENV)).toEqual({
      dataDirectory: '/home/alice/.local/share/taleus',
      settingsDirectory: '/home/alice/.config/taleus',
    })
  })

  it('where XDG says, if that is an absolute path', () => {
    const env = { ...ENV, XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: '/etc/alice' }
    expect(locationsOf(undefined, env)).toEqual({
      dataDirectory: '/data/taleus',
      settingsDirectory: '/etc/alice/taleus',
    })
  })

  it.each(['rel', './rel', '~/rel', ''])('as if XDG said nothing, if it says %j', (path) => {
    const env = { ...ENV, XDG_DATA_HOME: path, XDG_CONFIG_HOME: path }
    expect(locationsOf(undefined, env)).toEqual(locationsOf(undefined, ENV))
  })

  it.each(['', 'home', undefined])('in the registered home if HOME is %j', (HOME) => {
    const { dataDirectory } = locationsOf(undefined, { HOME })
    expect(dataDirectory).toBe(`${userInfo().homedir}/.local/share/taleus`)
  })

  it('both in the directory that is named', () => {
    const directory = resolve('alice')
    expect(locationsOf('alice', ENV)).toEqual({
      dataDirectory: directory,
      settingsDirectory: directory,
    })
  })
})
