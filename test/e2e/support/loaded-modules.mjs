// Preloaded into a process under test: at its end, writes into the file named by LOADED which modules it has loaded, and its umask.
import { writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

const files = []
registerHooks({
  load(url, context, next) {
    files.push(url)
    return next(url, context)
  },
})
process.on('exit', () => {
  const ofNode = process.moduleLoadList.map((name) => name.replace('NativeModule ', ''))
  writeFileSync(process.env.LOADED, JSON.stringify({ files, ofNode, umask: process.umask() }))
})
