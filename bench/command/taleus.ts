import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import * as z from 'zod'
import { type Program, startProgram } from '../process/program.ts'

/** The program, after `npm run build`. */
export const TALEUS = join(import.meta.dirname, '../../bin/run.js')

export const LOOPBACK = '/ip4/127.0.0.1/tcp/0'

/** Runs a command with `--json`. @returns what it says, whether it ended well or not */
export function jsonOf(directory: string, ...words: readonly string[]): unknown {
  const args = [TALEUS, ...words, '--json', '--data-dir', directory]
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return JSON.parse(stdout)
}

/** Makes a standing invitation. Returns its link. */
export function standingLink(directory: string, role: 'stock' | 'foil'): string {
  const words = ['token', 'create', '--role', role, '--unlimited', '--no-qr']
  return z.object({ link: z.string() }).parse(jsonOf(directory, ...words)).link
}

const readySchema = z.object({ type: z.literal('ready'), addresses: z.array(z.string()) })

/** A real `taleus listen --json`. */
export interface Listening extends Program {
  readonly addresses: readonly string[]
}

/** Starts a listener and waits until it is ready. @param taleus the program, of this checkout or another */
export async function listen(
  directory: string,
  words: readonly string[] = ['--listen', LOOPBACK],
  env: NodeJS.ProcessEnv = {},
  taleus = TALEUS,
): Promise<Listening> {
  const args = [taleus, 'listen', '--json', '--data-dir', directory, ...words]
  const program = await startProgram(args, env)
  return { ...program, addresses: readySchema.parse(JSON.parse(program.first)).addresses }
}
