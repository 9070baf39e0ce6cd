import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

/** Bytes of chance in a password: as many as in the hash that it is checked by. */
const PASSWORD_BYTES = 32

/** The server's own default. With a password of 256 random bits there is nothing to make slow. */
const ITERATIONS = 4_096

const SALT_BYTES = 16

const derive = promisify(pbkdf2)

/** Makes a password: 43 characters of base64url, 256 bits. */
export function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('base64url')
}

/**
 * Returns the form in which the server keeps a password (RFC 5803, as PostgreSQL writes it): the password itself is in no
 * statement, so it is in no log of the server either.
 */
export async function scramVerifier(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const salted = await derive(password, salt, ITERATIONS, 32, 'sha256')
  const storedKey = createHash('sha256').update(keyed(salted, 'Client Key')).digest('base64')
  const serverKey = keyed(salted, 'Server Key').toString('base64')
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}

function keyed(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
