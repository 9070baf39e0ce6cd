#!/usr/bin/env node
// Like run.js, but straight from the TypeScript sources: no build, no manifest.
process.umask(0o077)

const { execute, settings } = await import('@oclif/core')
const { default: pjson } = await import('../package.json', { with: { type: 'json' } })

settings.enableAutoTranspile = false
settings.debug = true
const commands = { ...pjson.oclif.commands, target: './src/commands' }
await execute({
  dir: import.meta.url,
  loadOptions: { pjson: { ...pjson, oclif: { ...pjson.oclif, commands } }, ignoreManifest: true },
})
