// Preloaded into a process under test: while the file named by STAND exists, its disk takes commits and does not answer.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const { fdatasync } = fs
fs.fdatasync = (handle, done) => {
  const look = () => {
    if (fs.existsSync(process.env.STAND)) setTimeout(look, 50)
    else fdatasync(handle, done)
  }
  look()
}
syncBuiltinESMExports()
