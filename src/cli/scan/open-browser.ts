import { spawn } from 'node:child_process'

/** The programs that show an address in the user's browser. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  linux: ['xdg-open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/**
 * Shows an address in the user's browser.
 * @returns false if there is no screen to show it on, or no such program
 */
export async function openBrowser(
  address: string,
  { platform, env }: Pick<NodeJS.Process, 'platform' | 'env'>,
): Promise<boolean> {
  const [program, ...words] = OPENERS[platform] ?? []
  const hasScreen = platform !== 'linux' || (env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? '') !== ''
  if (program === undefined || !hasScreen) return false
  const child = spawn(program, [...words, address], { detached: true, env, stdio: 'ignore' })
  child.unref()
  return await new Promise((resolve) => {
    child.once('spawn', () => resolve(true))
    child.once('error', () => resolve(false))
  })
}
