#!/usr/bin/env node
// Like run.js, but straight from the TypeScript sources: no build, no manifest.
process.umask(0o077)

const { execute, settings } = await import('@oclif/core')
const { default: pjson } = await import('../package.json', { with: { type: 'json' } })

settings.enableAutoTranspile = false
settings.debug = true
// Node reads .ts as it is, .tsx not: the dashboard needs the build.
process.env.TALEUS_PLAIN ??= '1'
const oclif = JSON.parse(JSON.stringify(pjson.oclif).replaceAll('"./dist/', '"./src/'))
const root = new URL('..', import.meta.url).pathname
await execute({
  loadOptions: { root, pjson: { ...pjson, oclif }, ignoreManifest: true, userPlugins: false },
})
