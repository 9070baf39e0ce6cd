/** The part of oclif that starts a program, out of the same bundle as the commands: `bin/run.js` has nothing else to load. */
export { execute, settings } from '@oclif/core'
