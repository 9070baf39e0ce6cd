// The page's side of what is said between it and the command; the other is src/cli/scan/scan-server.ts.

const GONE = 'The command in the terminal has ended. You can close this page.'

/** Sends a text to the command. @returns undefined if it was taken, else the reason in words */
export async function handOver(text: string): Promise<string | undefined> {
  try {
    const answer = await fetch('link', { method: 'POST', body: text })
    return answer.ok ? undefined : await answer.text()
  } catch {
    return GONE
  }
}

/** Resolves when the command wants nothing more of this page, with the reason in words. */
export async function endOfCommand(): Promise<string> {
  try {
    const answer = await fetch('tab')
    const said = (await answer.text()).trim()
    return said === '' ? GONE : said
  } catch {
    return GONE
  }
}
