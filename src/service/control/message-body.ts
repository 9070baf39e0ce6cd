import type { IncomingMessage } from 'node:http'
import { parseUniqueJson } from '../../protocol/json/unique-json.ts'
import { ControlError } from '../errors.ts'
import { MAX_CONTROL_TEXT } from './control-protocol.ts'

/**
 * Reads the whole body of a request or an answer.
 * @returns its JSON; undefined for what is none, or has a name twice, which no schema takes
 * @throws ControlError if it is too long; the stream's error if it breaks off
 */
export async function jsonBody(message: IncomingMessage): Promise<unknown> {
  const text = await textBody(message)
  try {
    return parseUniqueJson(text)
  } catch {
    return undefined
  }
}

/** Reads it as text. @throws as `jsonBody` */
export async function textBody(message: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of message.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > MAX_CONTROL_TEXT) throw new ControlError('answers too much')
  }
  return text
}
