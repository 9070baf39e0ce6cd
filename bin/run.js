#!/usr/bin/env node
// Must parse on any Node, to be able to say that it is too old: nothing is imported before the check.
process.umask(0o077)
// A link among the arguments is a secret: from here on the process list shows the command's name alone.
process.title = ['taleus']
  .concat(process.argv.slice(2, 3).filter((word) => /^[a-z]+$/.test(word)))
  .join(' ')

// DEBUG is for what we print ourselves. The packages below us would print the arguments, and a link is one.
if (process.env.DEBUG) {
  const ours = process.env.DEBUG.split(/[\s,]+/).filter((name) => /^(?:\*$|taleus)/.test(name))
  if (ours.length === 0) delete process.env.DEBUG
  else process.env.DEBUG = ours.map((name) => (name === '*' ? 'taleus*' : name)).join(',')
}

// Stacks are printed for DEBUG alone. To gather them for the errors that Node and libp2p throw and catch in each handshake
// takes some 5 % of a listener's time.
if (!process.env.DEBUG) Error.stackTraceLimit = 0

if (Number.parseInt(process.version.slice(1), 10) < 24) {
  console.error(
    `taleus needs Node 24 or newer, this is ${process.version}. Install Node 24, or use "npx taleus" in a checkout after "npm ci", which brings its own.`,
  )
  process.exitCode = 1
} else {
  void import('../dist/cli/oclif.js').then(
    ({ execute, settings }) => {
      // NODE_ENV=test or development must not send oclif looking for sources.
      settings.enableAutoTranspile = false
      // A tool that holds keys runs no code that lies in its data directory.
      return execute({ dir: import.meta.url, loadOptions: { userPlugins: false } })
    },
    (error) => {
      // A checkout that was never built, or not to the end. Of a package that is missing Node itself tells best.
      if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/\/dist\//.test(error.url)) throw error
      console.error(
        'taleus is not built here. Run "npm run build" in its checkout, then try again.',
      )
      process.exitCode = 1
    },
  )
}
