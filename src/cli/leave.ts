/**
 * How long the process may live on by itself after its work, ms. All that is ours is stored and closed by then; a
 * timer inside a library may go on for a second, and a hook that hangs for ever.
 */
const LEAVE_MS = 50

/**
 * Lets the process end although a thread of it waits for a disk that does not answer: Node's own end would wait for that
 * thread. Ends it soon, with the exit code that it is to have.
 */
export function leaveWithoutDisk(): void {
  process.once('exit', (code) => {
    process.execve?.('/bin/sh', ['sh', '-c', `exit ${code}`])
    process.kill(process.pid, 'SIGKILL')
  })
  leaveSoon()
}

/** Ends the process soon, also if something still holds it. For when all work is done. */
export function leaveSoon(): void {
  setTimeout(() => process.exit(), LEAVE_MS).unref()
}
