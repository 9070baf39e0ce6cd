import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import {
  MESSAGE_SCHEMAS,
  PROVISIONING_SCHEMAS,
} from '../../src/protocol/message/message-schemas.ts'
import { code, markdownTable } from '../docs/markdown-table.ts'
import { docsOf } from '../docs/source-docs.ts'

const MESSAGES = join(import.meta.dirname, '..', '..', 'src', 'protocol', 'message', 'messages.ts')

/** Each message with its fields, from the schemas and the comments on the types. */
export function generate(): string {
  const docs = docsOf(readFileSync(MESSAGES, 'utf8'))
  const { Inspect, Offer, InboundContact, ...rest } = MESSAGE_SCHEMAS
  const { approval: Approval, refusal: Refusal } = PROVISIONING_SCHEMAS
  const schemas = { Inspect, Offer, InboundContact, Approval, Refusal, ...rest }
  const rows = Object.entries(schemas).map(([name, schema]) => [
    name === 'Approval' || name === 'Refusal' ? `ProvisioningResult: ${name}` : name,
    docs.get(name) ?? docs.get(`${name}Message`) ?? '',
    fieldsOf(schema).join(', '),
  ])
  return markdownTable(['message', 'what it is', 'fields'], rows)
}

function fieldsOf(schema: z.ZodType): string[] {
  if (!(schema instanceof z.ZodObject)) throw new TypeError('a message is an object')
  const fields: readonly (readonly [string, unknown])[] = Object.entries(schema.shape)
  return fields
    .filter(([name]) => name !== 'type')
    .map(([name, field]) => code(name + (isOptional(field) ? '?' : '')))
}

function isOptional(field: unknown): boolean {
  return field instanceof z.ZodType && field.type.startsWith('optional')
}
