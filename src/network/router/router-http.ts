import { request } from 'node:http'

/** Characters of the longest answer that is read: the description of a router has some 5,000. */
const MAX_ANSWER = 65_536

export interface RouterAnswer {
  readonly status: number
  readonly text: string
}

export interface RouterRequest {
  readonly url: URL
  /** The address of this computer to ask from. */
  readonly own: string
  readonly signal: AbortSignal
  /** A body is posted; without one the page is fetched. */
  readonly post?: { readonly action: string; readonly body: string }
}

/** Asks a router one thing. No redirect is followed. @throws Error if it does not answer, or at too great length */
export async function askRouter({ url, own, signal, post }: RouterRequest): Promise<RouterAnswer> {
  return await new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method: post === undefined ? 'GET' : 'POST',
        localAddress: own,
        agent: false,
        signal,
        headers:
          post === undefined
            ? {}
            : { 'content-type': 'text/xml; charset="utf-8"', soapaction: `"${post.action}"` },
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => {
          text += chunk
          if (text.length > MAX_ANSWER) asked.destroy(new Error('the answer is too long'))
        })
        answer.on('error', reject)
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      },
    )
    asked.on('error', reject)
    asked.end(post?.body)
  })
}

/** The text of the first element of that name, whatever its prefix; undefined if there is none. */
export function elementText(xml: string, name: string): string | undefined {
  // No part of it can match at two places, so that its time grows no faster than the text.
  const element = new RegExp(`<(?:[\\w-]{1,32}:)?${name}(?:\\s[^<>]*)?>([^<]*)<`, 'i')
  return element.exec(xml)?.[1]?.trim().replaceAll('&amp;', '&')
}

/** The contents of all elements of that name, which have no prefix and hold none of the same name. */
export function elements(xml: string, name: string): readonly string[] {
  return xml
    .split(`<${name}>`)
    .slice(1)
    .map((rest) => rest.slice(0, Math.max(0, rest.indexOf(`</${name}>`))))
}
